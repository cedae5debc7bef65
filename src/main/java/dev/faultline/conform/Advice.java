package dev.faultline.conform;

import java.util.Optional;

/** What an advice of madvise does to a shared mapping of a file (mm/madvise.c). */
enum Advice {
  /** It succeeds, and nothing that a trace could see changes. */
  NOTHING,
  /** As NOTHING; EINVAL where pages are locked. */
  RECLAIM,
  /** Page table entries go; EINVAL where pages are locked. */
  DONTNEED,
  /** Page table entries go, of locked pages too. */
  DONTNEED_LOCKED,
  /** A hole in the file; EINVAL where pages are locked. */
  REMOVE,
  /** Pages are faulted in as by loads. */
  POPULATE_READ,
  /** Pages are faulted in as by stores; EINVAL where none may be. */
  POPULATE_WRITE;

  /** Empty for an advice that such a mapping refuses with EINVAL. */
  static Optional<Advice> of(int number) {
    return switch (number) {
      // NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTFORK, DOFORK, HUGEPAGE, NOHUGEPAGE,
      // DONTDUMP, DODUMP, KEEPONFORK, GUARD_REMOVE; MERGEABLE is of a kernel with CONFIG_KSM
      case 0, 1, 2, 3, 10, 11, 14, 15, 16, 17, 19, 103 -> Optional.of(NOTHING);
      // COLD, PAGEOUT
      case 20, 21 -> Optional.of(RECLAIM);
      case 4 -> Optional.of(DONTNEED);
      case 24 -> Optional.of(DONTNEED_LOCKED);
      case 9 -> Optional.of(REMOVE);
      case 22 -> Optional.of(POPULATE_READ);
      case 23 -> Optional.of(POPULATE_WRITE);
      default -> Optional.empty();
    };
  }
}
