package dev.faultline.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrnoTest {

  /** As in include/uapi/asm-generic/errno-base.h and errno.h. */
  @Test
  void numbers_are_those_of_the_kernel() {
    assertThat(Arrays.stream(Errno.values()).map(errno -> errno + " " + errno.number()))
        .containsExactly(
            "EPERM 1",
            "ENOENT 2",
            "EINTR 4",
            "EIO 5",
            "E2BIG 7",
            "EBADF 9",
            "EAGAIN 11",
            "ENOMEM 12",
            "EACCES 13",
            "EFAULT 14",
            "EBUSY 16",
            "EEXIST 17",
            "ENODEV 19",
            "EINVAL 22",
            "ENOTTY 25",
            "ENOSPC 28",
            "EOPNOTSUPP 95",
            "EHWPOISON 133");
  }
}
