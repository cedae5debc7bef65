package dev.faultline.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One journal has one writer, in this process and in all others. */
@Timeout(60)
class JournalLockTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name_the_file() {
    file = folder.resolve("journal.jsonl");
  }

  private JournalWriter resume() throws JournalFailure, JournalDamaged {
    return JournalWriter.resume(file, new Sync.Never(), warning -> {}, line -> {});
  }

  /** Another JVM, with this one's classes. */
  private ProcessBuilder jvm(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                file.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Another JVM that writes the journal. */
  private Process holder() throws IOException {
    Process process = jvm(LockHolder.class).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(out.readLine()).isEqualTo("writing");
    return process;
  }

  @Test
  void another_process_that_writes_is_named() throws Exception {
    Process process = holder();
    try {
      String named = file + " is being written by process " + process.pid();
      assertThatThrownBy(this::resume).isInstanceOf(JournalFailure.class).hasMessage(named);
      assertThatThrownBy(() -> JournalWriter.create(file, new Sync.Never()))
          .isInstanceOf(JournalFailure.class)
          .hasMessage(named);
      assertThat(Journals.read(file)).as("reading needs no lock").isEqualTo(Journals.objects(1));
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(folder.resolve("journal.jsonl.lock"))
        .as("a killed process leaves its lock file")
        .hasContent(Long.toString(process.pid()));
    try (JournalWriter writer = resume()) {
      writer.append(Journals.object(2));
    }
    assertThat(Journals.read(file)).isEqualTo(Journals.objects(2));
    assertThat(folder.resolve("journal.jsonl.lock")).doesNotExist();
  }

  @Test
  void another_writer_of_this_process_is_refused_and_takes_nothing_away() throws Exception {
    try (JournalWriter writer = JournalWriter.create(file, new Sync.Never())) {
      writer.append(Journals.object(1));
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(this::resume)
            .isInstanceOf(JournalFailure.class)
            .hasMessage(
                file
                    + " is being written by process "
                    + ProcessHandle.current().pid()
                    + ", which is this one");
      }
      // What was refused, and a reader, closed their channels; the lock has to be there still.
      Journals.read(file);
      assertThat(lockedForOthers()).isTrue();
      writer.append(Journals.object(2));
    }
    assertThat(Journals.read(file)).isEqualTo(Journals.objects(2));
    assertThat(lockedForOthers()).isFalse();
  }

  /** Whether a process other than this one is refused. */
  private boolean lockedForOthers() throws Exception {
    Process process = jvm(LockHolder.class).start();
    process.outputWriter().close();
    String error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return error.contains(
        "is being written by process " + ProcessHandle.current().pid() + System.lineSeparator());
  }

  @Test
  void a_file_is_one_file_by_whatever_path() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    try (JournalWriter writer = JournalWriter.create(file, new Sync.Never())) {
      Path other = link.resolve("..").resolve(folder.getFileName()).resolve("journal.jsonl");
      assertThatThrownBy(() -> JournalLock.take(link.resolve("journal.jsonl")))
          .isInstanceOf(JournalFailure.class);
      assertThatThrownBy(() -> JournalLock.take(other)).isInstanceOf(JournalFailure.class);
      writer.append(Journals.object(1));
    }
  }

  @Test
  void what_is_no_lock_is_not_asked_for_ever() throws Exception {
    Path lock = folder.toRealPath().resolve("journal.jsonl.lock");
    String refused = file + " cannot be locked: " + lock + " was left by no run; remove it";
    Files.writeString(lock, "released");
    assertThatThrownBy(() -> JournalLock.take(file)).hasMessage(refused);
    Files.delete(lock);
    Files.createSymbolicLink(lock, folder.resolve("nothing"));
    assertThatThrownBy(() -> JournalLock.take(file)).hasMessage(refused);
    Files.delete(lock);
    try (JournalLock taken = JournalLock.take(file)) {
      assertThat(lock).isNotEmptyFile();
    }
  }

  @Test
  void of_many_at_once_one_has_it() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    Callable<Boolean> taker =
        () -> {
          boolean alone = true;
          for (int round = 0; round < 200; round++) {
            try (JournalLock lock = JournalLock.take(file)) {
              alone &= inside.incrementAndGet() == 1;
              taken.incrementAndGet();
              inside.decrementAndGet();
            } catch (JournalFailure _) {
              // Another has it.
            }
          }
          return alone;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        results.add(threads.submit(taker));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
    assertThat(taken.get()).isPositive();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void of_many_processes_one_has_it_also_while_another_lets_go() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int each = 0; each < 3; each++) {
      processes.add(
          jvm(LockContender.class, "1").redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).matches("[1-9][0-9]*");
      assertThat(process.waitFor()).isZero();
    }
    assertThat(folder).isEmptyDirectory();
  }
}
