package dev.faultline.conform;

import java.util.Optional;

/** What an advice of madvise does to a shared mapping of a file (mm/madvise.c). */
enum Advice {
  /** It succeeds, and nothing that a trace could see changes. */
  NOTHING,
  /** Page table entries go; EINVAL where pages are locked. */
  DONTNEED,
  /** A hole in the file; EINVAL where pages are locked. */
  REMOVE,
  /** Pages are faulted in. */
  POPULATE;

  /** Empty for an advice that such a mapping refuses with EINVAL. */
  static Optional<Advice> of(int number) {
    return switch (number) {
      // NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTFORK, DOFORK, HUGEPAGE, NOHUGEPAGE, DONTDUMP,
      // DODUMP, COLD, PAGEOUT
      case 0, 1, 2, 3, 10, 11, 14, 15, 16, 17, 20, 21 -> Optional.of(NOTHING);
      case 4, 24 -> Optional.of(DONTNEED);
      case 9 -> Optional.of(REMOVE);
      case 22, 23 -> Optional.of(POPULATE);
      default -> Optional.empty();
    };
  }
}
