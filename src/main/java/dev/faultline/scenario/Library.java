package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Where scenarios and designs are looked up by name. */
public sealed interface Library {

  /**
   * A file that was found.
   *
   * @param name the name that it goes by in a journal
   * @param source its text, and the name that messages give its places
   */
  record Found(String name, YamlSource source) {}

  /** The file of a name; empty, with a problem, if there is none or it cannot be read. */
  Optional<Found> find(Source.Kind kind, String name, Position asked, Problems problems);

  /** The table of which mode goes with which revision; empty if there is none. */
  Optional<YamlSource> pairs(Problems problems);

  /** As a path, then in ./conf, then in the jar. */
  record OfFiles(Path folder) implements Library {

    private static final String PAIRS = "pairs.yaml";

    /** What a file's name may have; no design's is longer. */
    private static final int MAX_NAME = 200;

    @Override
    public Optional<Found> find(Source.Kind kind, String name, Position asked, Problems problems) {
      Optional<Path> path = path(name);
      if (path.isPresent()) {
        return readNamed(path.get(), name, asked, problems)
            .map(source -> new Found(bare(path.get()), source));
      }
      if (!safe(name)) {
        problems.add(asked, notFound(kind, name));
        return Optional.empty();
      }
      String place = place(kind) + "/" + name + ".yaml";
      Path own = folder.resolve("conf").resolve(place);
      if (Files.isRegularFile(own)) {
        return YamlSource.readFile(own, problems)
            .map(source -> new Found(name, new YamlSource(label(own), source.text())));
      }
      try (InputStream stream = Library.class.getResourceAsStream("/conf/" + place)) {
        if (stream != null) {
          return YamlSource.read(label(Path.of(place)), stream, problems)
              .map(source -> new Found(name, source));
        }
      } catch (IOException failure) {
        problems.add(asked, "cannot read " + place + ": " + failure.getMessage());
        return Optional.empty();
      }
      problems.add(asked, notFound(kind, name));
      return Optional.empty();
    }

    @Override
    public Optional<YamlSource> pairs(Problems problems) {
      Path own = folder.resolve("conf").resolve(PAIRS);
      if (Files.isRegularFile(own)) {
        return YamlSource.readFile(own, problems)
            .map(source -> new YamlSource(PAIRS, source.text()));
      }
      try (InputStream stream = Library.class.getResourceAsStream("/conf/" + PAIRS)) {
        return stream == null ? Optional.empty() : YamlSource.read(PAIRS, stream, problems);
      } catch (IOException failure) {
        problems.add(Position.ofFile(PAIRS), "cannot read " + PAIRS + ": " + failure.getMessage());
        return Optional.empty();
      }
    }

    /** A file that cannot be read is a mistake where it is named, if another file names it. */
    private static Optional<YamlSource> readNamed(
        Path path, String name, Position asked, Problems problems) {
      Problems own = new Problems();
      Optional<YamlSource> source = YamlSource.readFile(path, own);
      for (Problem problem : own.sorted()) {
        boolean moves = problem.at().line() == 0 && asked.line() > 0;
        problems.add(
            moves ? asked : problem.at(),
            moves ? shown(name) + ": " + problem.text() : problem.text());
      }
      return source;
    }

    /** A path is of no use if it is cut, unless it could not be read anyway. */
    private static String shown(String name) {
      boolean readable =
          name.length() <= MAX_NAME
              && name.codePoints()
                  .noneMatch(
                      point ->
                          Character.isISOControl(point)
                              || Character.getType(point) == Character.FORMAT);
      return readable ? "\"" + name + "\"" : Problem.quoted(name);
    }

    /** A name that says that it is a path, or that is one. */
    private Optional<Path> path(String name) {
      try {
        Path path = folder.resolve(name);
        boolean meant = name.endsWith(".yaml") || name.endsWith(".yml");
        // A folder of scenarios is no path; a pipe is one, and whoever reads it says that it
        // cannot.
        boolean there = Files.exists(path) && (!Files.isDirectory(path) || !safe(name));
        return !name.isBlank() && (meant || there) ? Optional.of(path) : Optional.empty();
      } catch (InvalidPathException _) {
        return Optional.empty();
      }
    }

    private static boolean safe(String name) {
      return name.length() <= MAX_NAME
          && name.matches("[a-z0-9][a-z0-9.-]*+(/[a-z0-9][a-z0-9.-]*+)*+");
    }

    private static String label(Path path) {
      return String.valueOf(path.getFileName());
    }

    private static String bare(Path path) {
      return label(path).replaceFirst("\\.ya?ml$", "");
    }

    private String notFound(Source.Kind kind, String name) {
      List<String> known = names(kind);
      return "no "
          + kind.name().toLowerCase(Locale.ROOT)
          + " "
          + Problem.quoted(name)
          + " as a path, in ./conf/"
          + place(kind)
          + " or among those that come with faultline"
          + (kind == Source.Kind.SCENARIO ? scenarioHint(name, known) : Nearest.hint(name, known));
    }

    /** The nearest name, or the one that begins as this one; otherwise what is in its folder. */
    private static String scenarioHint(String name, List<String> known) {
      Optional<String> alike = Nearest.of(name, known).or(() -> beginning(name, known));
      if (alike.isPresent()) {
        return "; did you mean \"" + alike.get() + "\"?";
      }
      String folder = name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : name;
      List<String> within =
          known.stream()
              .filter(other -> other.startsWith(folder + "/"))
              .map(other -> other.substring(folder.length() + 1))
              .toList();
      return within.isEmpty()
          ? "; `faultline list` prints the scenarios"
          : "; below " + folder + " are: " + String.join(", ", within);
    }

    /** The only name that begins with as much of this one as any other does, and more. */
    private static Optional<String> beginning(String name, List<String> known) {
      for (int length = name.length(); length > name.lastIndexOf('/') + 2; length--) {
        String start = name.substring(0, length);
        List<String> alike = known.stream().filter(other -> other.startsWith(start)).toList();
        if (!alike.isEmpty()) {
          return alike.size() == 1 && start.contains("/")
              ? Optional.of(alike.getFirst())
              : Optional.empty();
        }
      }
      return Optional.empty();
    }

    /** The names of one kind, in ./conf and in the jar, sorted. */
    public List<String> names(Source.Kind kind) {
      TreeSet<String> names = new TreeSet<>();
      Path own = folder.resolve("conf").resolve(place(kind));
      if (Files.isDirectory(own)) {
        try (Stream<Path> files = Files.walk(own, 3)) {
          files
              .filter(file -> file.toString().endsWith(".yaml"))
              .forEach(
                  file ->
                      names.add(
                          own.relativize(file).toString().replace('\\', '/').replace(".yaml", "")));
        } catch (IOException _) {
          // What cannot be listed can still be named.
        }
      }
      names.addAll(shipped(kind));
      return List.copyOf(names);
    }
  }

  /**
   * A scenario that was written and is in no file yet.
   *
   * @param name by which it is found
   * @param text of the scenario
   * @param designs where all else is looked up
   */
  record Written(String name, String text, Library designs) implements Library {
    @Override
    public Optional<Found> find(Source.Kind kind, String asked, Position at, Problems problems) {
      return kind == Source.Kind.SCENARIO && asked.equals(name)
          ? Optional.of(Sources.found(Source.of(kind, name, text)))
          : designs.find(kind, asked, at, problems);
    }

    @Override
    public Optional<YamlSource> pairs(Problems problems) {
      return designs.pairs(problems);
    }
  }

  /** What a journal brought along. */
  record Sources(List<Source> sources) implements Library {
    public Sources {
      sources = List.copyOf(sources);
    }

    /** What has been run was not refused. */
    @Override
    public Optional<YamlSource> pairs(Problems problems) {
      return Optional.empty();
    }

    static Found found(Source source) {
      String file = source.name().substring(source.name().lastIndexOf('/') + 1) + ".yaml";
      return new Found(source.name(), new YamlSource(file, source.text()));
    }

    @Override
    public Optional<Found> find(Source.Kind kind, String name, Position asked, Problems problems) {
      Optional<Found> found =
          sources.stream()
              .filter(source -> source.kind() == kind && source.name().equals(name))
              .findFirst()
              .map(Sources::found);
      if (found.isEmpty()) {
        problems.add(
            asked, "the journal has no " + kind.name().toLowerCase(Locale.ROOT) + " " + name);
      }
      return found;
    }
  }

  /** Whether a text is the one that its name stands for in the jar, or in the folder of classes. */
  static boolean isShipped(Source source) {
    String place = "/conf/" + place(source.kind()) + "/" + source.name() + ".yaml";
    try (InputStream stream = Library.class.getResourceAsStream(place)) {
      return stream != null
          && YamlSource.read(source.name(), stream, new Problems())
              .filter(shipped -> shipped.text().equals(source.text()))
              .isPresent();
    } catch (IOException _) {
      return false;
    }
  }

  /** The folder of a kind under conf. */
  static String place(Source.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** The names of one kind that come with the jar, or with the folder of classes. */
  static List<String> shipped(Source.Kind kind) {
    String folder = "conf/" + place(kind) + "/";
    List<String> names = new ArrayList<>();
    try {
      Path code =
          Path.of(Library.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(code)) {
        try (Stream<Path> files = Files.walk(code.resolve(folder))) {
          files.forEach(file -> add(names, folder, code.relativize(file).toString()));
        }
      } else {
        try (JarFile jar = new JarFile(code.toFile())) {
          jar.stream().forEach(entry -> add(names, folder, entry.getName()));
        }
      }
    } catch (IOException | URISyntaxException | FileSystemNotFoundException _) {
      // What cannot be listed can still be named.
    }
    return names;
  }

  private static void add(List<String> names, String folder, String file) {
    String name = file.replace('\\', '/');
    if (name.startsWith(folder) && name.endsWith(".yaml")) {
      names.add(name.substring(folder.length(), name.length() - 5));
    }
  }
}
