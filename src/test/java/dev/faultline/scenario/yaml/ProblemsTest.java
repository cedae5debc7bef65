package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a user is shown. */
class ProblemsTest {

  @Test
  void mistakes_are_shown_in_the_order_of_the_file_and_counted() {
    Problems problems = new Problems();
    problems.add(new Position("vfio.yaml", 17, 27), "2 MiB..3 is not page-aligned");
    problems.add(
        new Position("vfio.yaml", 29, 33),
        "EBUSY is no answer of in-place-v8's convert-to-private; it can say: EAGAIN, EINVAL,"
            + " ENOMEM, EFAULT");
    problems.add(new Position("vfio.yaml", 14, 5), "unknown verb \"dma-mpa\"");
    problems.add(new Position("vfio.yaml", 14, 5), "unknown verb \"dma-mpa\"");
    assertThat(problems.render())
        .isEqualTo(
            """
            vfio.yaml:14:5: unknown verb "dma-mpa"
            vfio.yaml:17:27: 2 MiB..3 is not page-aligned
            vfio.yaml:29:33: EBUSY is no answer of in-place-v8's convert-to-private;
                             it can say: EAGAIN, EINVAL, ENOMEM, EFAULT
            3 mistakes, nothing was run
            """);
  }

  @Test
  void one_is_one_and_none_is_nothing() {
    Problems problems = new Problems();
    assertThat(problems.render()).isEmpty();
    problems.add(Position.ofFile("none.yaml"), "no such file");
    assertThat(problems.render())
        .isEqualTo("none.yaml: no such file\n1 mistake, nothing was run\n");
  }

  @Test
  void after_twenty_the_rest_is_counted() {
    Problems problems = new Problems();
    for (int line = 1; line <= 23; line++) {
      problems.add(new Position("f", line, 1), "wrong");
    }
    assertThat(problems.render().lines())
        .hasSize(22)
        .contains("f:1:1: wrong", "f:20:1: wrong", "and 3 more", "23 mistakes, nothing was run")
        .doesNotContain("f:21:1: wrong");
  }
}
