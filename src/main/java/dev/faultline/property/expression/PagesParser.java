package dev.faultline.property.expression;

import dev.faultline.property.expression.Condition.OfPages;
import dev.faultline.property.expression.Condition.Quantity;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Parties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what is said of pages: which ones, and then all that is said of the same page. */
final class PagesParser {

  private static final List<String> VERBS = List.of("is", "are", "holds", "hold", "has", "have");

  /** What a page can be. */
  static final List<String> ADJECTIVES =
      List.of(
          "private",
          "shared",
          "accepted",
          "pending",
          "blocked",
          "mapped",
          "guest-mapped",
          "pinned",
          "dma-mapped",
          "cached",
          "uptodate",
          "locked",
          "faultable",
          "detached");

  /** What follows the subject of another statement, so that an adjective is a name before it. */
  private static final List<String> AFTER_NAMES =
      List.of("ended", "started", "is", "was", "refused", "refuses", "holds", "waits");

  private static final int MAX_COUNT = 1_000_000;

  private final Tokens tokens;
  private final Names names;
  private final Nesting nesting;
  private final Addresses addresses;

  PagesParser(Tokens tokens, Names names, Nesting nesting) {
    this.tokens = tokens;
    this.names = names;
    this.nesting = nesting;
    this.addresses = new Addresses(tokens, names.setup().pageCount());
  }

  /** Whether a statement about pages is next. */
  boolean isNext() {
    return tokens.sees("page", "pages")
        || tokens.sees("any", "no") && tokens.peek(1).is("page")
        || tokens.sees("all") && tokens.peek(1).is("pages");
  }

  Condition read() {
    Quantity quantity =
        tokens.take("any") ? Quantity.ANY : tokens.take("no") ? Quantity.NO : Quantity.ALL;
    boolean all = tokens.take("all");
    boolean single = tokens.take("page");
    if (!single) {
      tokens.expect("pages");
    }
    IndexRange range = new IndexRange(0, names.setup().pageCount());
    if (quantity == Quantity.ALL && !all) {
      range = single ? addresses.page() : addresses.range();
      if (single && tokens.sees("..")) {
        throw tokens.unexpected("\"pages\" before a range", List.of());
      }
    } else if (tokens.sees("of") && tokens.peek(1).kind() == Token.Kind.NUMBER) {
      tokens.next();
      range = addresses.range();
    }
    PartyId inode = tokens.take("of") ? file(tokens.name("a file")) : Parties.GMEM;
    if (!VERBS.contains(tokens.peek().text())) {
      throw tokens.unexpected("is, holds or has", VERBS, true);
    }
    return new OfPages(quantity, inode, range, either());
  }

  private PartyId file(Token name) {
    List<String> files = new ArrayList<>(List.of(Parties.GMEM.name()));
    names.findParty(Parties.SHMEM.name()).ifPresent(shmem -> files.add(shmem.name()));
    if (!files.contains(name.text())) {
      throw name.is(Parties.SHMEM.name())
          ? Tokens.senseless(name, "all memory is in the gmem file here; leave \"of shmem\" out")
          : Tokens.unknown(name, "no file \"" + name.text() + "\"", files);
    }
    return names.party(name);
  }

  // Facts, as far as they are about the same page.

  private PageFact either() {
    PageFact fact = both();
    while (tokens.sees("or") && goesOn(1)) {
      tokens.next();
      fact = new PageFact.Or(fact, both());
    }
    return fact;
  }

  private PageFact both() {
    PageFact fact = fact();
    while (tokens.sees("and") && goesOn(1)) {
      tokens.next();
      fact = new PageFact.And(fact, fact());
    }
    return fact;
  }

  /** Whether what comes so many tokens after the next is still about the same page. */
  private boolean goesOn(int ahead) {
    int at = ahead;
    while (tokens.peek(at).is("not") || tokens.peek(at).is("(")) {
      at++;
    }
    Token word = tokens.peek(at);
    return VERBS.contains(word.text()) || ADJECTIVES.contains(word.text()) && !isName(at);
  }

  private boolean isName(int at) {
    Token after = tokens.peek(at + 1);
    return Comparison.of(after).isPresent() || AFTER_NAMES.contains(after.text());
  }

  private PageFact fact() {
    if (tokens.take("not")) {
      return nesting.in(tokens, () -> new PageFact.Not(fact()));
    }
    if (tokens.take("(")) {
      PageFact inner = nesting.in(tokens, this::either);
      tokens.expect(")");
      return inner;
    }
    if (tokens.take("is", "are")) {
      return described();
    }
    if (tokens.take("holds", "hold")) {
      Comparison comparison = Comparison.of(tokens.peek()).orElse(Comparison.EQUAL);
      if (Comparison.of(tokens.peek()).isPresent()) {
        tokens.next();
      }
      return new PageFact.Holds(comparison, (int) Numbers.next(tokens, "a byte, 0..255", 255));
    }
    if (tokens.take("has", "have")) {
      return counted();
    }
    return described();
  }

  /** What follows "is". */
  private PageFact described() {
    if (tokens.take("not")) {
      return nesting.in(tokens, () -> new PageFact.Not(described()));
    }
    if (tokens.take("(")) {
      PageFact inner = nesting.in(tokens, this::either);
      tokens.expect(")");
      return inner;
    }
    Token word = tokens.peek();
    if (!ADJECTIVES.contains(word.text())) {
      throw tokens.unexpected("what a page can be", ADJECTIVES);
    }
    tokens.next();
    return switch (word.text()) {
      case "private" -> new PageFact.Viewed(View.PRIVATE, whose());
      case "shared" -> new PageFact.Viewed(View.SHARED, whose());
      case "accepted" ->
          tokens.take("by")
              ? new PageFact.AcceptedBy(vcpu(tokens.name("a guest")))
              : new PageFact.Accepted();
      case "pending" -> new PageFact.Anchored("pending");
      case "blocked" -> new PageFact.Anchored("blocked");
      case "mapped" ->
          new PageFact.HostMapped(
              tokens.take("by")
                  ? Optional.of(names.memory(tokens.name("a party")))
                  : Optional.empty());
      case "guest-mapped" ->
          new PageFact.GuestMapped(tokens.take("as") ? view() : Optional.empty());
      case "pinned" -> pinned();
      case "dma-mapped" ->
          new PageFact.DmaMapped(
              tokens.take("by")
                  ? Optional.of(names.device(tokens.name("a device")))
                  : Optional.empty());
      case "cached" -> new PageFact.Cached(PageFact.Shown.ANYTHING);
      case "uptodate" -> new PageFact.Cached(PageFact.Shown.UPTODATE);
      case "locked" -> new PageFact.Cached(PageFact.Shown.LOCKED);
      case "faultable" -> new PageFact.Faultable();
      case "detached" -> new PageFact.Detached();
      default -> throw new IllegalStateException("no meaning for " + word);
    };
  }

  private Whose whose() {
    if (!tokens.take("for")) {
      return new Whose.Revision();
    }
    Token name = tokens.name("a party");
    PartyId party = names.party(name);
    return switch (party.kind()) {
      case GMEM -> new Whose.Gmem();
      case KVM -> new Whose.Kvm();
      case VMM -> new Whose.Vmm();
      case GUEST -> new Whose.Guest(party);
      case ANCHOR, HOST_MEMORY, IOMMU, HOST_IO ->
          throw Tokens.senseless(
              name, party + " keeps no view of pages; gmem, kvm, vmm and a guest do");
    };
  }

  private PartyId vcpu(Token name) {
    PartyId party = names.party(name);
    if (party.kind() != PartyKind.GUEST) {
      throw Tokens.senseless(name, party + " is no vCPU; only a guest accepts pages");
    }
    return party;
  }

  private Optional<View> view() {
    for (View view : View.values()) {
      if (tokens.take(view.word())) {
        return Optional.of(view);
      }
    }
    throw tokens.unexpectedWord("private", "shared");
  }

  /** A device holds its pins through the IOMMU. */
  private PageFact pinned() {
    if (!tokens.take("by")) {
      return new PageFact.Or(
          new PageFact.DmaMapped(Optional.empty()), new PageFact.UserPinned(Optional.empty()));
    }
    PartyId party = names.pinner(tokens.name("a party"));
    return names.isDevice(party)
        ? new PageFact.DmaMapped(Optional.of(party))
        : new PageFact.UserPinned(Optional.of(party));
  }

  private PageFact counted() {
    List<String> counts = Arrays.stream(Count.values()).map(Count::word).toList();
    Token word = tokens.peek();
    if (!counts.contains(word.text())) {
      throw tokens.unexpected("what is counted of a page", counts);
    }
    tokens.next();
    Comparison comparison =
        Comparison.of(tokens.peek())
            .orElseThrow(
                () -> tokens.unexpected("one of " + String.join(" ", Comparison.SIGNS), List.of()));
    tokens.next();
    return new PageFact.Has(
        Count.values()[counts.indexOf(word.text())],
        comparison,
        Numbers.next(tokens, "a number", MAX_COUNT));
  }
}
