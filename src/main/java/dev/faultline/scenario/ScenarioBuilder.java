package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.property.expression.Promise;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.scenario.Scenario.RecordedStep;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Beginning;
import dev.faultline.world.HostUser;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.WorldSetup;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes a scenario of its file and of the designs that it names. */
final class ScenarioBuilder {

  private final ScenarioYaml.File file;
  private final Library.Found found;
  private final Problems problems;
  private final PartyNames parties;
  private final GuestMemory memory;
  private final LineNames names;

  /**
   * A builder.
   *
   * @param written names of lines that the text has, also where the line could not be read
   */
  ScenarioBuilder(
      ScenarioYaml.File file, Library.Found found, Set<String> written, Problems problems) {
    this.file = file;
    this.found = found;
    this.problems = problems;
    this.parties = new PartyNames(file.parties(), problems);
    this.memory = new GuestMemory(file.memory(), problems);
    this.names = new LineNames(file.scripts(), parties, written, problems);
  }

  /** Checks what does not depend on any design. */
  void checkNames() {
    scriptBuilder(Optional.empty()).scripts(file.scripts(), List.of());
    parties.users();
    wishBuilder(Optional.empty()).expectations(file.wishes());
    recorded();
  }

  private List<RecordedStep> recorded() {
    return new RecordedSteps(parties.ofWorld(), problems).read(file.schedule().steps());
  }

  private ScriptBuilder scriptBuilder(Optional<Answers> answers) {
    return new ScriptBuilder(parties, memory, names, answers, problems);
  }

  private WishBuilder wishBuilder(Optional<Answers> answers) {
    List<String> promises =
        file.promises().stream()
            .flatMap(promise -> promise.name().stream())
            .map(Located::value)
            .toList();
    return new WishBuilder(
        parties, memory, promises, answers, file.schedule().steps().size(), problems);
  }

  /**
   * The scenario; empty if there are problems.
   *
   * @param checkAnswers whether expected errnos have to be among those of the revision
   */
  Optional<Scenario> build(
      boolean checkAnswers,
      Mode mode,
      Revision revision,
      VmmProfile vmm,
      GuestProfile guest,
      List<Source> sources) {
    Optional<Answers> answers =
        checkAnswers ? Optional.of(new Answers(revision, problems)) : Optional.empty();
    ScriptBuilder scriptBuilder = scriptBuilder(answers);
    List<ScriptLine> calls = memory.start(revision, mode);
    List<Beginning.Present> present =
        new PresentPages(parties, memory, problems)
            .of(file.memory().present(), memory.shared(mode), mode);
    // Where pages are there at first, the calls that give memory its view have been made.
    boolean begun = !file.memory().present().isEmpty();
    List<Script> scripts = scriptBuilder.scripts(file.scripts(), begun ? List.of() : calls);
    List<HostUser> users = parties.users();
    List<Expectation> expectations = wishBuilder(answers).expectations(file.wishes());
    List<RecordedStep> recorded = recorded();
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    WorldSetup setup =
        new WorldSetup(
            mode,
            revision,
            vmm,
            guest,
            memory.pageCount(),
            memory.shared(mode),
            parties.vcpus(),
            users,
            begun ? new Beginning(calls, present) : Beginning.NONE,
            file.open(),
            scripts,
            WorldSetup.CHANNEL_BOUND);
    expectations.addAll(wishBuilder(answers).found(file.wishes(), setup));
    List<Promise> promises =
        new PromiseBuilder(found.source(), setup, problems).promises(file.promises());
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Scenario(
            found.name(),
            found.name().substring(found.name().lastIndexOf('/') + 1) + ".yaml",
            file.story(),
            setup,
            scriptBuilder.expected(),
            expectations,
            promises,
            file.schedule().kind(),
            file.seed(),
            recorded,
            sources));
  }
}
