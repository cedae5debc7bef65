package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.protocol.Chance;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlEdit;
import dev.faultline.scenario.yaml.YamlNode;
import dev.faultline.scenario.yaml.YamlSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Reads a scenario and the designs that it names. */
public final class ScenarioLoader {

  /** A revision builds on another at most this often; each of them is read anew. */
  private static final int MAX_BASES = 8;

  private static final String MUTATIONS = "mutations";

  /** The keys of a scenario under which a design may be written down. */
  private static final List<String> DESIGNS =
      Stream.concat(
              Stream.of(Source.Kind.MODE, Source.Kind.REVISION, Source.Kind.VMM, Source.Kind.GUEST)
                  .map(Library::place),
              Stream.of(MUTATIONS))
          .toList();

  private final Library library;
  private final Problems problems;
  private final List<Source> sources = new ArrayList<>();
  private final Set<String> written = new TreeSet<>();

  /** The names of the revision and of those that it builds on. */
  private final List<String> lineage = new ArrayList<>();

  /** The designs that the scenario has written down in its own file. */
  private final Map<Source.Kind, Library.Found> own = new EnumMap<>(Source.Kind.class);

  /** Whatever the scenario has written down in its own file, mutations as well. */
  private final List<Library.Found> inPlace = new ArrayList<>();

  /**
   * The mutations of a journal, in their order: all that were applied, whoever asked for them.
   * Empty where no journal is read.
   */
  private final Optional<List<Library.Found>> brought;

  private ScenarioLoader(Library library, Problems problems) {
    this(library, Optional.empty(), problems);
  }

  private ScenarioLoader(
      Library library, Optional<List<Library.Found>> brought, Problems problems) {
    this.library = library;
    this.brought = brought;
    this.problems = problems;
  }

  /**
   * What the command line says instead of the scenario.
   *
   * @param mode a name or a path, and likewise the others
   * @param mutations names or paths of mutations, besides those of the scenario; the first says
   *     which revision is changed, unless the command line does
   * @param without acts that are left out, with their operation before them or without; besides
   *     those that the scenario leaves out
   * @param swaps acts that change places, likewise
   * @param open what may happen, besides what the scenario leaves open
   */
  public record Overrides(
      Optional<String> mode,
      Optional<String> revision,
      Optional<String> vmm,
      Optional<String> guest,
      List<String> mutations,
      List<String> without,
      List<Swap> swaps,
      List<Chance> open) {

    /** All as the scenario says. */
    public static final Overrides NONE =
        new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Overrides {
      mutations = List.copyOf(mutations);
      without = List.copyOf(without);
      swaps = List.copyOf(swaps);
      open = List.copyOf(open);
    }

    /** Other designs, and what is changed in them; nothing more is open. */
    public Overrides(
        Optional<String> mode,
        Optional<String> revision,
        Optional<String> vmm,
        Optional<String> guest,
        List<String> mutations,
        List<String> without,
        List<Swap> swaps) {
      this(mode, revision, vmm, guest, mutations, without, swaps, List.of());
    }

    /** Other designs, and nothing changed in them. */
    public Overrides(
        Optional<String> mode,
        Optional<String> revision,
        Optional<String> vmm,
        Optional<String> guest) {
      this(mode, revision, vmm, guest, List.of(), List.of(), List.of());
    }

    /** The same, with these mutations. */
    public Overrides mutated(List<String> names) {
      return new Overrides(mode, revision, vmm, guest, names, without, swaps, open);
    }

    /** The same, with these acts left out, and these changing places. */
    public Overrides edited(List<String> acts, List<Swap> pairs) {
      return new Overrides(mode, revision, vmm, guest, mutations, acts, pairs, open);
    }

    /** The same, with these chances open as well. */
    public Overrides opened(List<Chance> chances) {
      return new Overrides(mode, revision, vmm, guest, mutations, without, swaps, chances);
    }

    private boolean changesRevision() {
      return !mutations.isEmpty() || !without.isEmpty() || !swaps.isEmpty();
    }
  }

  /**
   * Two acts of one operation that change places.
   *
   * @param first an act, with its operation before it or without
   * @param second the other one
   */
  public record Swap(String first, String second) {}

  /** The scenario of a name; empty, with problems, if anything about it is wrong. */
  public static Optional<Scenario> load(
      Library library, String name, Overrides overrides, Problems problems) {
    return new ScenarioLoader(library, problems)
        .load(name, overrides)
        .filter(_ -> problems.isEmpty());
  }

  /** The scenario that a journal's first entry brought along, with the designs it was run with. */
  public static Optional<Scenario> fromSources(List<Source> sources, Problems problems) {
    Optional<String> scenario = first(sources, Source.Kind.SCENARIO);
    if (scenario.isEmpty()) {
      problems.add(Position.ofFile("journal"), "its first entry brings no scenario along");
      return Optional.empty();
    }
    // Two of them may have one name; so they are not looked up by it.
    List<Library.Found> mutations =
        sources.stream()
            .filter(source -> source.kind() == Source.Kind.MUTATION)
            .map(Library.Sources::found)
            .toList();
    return new ScenarioLoader(new Library.Sources(sources), Optional.of(mutations), problems)
        .load(
            scenario.get(),
            new Overrides(
                first(sources, Source.Kind.MODE),
                first(sources, Source.Kind.REVISION),
                first(sources, Source.Kind.VMM),
                first(sources, Source.Kind.GUEST)))
        .filter(_ -> problems.isEmpty());
  }

  /**
   * A revision alone; empty, with problems, if anything about it is wrong.
   *
   * @param name a name or a path
   * @param asked where it is named
   */
  public static Optional<Revision> revision(
      Library library, String name, Position asked, Problems problems) {
    int before = problems.count();
    return new ScenarioLoader(library, problems)
        .revision(name, asked, List.of())
        .filter(_ -> problems.count() == before);
  }

  /**
   * What is known of a mutation, and the revision that it makes; empty, with problems, if anything
   * about it is wrong.
   *
   * @param name a name or a path
   */
  public static Optional<Mutated> mutation(Library library, String name, Problems problems) {
    int before = problems.count();
    ScenarioLoader loader = new ScenarioLoader(library, problems);
    return loader
        .mutationFile(name)
        .flatMap(
            file ->
                loader
                    .revision(file.basedOn().value(), file.basedOn().at(), List.of())
                    .flatMap(
                        base ->
                            loader
                                .changed(file, base)
                                .map(revision -> new Mutated(file.mutation(), base, revision))))
        .filter(_ -> problems.count() == before);
  }

  /**
   * How a mode and a revision stand to each other; empty if nothing is said of them, or, with
   * problems, if one of them cannot be read.
   *
   * @param revision a name or a path
   * @param mode a name or a path
   */
  public static Optional<Pair> pair(
      Library library, String revision, String mode, Problems problems) {
    int before = problems.count();
    ScenarioLoader loader = new ScenarioLoader(library, problems);
    Position asked = Position.ofFile(revision);
    Optional<Mode> known = mode(library, mode, Position.ofFile(mode), problems);
    loader.revision(revision, asked, List.of());
    Pairs pairs = Pairs.of(library, problems);
    return known
        .flatMap(found -> pairs.find(loader.lineage, found.name()))
        .filter(_ -> problems.count() == before);
  }

  /**
   * A loaded revision with the change that a mutation makes; empty, with problems, if it has no
   * place in it.
   *
   * @param name a name or a path
   */
  public static Optional<Revision> mutated(
      Library library, Revision revision, String name, Problems problems) {
    int before = problems.count();
    ScenarioLoader loader = new ScenarioLoader(library, problems);
    return loader
        .mutationFile(name)
        .flatMap(file -> loader.changed(file, revision))
        .filter(_ -> problems.count() == before);
  }

  /**
   * A loaded revision with acts left out or in each other's place; empty, with problems, if a name
   * means nothing or an act would find nothing to work on.
   *
   * @param without acts that are left out, with their operation before them or without
   * @param swaps acts that change places
   */
  public static Optional<Revision> edited(
      Revision revision, List<String> without, List<Swap> swaps, Problems problems) {
    int before = problems.count();
    return new ScenarioLoader(new Library.Sources(List.of()), problems)
        .edited(
            revision,
            without.stream().map(OnTheFly::without).toList(),
            swaps.stream().map(OnTheFly.Pair::of).toList())
        .filter(_ -> problems.count() == before);
  }

  /**
   * A mutation with what it makes.
   *
   * @param base the revision that it changes
   * @param revision the changed one
   */
  public record Mutated(Mutation mutation, Revision base, Revision revision) {}

  /**
   * A mode alone; empty, with problems, if anything about it is wrong.
   *
   * @param name a name or a path
   * @param asked where it is named
   */
  public static Optional<Mode> mode(
      Library library, String name, Position asked, Problems problems) {
    return new ScenarioLoader(library, problems)
        .design(Source.Kind.MODE, Optional.empty(), new Located<>(name, asked), ModeYaml.MODE);
  }

  private static Optional<String> first(List<Source> sources, Source.Kind kind) {
    return sources.stream().filter(source -> source.kind() == kind).map(Source::name).findFirst();
  }

  private Optional<Scenario> load(String name, Overrides overrides) {
    Position asked = Position.ofFile(name.isBlank() ? "SCENARIO" : name);
    Optional<Library.Found> found =
        library
            .find(Source.Kind.SCENARIO, name, asked, problems)
            .map(file -> opened(file, overrides.open()));
    Optional<ScenarioYaml.File> file =
        found.flatMap(text -> decode(Source.Kind.SCENARIO, text, ScenarioYaml.FILE));
    if (file.isEmpty()) {
      return Optional.empty();
    }
    YamlSource text = found.get().source();
    Located<String> modeName = name(Source.Kind.MODE, file.get().mode(), text);
    List<MutationYaml.File> mutations =
        brought.isPresent() ? List.of() : mutations(file.get().changes().mutations(), text);
    Located<String> named = name(Source.Kind.REVISION, file.get().revision(), text);
    // The revision that is written down comes before that of a mutation, a default behind it.
    Located<String> revisionName =
        named.at().line() > 0 || mutations.isEmpty() ? named : mutations.getFirst().basedOn();
    Located<String> vmmName = name(Source.Kind.VMM, file.get().vmm(), text);
    Located<String> guestName = name(Source.Kind.GUEST, file.get().guest(), text);
    List<MutationYaml.File> ofCommand =
        brought.isPresent()
            ? brought.get().stream().flatMap(each -> mutation(each).stream()).toList()
            : overrides.mutations().stream()
                .flatMap(other -> mutationFile(other).stream())
                .toList();
    List<MutationYaml.File> all = Stream.concat(mutations.stream(), ofCommand.stream()).toList();
    Optional<Mode> mode =
        design(Source.Kind.MODE, overrides.mode(), modeName, ModeYaml.MODE)
            .map(own -> changed(own, all, it -> old -> it.mode().apply(old).apply(problems)));
    Optional<Revision> revision =
        revision(overrides, revisionName, mutations, ofCommand, file.get().changes());
    Optional<VmmProfile> vmm =
        design(Source.Kind.VMM, overrides.vmm(), vmmName, VmmYaml.VMM)
            .map(own -> changed(own, all, MutationYaml.File::vmm));
    Optional<GuestProfile> guest =
        design(Source.Kind.GUEST, overrides.guest(), guestName, GuestYaml.GUEST);
    if (mode.isEmpty() || revision.isEmpty() || vmm.isEmpty() || guest.isEmpty()) {
      // What names mean can still be said without them, so that all is reported at once.
      new ScenarioBuilder(file.get(), found.get(), written, problems).checkNames();
      return Optional.empty();
    }
    checkPair(
        mode.get(),
        overrides
            .mode()
            .or(overrides::revision)
            .map(Position::ofFile)
            .orElse(modeName.at().line() > 0 ? modeName.at() : revisionName.at()));
    // One order, whether a mutation was read of a file or made of the command line.
    sources.sort(Comparator.comparing(Source::kind));
    // Answers are checked against the revision that the scenario was written for, not another one.
    boolean ownRevision =
        overrides.revision().map(revisionName.value()::equals).orElse(true)
            && !overrides.changesRevision()
            && brought.map(List::isEmpty).orElse(true);
    return new ScenarioBuilder(file.get(), found.get(), written, problems)
        .build(ownRevision, mode.get(), revision.get(), vmm.get(), guest.get(), sources);
  }

  /** A mode and a revision that cannot meet are a problem. */
  private void checkPair(Mode mode, Position at) {
    Pairs pairs = Pairs.of(library, problems);
    pairs
        .find(lineage, mode.name())
        .filter(pair -> !pair.runs())
        .ifPresent(
            pair ->
                problems.add(
                    at,
                    "mode \""
                        + mode.name()
                        + "\" and revision \""
                        + lineage.getFirst()
                        + "\" do not go together: "
                        + pair.note()
                        + "; modes that go with it: "
                        + String.join(", ", pairs.modes(lineage))));
  }

  /**
   * The scenario's file as it would be if it left more open. So whatever is made of its text, a
   * journal or a counterexample, leaves it open too.
   */
  private static Library.Found opened(Library.Found file, List<Chance> chances) {
    Problems mistakes = new Problems();
    Optional<ScenarioYaml.File> written =
        YamlDocument.parse(file.source(), mistakes)
            .flatMap(tree -> ScenarioYaml.FILE.decode(tree, mistakes));
    if (written.isEmpty() || written.get().open().containsAll(chances)) {
      return file; // nothing is missing, or there are mistakes, which are told by whoever reads it
    }
    List<String> words =
        Stream.concat(written.get().open().stream(), chances.stream())
            .distinct()
            .map(Chance::word)
            .toList();
    String list = "[" + String.join(", ", words) + "]";
    YamlEdit edit = YamlEdit.of(YamlEdit.withBlockRoot(file.source().text()));
    if (edit.has("open")) {
      edit.set("open", list, "memory");
    } else {
      edit.append("\nopen: " + list); // at the end, so that no line of the file moves
    }
    return new Library.Found(file.name(), new YamlSource(file.source().name(), edit.text()));
  }

  /** The name of a design; one that the scenario has written down is found by it from now on. */
  private Located<String> name(Source.Kind kind, Located<DesignName> design, YamlSource scenario) {
    return switch (design.value()) {
      case DesignName.Named(String name) -> new Located<>(name, design.at());
      case DesignName.Own(String name) -> {
        String text = YamlEdit.alone(scenario.text(), Library.place(kind)).orElseThrow();
        Library.Found found = new Library.Found(name, new YamlSource(scenario.name(), text));
        own.put(kind, found);
        inPlace.add(found);
        yield new Located<>(name, design.at());
      }
    };
  }

  /** The mutations of the scenario. */
  private List<MutationYaml.File> mutations(List<Located<DesignName>> names, YamlSource scenario) {
    List<MutationYaml.File> files = new ArrayList<>();
    for (int index = 0; index < names.size(); index++) {
      Located<DesignName> written = names.get(index);
      Optional<Library.Found> found =
          switch (written.value()) {
            case DesignName.Named(String name) ->
                library.find(Source.Kind.MUTATION, name, written.at(), problems);
            case DesignName.Own(String name) ->
                YamlEdit.alone(scenario.text(), MUTATIONS, index)
                    .map(text -> new Library.Found(name, new YamlSource(scenario.name(), text)));
          };
      if (written.value() instanceof DesignName.Own) {
        found.ifPresent(inPlace::add);
      }
      found.flatMap(this::mutation).ifPresent(files::add);
    }
    return files;
  }

  private Optional<Library.Found> find(Source.Kind kind, String name, Position asked) {
    Library.Found ofScenario = own.get(kind);
    return ofScenario != null && ofScenario.name().equals(name)
        ? Optional.of(ofScenario)
        : library.find(kind, name, asked, problems);
  }

  private <T> Optional<T> decode(Source.Kind kind, Library.Found found, Shape<T> shape) {
    Optional<YamlNode> tree = YamlDocument.parse(found.source(), problems);
    if (kind == Source.Kind.SCENARIO) {
      tree.ifPresent(this::collectNamesOfScripts);
    }
    boolean isOwn = inPlace.contains(found);
    String text = found.source().text();
    sources.add(Source.of(kind, found.name(), isOwn ? dedented(text) : text));
    return tree.flatMap(node -> shape.decode(node, problems));
  }

  /** A design as it would stand in a file of its own. */
  private static String dedented(String text) {
    String whole = text.stripTrailing();
    int first = 0;
    while (whole.charAt(first) == ' ' || whole.charAt(first) == '\n') {
      first++;
    }
    int indent = first - (whole.lastIndexOf('\n', first) + 1);
    return whole.substring(first).replaceAll("\n {1," + Math.max(1, indent) + "}", "\n") + "\n";
  }

  /** A design that is written down, and a promise, has a name too, which is none of a line. */
  private void collectNamesOfScripts(YamlNode root) {
    if (root instanceof YamlNode.Mapping mapping) {
      mapping.entries().stream()
          .filter(entry -> !DESIGNS.contains(entry.key().text()))
          .filter(entry -> !entry.key().text().equals("promises"))
          .forEach(entry -> collectNames(entry.value()));
    }
  }

  /** Names of lines, also of those that have a mistake in them. */
  private void collectNames(YamlNode node) {
    switch (node) {
      case YamlNode.Scalar _ -> {}
      case YamlNode.Sequence sequence -> sequence.items().forEach(this::collectNames);
      case YamlNode.Mapping mapping ->
          mapping
              .entries()
              .forEach(
                  entry -> {
                    if (entry.key().text().equals("name")
                        && entry.value() instanceof YamlNode.Scalar name) {
                      written.add(name.text());
                    }
                    collectNames(entry.value());
                  });
    }
  }

  private <T> Optional<T> design(
      Source.Kind kind, Optional<String> override, Located<String> named, Shape<T> shape) {
    Position asked = override.map(Position::ofFile).orElse(named.at());
    return find(kind, override.orElse(named.value()), asked)
        .flatMap(found -> decode(kind, found, shape));
  }

  private static <T> T changed(
      T design,
      List<MutationYaml.File> mutations,
      Function<MutationYaml.File, UnaryOperator<T>> change) {
    T changed = design;
    for (MutationYaml.File mutation : mutations) {
      changed = change.apply(mutation).apply(changed);
    }
    return changed;
  }

  /**
   * The revision of the command line, or that of its first mutation, or the scenario's; changed by
   * the mutations of the scenario, then by those of the command line, and then on the fly.
   */
  private Optional<Revision> revision(
      Overrides overrides,
      Located<String> ofScenario,
      List<MutationYaml.File> mutations,
      List<MutationYaml.File> ofCommand,
      ScenarioYaml.Changes changes) {
    int before = problems.count();
    Located<String> base = ofCommand.isEmpty() ? ofScenario : ofCommand.getFirst().basedOn();
    Position asked = overrides.revision().map(Position::ofFile).orElse(base.at());
    Optional<Revision> revision =
        revision(overrides.revision().orElse(base.value()), asked, List.of());
    for (MutationYaml.File file : Stream.concat(mutations.stream(), ofCommand.stream()).toList()) {
      revision = revision.flatMap(known -> changed(file, known));
    }
    if (brought.isEmpty()) {
      List<Located<String>> without =
          Stream.concat(
                  changes.without().stream(), overrides.without().stream().map(OnTheFly::without))
              .toList();
      List<OnTheFly.Pair> swaps =
          Stream.concat(changes.swaps().stream(), overrides.swaps().stream().map(OnTheFly.Pair::of))
              .toList();
      revision = revision.flatMap(known -> edited(known, without, swaps));
    }
    boolean allRead = brought.isPresent() || ofCommand.size() == overrides.mutations().size();
    return revision.filter(_ -> allRead && problems.count() == before);
  }

  private Optional<MutationYaml.File> mutationFile(String name) {
    return library
        .find(Source.Kind.MUTATION, name, Position.ofFile(name), problems)
        .flatMap(this::mutation);
  }

  private Optional<MutationYaml.File> mutation(Library.Found found) {
    return decode(Source.Kind.MUTATION, found, MutationYaml.FILE);
  }

  private Optional<Revision> changed(MutationYaml.File file, Revision base) {
    return changed(file, base, problems);
  }

  private static Optional<Revision> changed(
      MutationYaml.File file, Revision base, Problems problems) {
    return new RevisionBuilder(file.revision(), Optional.of(base), Strictness.MUTATION, problems)
        .build()
        .map(revision -> file.mutation().violates().map(revision::keeping).orElse(revision));
  }

  /** What is changed on the fly is a mutation too, so that a journal brings it along. */
  private Optional<Revision> edited(
      Revision base, List<Located<String>> without, List<OnTheFly.Pair> swaps) {
    return without.isEmpty() && swaps.isEmpty()
        ? Optional.of(base)
        : OnTheFly.of(base, without, swaps, problems).flatMap(made -> changed(made, base));
  }

  /** Nobody has written the text of such a mutation; its mistakes are told where it was asked. */
  private Optional<Revision> changed(OnTheFly.Made made, Revision base) {
    Library.Found found =
        new Library.Found(OnTheFly.NAME, new YamlSource(OnTheFly.FILE, made.text()));
    Problems own = new Problems();
    Optional<Revision> changed = mutation(found).flatMap(file -> changed(file, base, own));
    own.sorted().forEach(problem -> problems.add(made.place(problem.at()), problem.text()));
    return changed;
  }

  private Optional<Revision> revision(String name, Position asked, List<String> builders) {
    List<String> chain = new ArrayList<>(builders);
    chain.add(name);
    if (builders.contains(name)) {
      List<String> circle = chain.subList(builders.indexOf(name), chain.size());
      problems.add(
          asked, "revisions build on each other in a circle: " + String.join(", ", circle));
      return Optional.empty();
    }
    if (builders.size() > MAX_BASES) {
      problems.add(asked, "more than " + MAX_BASES + " revisions build on each other");
      return Optional.empty();
    }
    Optional<Library.Found> found = find(Source.Kind.REVISION, name, asked);
    Optional<RevisionYaml.File> file =
        found.flatMap(text -> decode(Source.Kind.REVISION, text, RevisionYaml.FILE));
    if (file.isEmpty()) {
      return Optional.empty();
    }
    lineage.add(file.get().name());
    Optional<Located<String>> basedOn = file.get().basedOn();
    Optional<Revision> base = basedOn.flatMap(other -> revision(other.value(), other.at(), chain));
    if (basedOn.isPresent() && base.isEmpty()) {
      return Optional.empty();
    }
    return new RevisionBuilder(file.get(), base, Strictness.DESIGN, problems).build();
  }
}
