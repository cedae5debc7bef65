package dev.faultline.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedFolderTest {

  @TempDir Path folder;

  @Test
  void the_first_free_number_is_taken_and_parents_are_made() throws Exception {
    Path runs = folder.resolve("journal").resolve("run");
    assertThat(NumberedFolder.make(runs, "story")).isEqualTo(runs.resolve("story-1")).exists();
    Files.createFile(runs.resolve("story-2"));
    Files.createDirectory(runs.resolve("story-4"));
    assertThat(NumberedFolder.make(runs, "story")).isEqualTo(runs.resolve("story-3"));
    assertThat(NumberedFolder.make(runs, "story")).isEqualTo(runs.resolve("story-5"));
  }

  @Test
  void of_many_at_once_each_gets_its_own() throws Exception {
    List<Future<Path>> made = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int run = 0; run < 200; run++) {
        made.add(threads.submit(() -> NumberedFolder.make(folder, "story")));
      }
    }
    List<Path> folders = new ArrayList<>();
    for (Future<Path> each : made) {
      folders.add(each.get());
    }
    assertThat(folders)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 200)
                .mapToObj(number -> folder.resolve("story-" + number))
                .toList());
  }

  @Test
  void a_file_in_the_place_of_a_parent_is_refused() throws Exception {
    Path file = Files.createFile(folder.resolve("journal"));
    assertThatThrownBy(() -> NumberedFolder.make(file, "story"))
        .isInstanceOf(FileAlreadyExistsException.class);
  }
}
