package dev.faultline.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code target/faultline}, as {@code mvn package} leaves it. */
final class LauncherIT {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path LAUNCHER = TARGET.resolve("faultline");

  @TempDir private Path folder;

  private record Answer(int exitCode, String out, String err) {}

  private Answer shell(String command) throws IOException, InterruptedException {
    return shell(command, Map.of());
  }

  private Answer shell(String command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    return new Answer(exitCode, Files.readString(out), Files.readString(err));
  }

  private Answer faultline(String... arguments) throws IOException, InterruptedException {
    return shell("'" + LAUNCHER + "' " + String.join(" ", arguments));
  }

  @Test
  void starts_from_any_folder_without_a_word_on_standard_error() throws Exception {
    Answer answer = faultline("--version");

    assertThat(answer.exitCode).isZero();
    assertThat(answer.out).startsWith("faultline ");
    assertThat(answer.err).isEmpty();
  }

  @Test
  void starts_through_symbolic_links() throws Exception {
    copyOfBuild();
    Files.createSymbolicLink(folder.resolve("absolute"), folder.resolve("faultline"));
    Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(folder.resolve("bin/relative"), Path.of("../absolute"));

    Answer answer = shell("cd / && '" + folder.resolve("bin/relative") + "' --version");

    assertThat(answer).isEqualTo(faultline("--version"));
    assertThat(answer.exitCode).isZero();
  }

  @Test
  void passes_arguments_and_the_exit_code_on() throws Exception {
    assertThat(faultline("'--no such'"))
        .isEqualTo(
            new Answer(2, "", "faultline: unknown option \"--no such\"; see faultline --help\n"));
  }

  @Test
  void a_reader_that_goes_away_is_no_failure() throws Exception {
    Answer answer = shell("{ '" + LAUNCHER + "' --help; echo $? >code; } | true");

    assertThat(answer).isEqualTo(new Answer(0, "", ""));
    assertThat(folder.resolve("code")).hasContent("0");
  }

  @Test
  void a_full_disk_is_a_failure() throws Exception {
    assertThat(faultline("--help >/dev/full"))
        .isEqualTo(new Answer(3, "", "faultline: standard output: No space left on device\n"));
  }

  @Test
  void loads_its_classes_from_the_cache() throws Exception {
    Answer answer =
        shell(
            "'" + LAUNCHER + "' --version",
            Map.of("FAULTLINE_JAVA_OPTIONS", "-Xlog:class+load:stdout"));

    Stream<String> loaded =
        answer
            .out
            .lines()
            .filter(line -> line.contains("dev.faultline") || line.contains("picocli"));
    assertThat(loaded)
        .anyMatch(line -> line.contains("picocli.CommandLine "))
        .allMatch(line -> line.endsWith("source: shared objects file"));
  }

  @Test
  void a_cache_that_does_not_fit_is_passed_over_without_a_word() throws Exception {
    copyOfBuild();
    Path jar = folder.resolve("faultline.jar");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH.plusSeconds(1)));
    Answer touched = shell("./faultline --version");
    Files.writeString(folder.resolve("faultline.aot"), "no cache\n");
    Answer nonsense = shell("./faultline --version");

    assertThat(touched).isEqualTo(faultline("--version"));
    assertThat(nonsense).isEqualTo(touched);
  }

  @Test
  void finds_a_jdk_when_the_one_that_built_it_is_gone() throws Exception {
    copyOfBuild();
    Files.delete(folder.resolve("faultline.jdk"));
    hideInstalledJdks();
    String java = System.getProperty("java.home");

    Answer byHome = shell("./faultline --version", Map.of("JAVA_HOME", java, "PATH", "/bin"));
    Answer byPath =
        shell("./faultline --version", Map.of("JAVA_HOME", "", "PATH", java + "/bin:/bin"));

    assertThat(byHome).isEqualTo(faultline("--version"));
    assertThat(byPath).isEqualTo(byHome);
  }

  @Test
  void without_a_jdk_it_says_what_to_do() throws Exception {
    copyOfBuild();
    Files.delete(folder.resolve("faultline.jdk"));
    hideInstalledJdks();
    Path old = Files.createDirectories(folder.resolve("old/bin")).getParent();
    Files.copy(Path.of("/bin/sh"), old.resolve("bin/java"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"24.0.1\"\n");

    Answer answer =
        shell("./faultline --version", Map.of("JAVA_HOME", old.toString(), "PATH", "/none"));

    assertThat(answer.exitCode).isEqualTo(2);
    assertThat(answer.out).isEmpty();
    assertThat(answer.err)
        .isEqualTo(
            "faultline: no JDK 25 or newer in JAVA_HOME, PATH, /none/jvm or /none;"
                + " install one or set JAVA_HOME to it\n");
  }

  @Test
  void the_jar_holds_the_settings_at_its_root_and_no_two_copies() throws Exception {
    try (JarFile jar = new JarFile(TARGET.resolve("faultline.jar").toFile())) {
      List<String> settings =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith("application.conf") || name.endsWith("logback.xml"))
              .sorted()
              .toList();
      assertThat(settings).containsExactly("application.conf", "logback.xml");
    }
  }

  /** The launcher and what lies beside it, with the times that the cache goes by. */
  private void copyOfBuild() throws IOException {
    for (String name :
        List.of("faultline", "faultline.jar", "faultline.jdk", "faultline.aot", "lib")) {
      copy(TARGET.resolve(name), folder.resolve(name));
    }
    try (Stream<Path> jars = Files.list(TARGET.resolve("lib"))) {
      for (Path jar : jars.toList()) {
        copy(jar, folder.resolve("lib").resolve(jar.getFileName()));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  /** Makes the copied launcher search folders that do not exist instead of those of the machine. */
  private void hideInstalledJdks() throws IOException {
    Path launcher = folder.resolve("faultline");
    String script = Files.readString(launcher);
    Files.writeString(
        launcher,
        script
            .replace("/usr/lib/jvm", "/none/jvm")
            .replace("/opt", "/none")
            .replace("/Library", "/none")
            .replace("${HOME:-}", "/none"));
  }
}
