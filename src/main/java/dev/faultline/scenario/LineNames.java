package dev.faultline.scenario;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.scenario.ScriptYaml.Awaited;
import dev.faultline.scenario.ScriptYaml.Line;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Await;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The names of lines of all scripts, and what a line means that waits for one of them. */
final class LineNames {

  private final PartyNames parties;
  private final Set<String> written;
  private final Problems problems;

  /** The party whose script has the line of a name. */
  private final SortedMap<String, String> owners = new TreeMap<>();

  private final Set<String> withScript = new TreeSet<>();

  /**
   * The names of these scripts; one that means two things is a problem.
   *
   * @param scripts by the name of their party
   * @param written names of lines that the text has, also where the line could not be read
   */
  LineNames(
      Map<Located<String>, List<Line>> scripts,
      PartyNames parties,
      Set<String> written,
      Problems problems) {
    this.parties = parties;
    this.written = written;
    this.problems = problems;
    scripts.keySet().forEach(party -> withScript.add(party.value()));
    scripts.forEach(
        (party, lines) ->
            lines.forEach(line -> line.name().ifPresent(name -> add(name, party.value()))));
  }

  private void add(Located<String> name, String party) {
    boolean isParty = parties.find(name.value()).isPresent();
    boolean taken = owners.putIfAbsent(name.value(), party) != null;
    if (taken || isParty) {
      problems.add(
          name.at(),
          "\"" + name.value() + "\" is the name of another " + (isParty ? "party" : "line"));
    }
    String stem = name.value().replaceFirst("-[0-9]+$", "");
    boolean numbered = !stem.equals(name.value());
    if (numbered && (stem.equals(GuestMemory.START) || withScript.contains(stem))) {
      problems.add(
          name.at(),
          "\"" + name.value() + "\" is what a line without a name is called; choose another name");
    }
  }

  /**
   * What a line of a party waits for; empty, with a problem, if it would wait for ever.
   *
   * @param passed the names of the lines before it in its script
   */
  Optional<Await> await(PartyId party, Set<String> passed, Awaited awaited) {
    return switch (awaited) {
      case Awaited.Refusal(Located<String> by) -> parties.named(by).map(Await.Refusal::new);
      case Awaited.End(Located<String> name) -> end(party, passed, name);
    };
  }

  private Optional<Await> end(PartyId party, Set<String> passed, Located<String> name) {
    boolean own = name.value().equals(party.name());
    boolean later = party.name().equals(owners.get(name.value()));
    if (own || later && !passed.contains(name.value())) {
      problems.add(
          name.at(),
          "a script that waits for "
              + (own ? "its own end" : "a later line of its own")
              + " waits for ever");
      return Optional.empty();
    }
    if (owners.containsKey(name.value())) {
      return Optional.of(new Await.Ended(name.value()));
    }
    Optional<PartyId> other = parties.find(name.value());
    if (withScript.contains(name.value()) && other.isPresent()) {
      return other.map(Await.Finished::new);
    }
    if (!written.contains(name.value())) {
      problems.add(
          name.at(),
          "\""
              + name.value()
              + "\" is neither the name of a line nor a party with a script"
              + parties.hint(
                  name.value(), Stream.concat(withScript.stream(), owners.keySet().stream())));
    }
    return Optional.empty();
  }
}
