package dev.faultline.property.expression;

import dev.faultline.property.expression.Condition.Stage;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.world.Parties;
import dev.faultline.world.WorldSetup;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads expressions by recursive descent; {@link PagesParser} reads what is said of pages. */
final class Parser {

  private final Tokens tokens;
  private final Names names;
  private final Nesting nesting = new Nesting();
  private final PagesParser pages;

  private Parser(String text, WorldSetup setup) {
    this.tokens = new Tokens(text);
    this.names = new Names(setup);
    this.pages = new PagesParser(tokens, names, nesting);
  }

  /**
   * What a text means.
   *
   * @throws Wrong if it means nothing
   */
  static Condition parse(String text, WorldSetup setup) {
    Parser parser = new Parser(text, setup);
    Condition condition = parser.either();
    if (parser.tokens.peek().kind() != Token.Kind.END) {
      throw parser.tokens.unexpected("and, or, or the end", List.of("and", "or"), true);
    }
    return condition;
  }

  // Logic.

  private Condition either() {
    Condition condition = both();
    while (tokens.take("or")) {
      condition = new Condition.Or(condition, both());
    }
    return condition;
  }

  private Condition both() {
    Condition condition = negation();
    while (tokens.take("and")) {
      condition = new Condition.And(condition, negation());
    }
    return condition;
  }

  private Condition negation() {
    if (tokens.take("not")) {
      return nesting.in(tokens, () -> new Condition.Not(negation()));
    }
    if (tokens.take("(")) {
      Condition inner = nesting.in(tokens, this::either);
      tokens.expect(")");
      return inner;
    }
    return statement();
  }

  // Statements, by what they are about.

  private Condition statement() {
    Token first = tokens.peek();
    if (first.kind() != Token.Kind.WORD) {
      throw tokens.unexpected("a page, a line, a party, a lock or an operation", List.of());
    }
    if (pages.isNext()) {
      return pages.read();
    }
    if (isArticle(first)) {
      tokens.next();
      return tokens.sees("call")
          ? call()
          : operation(Names.operations(tokens.name("an operation")));
    }
    if (isPrefix(first, "line")) {
      tokens.next();
      return line(names.line(tokens.name("a line")));
    }
    if (isPrefix(first, "party")) {
      tokens.next();
      return party(names.party(tokens.name("a party")));
    }
    if (isPrefix(first, "lock")) {
      tokens.next();
      return lock(Names.lock(tokens.name("a lock")));
    }
    return named(tokens.next());
  }

  /** A line or a party may be called a; then its name is followed by no operation. */
  private boolean isArticle(Token word) {
    String after = tokens.peek(1).text();
    return (word.is("a") || word.is("an"))
        && (after.equals("call")
            || Operations.WORDS.containsKey(after)
            || names.findLine(word.text()).isEmpty() && names.findParty(word.text()).isEmpty());
  }

  /** A line may be called line; then a comparison or a verb follows, and no name. */
  private boolean isPrefix(Token word, String prefix) {
    Token after = tokens.peek(1);
    return word.is(prefix)
        && after.kind() == Token.Kind.WORD
        && (names.findLine(after.text()).isPresent()
            || names.findParty(after.text()).isPresent()
            || Names.findLock(after.text()).isPresent()
            || names.findLine(prefix).isEmpty() && names.findParty(prefix).isEmpty());
  }

  private Condition named(Token name) {
    Optional<LineRef> line = names.findLine(name.text());
    if (line.isPresent()) {
      return line(line.get());
    }
    Optional<PartyId> party = names.findParty(name.text());
    if (party.isPresent()) {
      return party(party.get());
    }
    Optional<Lock> lock = Names.findLock(name.text());
    if (lock.isPresent()) {
      return lock(lock.get());
    }
    if (Operations.WORDS.containsKey(name.text())) {
      return operation(Names.operations(name));
    }
    throw Tokens.unknown(
        name,
        "\"" + name.text() + "\" is no page, line, party, lock or operation",
        names.subjects());
  }

  private Condition line(LineRef line) {
    if (tokens.take("ended")) {
      return new Condition.LineIs(line, Stage.ENDED);
    }
    if (tokens.take("started")) {
      return new Condition.LineIs(line, Stage.STARTED);
    }
    if (tokens.take("is")) {
      return negated(
          () -> {
            tokens.expect("under");
            tokens.expect("way");
            return new Condition.LineIs(line, Stage.UNDER_WAY);
          });
    }
    if (tokens.take("was")) {
      return negated(
          () -> {
            tokens.expect("refused");
            return new Condition.LineEnded(
                line, new Ending.Refused(errnoAfterWith(), page()), false);
          });
    }
    Optional<Comparison> comparison = Comparison.of(tokens.peek());
    if (comparison.isEmpty()) {
      throw tokens.unexpected(
          "= and how " + line.name() + " ended, or ended, started, is under way, was refused",
          List.of("ended", "started", "is", "was"),
          true);
    }
    Token sign = tokens.next();
    if (tokens.peek().kind() == Token.Kind.NUMBER) {
      return new Condition.LineRead(
          line, comparison.get(), (int) Numbers.next(tokens, "a byte, 0..255", 255));
    }
    boolean otherwise = comparison.get() == Comparison.OTHER;
    if (!otherwise && comparison.get() != Comparison.EQUAL) {
      throw tokens.unexpected("a byte, 0..255, after " + sign.text(), List.of());
    }
    return new Condition.LineEnded(line, ending(), otherwise);
  }

  /** How a line ended: ok, SIGBUS, EAGAIN at page 512. */
  private Ending ending() {
    Optional<Ending> ending = Ending.of(tokens.peek().text());
    if (ending.isEmpty()) {
      throw tokens.unexpected("how a line ends", Ending.words());
    }
    tokens.next();
    return ending.get() instanceof Ending.Refused(Optional<Errno> errno, var _)
        ? new Ending.Refused(errno, page())
        : ending.get();
  }

  /** "at page 512". */
  private Optional<Long> page() {
    if (!tokens.take("at")) {
      return Optional.empty();
    }
    tokens.expect("page");
    return Optional.of(new Addresses(tokens, names.setup().pageCount()).page().start());
  }

  private Condition party(PartyId party) {
    if (tokens.take("is")) {
      return negated(() -> dead(party));
    }
    if (tokens.sees("refused", "refuses")) {
      return refusal(Optional.of(party));
    }
    if (tokens.take("holds")) {
      Token word = tokens.name("a lock");
      Lock lock = Names.lock(word);
      PartyKind holder = lock.site() == Site.KVM ? PartyKind.KVM : PartyKind.GMEM;
      if (party.kind() != holder) {
        throw Tokens.senseless(
            word,
            "the "
                + lock.word()
                + " lock is held in "
                + (holder == PartyKind.KVM ? Parties.KVM : Parties.GMEM)
                + ", not in "
                + party);
      }
      return new Condition.Held(lock, Optional.of(party), mode(lock), Optional.empty());
    }
    Token verb = tokens.peek();
    if (tokens.take("ended")) {
      if (!names.hasScript(party)) {
        throw Tokens.senseless(verb, party + " has no script that could end");
      }
      return new Condition.ScriptEnded(party);
    }
    throw tokens.unexpectedWord("is", "holds", "refused", "refuses", "ended");
  }

  private Condition dead(PartyId party) {
    Token word = tokens.peek();
    if (!tokens.take("dead") && !tokens.take("stopped")) {
      throw tokens.unexpectedWord("dead", "stopped");
    }
    boolean fits =
        switch (party.kind()) {
          case GUEST -> word.is("stopped");
          case VMM, KVM, HOST_IO -> word.is("dead");
          case GMEM, ANCHOR, HOST_MEMORY, IOMMU -> false;
        };
    if (!fits) {
      throw Tokens.senseless(
          word,
          party
              + switch (party.kind()) {
                case GUEST -> " is a vCPU: it is stopped, never dead";
                case VMM, KVM, HOST_IO -> " is dead, never stopped";
                case GMEM, ANCHOR, HOST_MEMORY, IOMMU -> " is no process and does not die";
              });
    }
    return new Condition.Dead(party);
  }

  private Condition call() {
    tokens.expect("call");
    if (tokens.take("is")) {
      tokens.expect("refused");
      return new Condition.Refuses(Optional.empty(), errnoAfterWith());
    }
    if (!tokens.take("was")) {
      throw tokens.unexpectedWord("was", "is");
    }
    return refusal(Optional.empty());
  }

  /** "refused" or "refuses EAGAIN"; of any party if none is given. */
  private Condition refusal(Optional<PartyId> by) {
    if (tokens.take("refuses")) {
      return new Condition.Refuses(
          by,
          tokens.sees("with") || tokens.peek().text().startsWith("E")
              ? Optional.of(errno())
              : Optional.empty());
    }
    tokens.expect("refused");
    Token more = tokens.peek();
    if (more.is("with") || more.text().startsWith("E")) {
      String errno = tokens.peek(more.is("with") ? 1 : 0).text();
      throw Tokens.senseless(
          more,
          "a world keeps who refused, not with what; write \""
              + by.map(party -> party + " refuses").orElse("a call is refused with")
              + (errno.isEmpty() ? "" : " " + errno)
              + "\": it is so while the answer is on its way");
    }
    return new Condition.HasRefused(by.map(List::of).orElseGet(names::partyIds));
  }

  private Errno errno() {
    tokens.take("with");
    return Names.errno(tokens.name("an errno"));
  }

  private Optional<Errno> errnoAfterWith() {
    return tokens.sees("with") ? Optional.of(errno()) : Optional.empty();
  }

  private Condition lock(Lock lock) {
    tokens.expect("is");
    return negated(
        () -> {
          if (tokens.take("free")) {
            return new Condition.Not(
                new Condition.Held(lock, Optional.empty(), Optional.empty(), Optional.empty()));
          }
          if (!tokens.take("held")) {
            throw tokens.unexpectedWord("held", "free");
          }
          Optional<LockMode> mode = mode(lock);
          Optional<Operations> by = Optional.empty();
          if (tokens.take("by")) {
            if (isArticle(tokens.peek())) {
              tokens.next();
            }
            by = Optional.of(Names.operations(tokens.name("an operation")));
          }
          return new Condition.Held(lock, Optional.empty(), mode, by);
        });
  }

  private Optional<LockMode> mode(Lock lock) {
    Token word = tokens.peek();
    if (tokens.take("exclusive")) {
      return Optional.of(LockMode.EXCLUSIVE);
    }
    if (tokens.take("shared")) {
      if (lock.exclusiveOnly()) {
        throw Tokens.senseless(word, "the " + lock.word() + " lock is held exclusive only");
      }
      return Optional.of(LockMode.SHARED);
    }
    return Optional.empty();
  }

  private Condition operation(Operations operations) {
    if (tokens.take("holds")) {
      Lock lock = Names.lock(tokens.name("a lock"));
      return new Condition.Held(lock, Optional.empty(), mode(lock), Optional.of(operations));
    }
    if (tokens.take("waits")) {
      tokens.expect("for");
      Token word = tokens.name("a lock");
      Lock lock = Names.lock(word);
      if (lock == Lock.FOLIO) {
        throw Tokens.senseless(
            word, "acts wait for folio locks, too; say at which act, and which page is locked");
      }
      return new Condition.WaitsFor(operations, lock);
    }
    if (!tokens.take("is")) {
      throw tokens.unexpectedWord("is", "holds", "waits");
    }
    return negated(
        () -> {
          if (tokens.take("under")) {
            tokens.expect("way");
            return new Condition.UnderWay(operations);
          }
          if (tokens.take("at")) {
            return new Condition.At(operations, Names.act(tokens.name("an act")));
          }
          Token word = tokens.peek();
          if (tokens.take("refused")) {
            if (!operations.areConversions()) {
              throw Tokens.senseless(
                  word, "only of a conversion; of others say gmem refuses, or a call is refused");
            }
            return new Condition.ConversionRefused(operations, errnoAfterWith());
          }
          throw tokens.unexpected(
              "under way, at or refused", List.of("under", "at", "refused"), true);
        });
  }

  /** What follows "is" or "was", with "not" before it or without. */
  private Condition negated(Supplier<Condition> read) {
    return tokens.take("not") ? new Condition.Not(read.get()) : read.get();
  }
}
