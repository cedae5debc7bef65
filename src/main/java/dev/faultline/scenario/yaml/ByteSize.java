package dev.faultline.scenario.yaml;

import dev.faultline.protocol.memory.Page;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and ranges of memory: {@code 2 MiB}, {@code 0x200000}, {@code 512 pages}. */
public final class ByteSize {

  /** A guest's address space: 52 bits of physical address. */
  static final long MAX = 1L << 52;

  /** A size as text; its first half alone is a size in bytes. */
  static final String PATTERN = "(0x[0-9a-fA-F]{1,16}|[0-9]{1,18})( ?(B|KiB|MiB|GiB|TiB|pages?))?";

  private static final Pattern FORM =
      Pattern.compile("(0x[0-9a-fA-F]{1,16}|[0-9]++) ?([A-Za-z]*+)");

  /** Without "B", which is one letter from what is written most often: MB. */
  private static final List<String> LONG_UNITS =
      List.of("KiB", "MiB", "GiB", "TiB", "pages", "page");

  private static final int MAX_LENGTH = 40;

  private ByteSize() {}

  /** A number of bytes, from 0, as one would write it: in the largest unit that divides it. */
  public static String text(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long number = bytes;
    while (unit + 1 < units.length && number >= 1024 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number == 0 ? "0" : number + " " + units[unit];
  }

  /** Reads a number of bytes. */
  static Optional<Long> read(String text, Report report) {
    Matcher form = FORM.matcher(text);
    if (text.length() > MAX_LENGTH || !form.matches()) {
      report.problem(
          "expected a size such as 2 MiB, 0x200000 or 512 pages, found " + Kind.quoted(text));
      return Optional.empty();
    }
    String digits = form.group(1);
    String unit = form.group(2).isEmpty() ? "B" : form.group(2);
    boolean hexadecimal = digits.startsWith("0x");
    BigInteger number =
        hexadecimal ? new BigInteger(digits.substring(2), 16) : new BigInteger(digits);
    if (!hexadecimal && digits.startsWith("0") && digits.length() > 1) {
      report.problem(digits + " has a leading zero; write " + number);
      return Optional.empty();
    }
    if (!unit.equals("B") && !LONG_UNITS.contains(unit)) {
      report.problem("unknown unit " + Kind.quoted(unit) + Nearest.hint(unit, LONG_UNITS));
      return Optional.empty();
    }
    BigInteger bytes = number.multiply(BigInteger.valueOf(bytesOf(unit)));
    if (bytes.compareTo(BigInteger.valueOf(MAX)) > 0) {
      report.problem(text + " is more than 4096 TiB");
      return Optional.empty();
    }
    return Optional.of(bytes.longValueExact());
  }

  private static long bytesOf(String unit) {
    return switch (unit) {
      case "KiB" -> 1L << 10;
      case "MiB" -> 1L << 20;
      case "GiB" -> 1L << 30;
      case "TiB" -> 1L << 40;
      case "page", "pages" -> Page.BYTES;
      default -> 1;
    };
  }

  /** Reads a number of bytes that makes whole pages. */
  static Optional<Long> readAligned(String text, Report report) {
    return read(text, report).filter(bytes -> isAligned(text, bytes, report));
  }

  /** Reads a range of whole pages, or one page by its address. */
  static Optional<Shapes.Bytes> readRange(String text, Report report) {
    String[] ends = text.split(" ?\\.\\. ?", -1);
    boolean two = ends.length == 2;
    if (ends.length > 2 || text.isBlank() || (two && (ends[0].isEmpty() || ends[1].isEmpty()))) {
      report.problem("expected a range such as 2 MiB..4 MiB, found " + Kind.quoted(text));
      return Optional.empty();
    }
    Optional<Long> start = read(ends[0], report);
    Optional<Long> end = two ? read(ends[1], report) : start.map(address -> address + Page.BYTES);
    if (start.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    if (!isAligned(text, start.get(), report) || (two && !isAligned(text, end.get(), report))) {
      return Optional.empty();
    }
    if (start.get() >= end.get()) {
      report.problem(text + " is empty: a range ends behind its start");
      return Optional.empty();
    }
    return Optional.of(new Shapes.Bytes(start.get(), end.get()));
  }

  private static boolean isAligned(String text, long bytes, Report report) {
    if (bytes % Page.BYTES == 0) {
      return true;
    }
    String counted = bytes + (bytes == 1 ? " byte" : " bytes");
    report.problem(
        text + " is not page-aligned: " + counted + " is inside page " + bytes / Page.BYTES);
    return false;
  }
}
