package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a file before anything is known of its text. */
class YamlSourceTest {

  @TempDir private Path folder;

  @Test
  void a_file_is_read_under_the_name_that_the_user_gave() throws IOException {
    Path file = write("a: \u00e4\n".getBytes(StandardCharsets.UTF_8));
    Problems problems = new Problems();
    assertThat(YamlSource.readFile(file, problems))
        .contains(new YamlSource(file.toString(), "a: \u00e4\n"));
  }

  @Test
  void a_byte_order_mark_is_no_part_of_the_text() throws IOException {
    Path file = write("\ufeffa: 1\n".getBytes(StandardCharsets.UTF_8));
    assertThat(YamlSource.readFile(file, new Problems()))
        .contains(new YamlSource(file.toString(), "a: 1\n"));
  }

  @Test
  void what_is_no_file_has_no_line() {
    assertThat(messages(folder.resolve("none.yaml"))).containsExactly("/none.yaml: no such file");
    assertThat(messages(folder)).containsExactly(": a directory; name a file in it");
  }

  @Test
  void bytes_that_are_no_text_are_refused_where_they_stand() throws IOException {
    assertThat(messages(write(new byte[] {'a', '\n', 'b', (byte) 0xff, 'c'})))
        .containsExactly("/f.yaml:2:2: not a text file: byte 0xff is not UTF-8");
    assertThat(messages(write(new byte[] {'a', (byte) 0xc3})))
        .containsExactly("/f.yaml:1:2: not a text file: byte 0xc3 is not UTF-8");
  }

  @Test
  void a_large_file_is_refused_where_it_gets_too_large() throws IOException {
    assertThat(messages(write("[".repeat(10 << 20).getBytes(StandardCharsets.UTF_8))))
        .containsExactly(
            "/f.yaml:1:262145: the file is larger than 256 KiB; split it or cut it down");
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("f.yaml"), bytes);
  }

  private List<String> messages(Path file) {
    Problems problems = new Problems();
    assertThat(YamlSource.readFile(file, problems)).isEmpty();
    return problems.sorted().stream()
        .map(problem -> problem.toString().replace(folder.toString(), ""))
        .toList();
  }
}
