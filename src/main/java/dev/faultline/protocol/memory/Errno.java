package dev.faultline.protocol.memory;

/** The errors of the kernel that the model knows, with their numbers on x86-64. */
public enum Errno {
  /** Not permitted. */
  EPERM(1),
  /** There is no such thing. */
  ENOENT(2),
  /** A signal came. */
  EINTR(4),
  /** The VM is dead, or the file does not belong to the slot. */
  EIO(5),
  /** An argument is too large. */
  E2BIG(7),
  /** No such file descriptor. */
  EBADF(9),
  /** A page is in use; try again. */
  EAGAIN(11),
  /** No memory. */
  ENOMEM(12),
  /** The page is private. */
  EACCES(13),
  /** No such address, or a memory fault exit. */
  EFAULT(14),
  /** Someone works on it. */
  EBUSY(16),
  /** It is there already. */
  EEXIST(17),
  /** The file cannot do that. */
  ENODEV(19),
  /** A wrong argument; in RFC v1 also: a page is in use. */
  EINVAL(22),
  /** No such ioctl here. */
  ENOTTY(25),
  /** No room. */
  ENOSPC(28),
  /** Not supported. */
  EOPNOTSUPP(95),
  /** The page is poisoned. */
  EHWPOISON(133);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** What a system call returns, negated. */
  public int number() {
    return number;
  }
}
