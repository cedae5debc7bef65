package dev.faultline.scenario.yaml;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and offsets in bytes as files name them: {@code 4 KiB}, {@code 1 TiB}, {@code 0}. */
public final class ByteSize {

  static final long PAGE = 4096;

  /** The largest size; above it an end offset would not fit the kernel's signed loff_t. */
  static final long MAX = 8_388_607L << 40;

  /** For JSON Schema: a size as text; its first part alone is a size as well. */
  static final String PATTERN = "(0|[1-9][0-9]*|0x[0-9a-fA-F]+|(0|[1-9][0-9]*) [KMGT]iB)";

  static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");

  private static final Pattern FORM = Pattern.compile("([0-9]++|0x[0-9a-fA-F]++)( ?+)([a-zA-Z]*+)");

  private static final int BITS_PER_UNIT = 10;

  private ByteSize() {}

  /** A size in the largest unit in which it is a whole number; below 1 KiB the bytes alone. */
  public static String text(long bytes) {
    for (int unit = UNITS.size(); unit > 0 && bytes != 0; unit--) {
      int shift = unit * BITS_PER_UNIT;
      if (bytes >> shift << shift == bytes) {
        return (bytes >> shift) + " " + UNITS.get(unit - 1);
      }
    }
    return Long.toString(bytes);
  }

  /** Reads a size; empty if it is none, with a problem where the reason is worth a sentence. */
  static Optional<Long> read(String text, Report report) {
    Matcher form = FORM.matcher(text);
    if (text.length() > 40 || !form.matches()) {
      return Optional.empty();
    }
    String number = form.group(1);
    String unit = form.group(3);
    if (Whole.hasLeadingZero(number)) {
      report.problem("leading zero in " + number + "; write " + Whole.withoutLeadingZeros(number));
      return Optional.empty();
    }
    if (!unit.isEmpty() && !UNITS.contains(unit)) {
      report.problem("unknown unit " + Kind.quoted(unit) + Nearest.hint(unit, UNITS));
      return Optional.empty();
    }
    if (unit.isEmpty() != form.group(2).isEmpty()) {
      report.problem("write a space: \"" + number + " " + unit + "\", found " + Kind.quoted(text));
      return Optional.empty();
    }
    int shift = (UNITS.indexOf(unit) + 1) * BITS_PER_UNIT;
    Optional<Long> bytes =
        Whole.parse(number).filter(count -> count <= MAX >> shift).map(count -> count << shift);
    if (bytes.isEmpty()) {
      report.problem(text + " is too large; the most is " + text(MAX));
    }
    return bytes;
  }

  /** Reads a size that is a number of whole pages. */
  static Optional<Long> readAligned(String text, Report report) {
    return read(text, report).filter(bytes -> isAligned(bytes, text, report));
  }

  /** Reads a range of whole pages. */
  static Optional<ByteRange> readRange(String text, Report report) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      return Optional.empty();
    }
    int before = report.problems().count();
    Optional<Long> start = read(text.substring(0, dots), report);
    Optional<Long> end = read(text.substring(dots + 2), report);
    if (start.isEmpty() || end.isEmpty() || report.problems().count() > before) {
      return Optional.empty();
    }
    if (start.get() >= end.get()) {
      String wrong = start.get().equals(end.get()) ? " is empty" : " ends before it starts";
      report.problem(text + wrong + "; a range is START..END, the end not in it");
      return Optional.empty();
    }
    boolean aligned = isAligned(start.get(), text, report) && isAligned(end.get(), text, report);
    return aligned ? Optional.of(new ByteRange(start.get(), end.get())) : Optional.empty();
  }

  private static boolean isAligned(long bytes, String text, Report report) {
    if (bytes % PAGE == 0) {
      return true;
    }
    String inside = bytes + (bytes == 1 ? " byte" : " bytes") + " is inside page " + bytes / PAGE;
    report.problem(text + " is not page-aligned: " + inside);
    return false;
  }
}
