package dev.faultline.property.expression;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import java.util.List;

/**
 * Reads which page is meant: by its number, or by its address as scenarios write it. A range of
 * numbers has both its ends, a range of addresses ends before its second.
 */
final class Addresses {

  private static final List<String> UNITS =
      List.of("KiB", "MiB", "GiB", "TiB", "B", "pages", "page");

  /** 52 bits of physical address. */
  private static final long MAX_BYTES = 1L << 52;

  private final Tokens tokens;
  private final long pageCount;

  Addresses(Tokens tokens, long pageCount) {
    this.tokens = tokens;
    this.pageCount = pageCount;
  }

  /**
   * A place as it was written.
   *
   * @param page its number
   * @param address it was written as an address
   */
  private record Place(Token first, Token last, long page, boolean address) {}

  IndexRange page() {
    Place place = place();
    check(place, place.page());
    return new IndexRange(place.page(), place.page() + 1);
  }

  /** A range, or a single page. */
  IndexRange range() {
    Place start = place();
    check(start, start.page());
    if (!tokens.take("..")) {
      return new IndexRange(start.page(), start.page() + 1);
    }
    Place end = place();
    if (start.address() != end.address()) {
      throw wrong(
          start,
          end,
          "one end of the range is an address and one the number of a page; write 512..767 or"
              + " 2 MiB..3 MiB");
    }
    check(end, end.address() ? end.page() - 1 : end.page());
    long behind = end.address() ? end.page() : end.page() + 1;
    if (start.page() >= behind) {
      throw wrong(start, end, "the range is empty: it ends behind its start");
    }
    return new IndexRange(start.page(), behind);
  }

  private void check(Place place, long page) {
    if (page >= pageCount) {
      throw wrong(
          place,
          place,
          "page " + page + " is beyond the guest's memory: its last page is " + (pageCount - 1));
    }
  }

  private Place place() {
    Token number = tokens.peek();
    if (number.kind() != Token.Kind.NUMBER) {
      throw tokens.unexpected("a page: its number, or an address such as 2 MiB", List.of());
    }
    tokens.next();
    boolean hexadecimal = number.text().startsWith("0x");
    boolean unit = tokens.peek().kind() == Token.Kind.WORD && UNITS.contains(tokens.peek().text());
    Token last = unit ? tokens.next() : number;
    if (!unit && isMeantAsUnit()) {
      Token found = tokens.peek();
      throw Tokens.unknown(found, "unknown unit \"" + found.text() + "\"", UNITS.subList(0, 6));
    }
    long value = Numbers.read(number, MAX_BYTES);
    if (!unit && !hexadecimal) {
      return new Place(number, last, value, false);
    }
    long bytes = unit ? multiplied(number, last, value) : value;
    if (bytes % Page.BYTES != 0) {
      throw wrong(
          number,
          last,
          bytes + " bytes is not page-aligned: it is inside page " + bytes / Page.BYTES);
    }
    return new Place(number, last, bytes / Page.BYTES, true);
  }

  /** Capital letters begin no keyword. */
  private boolean isMeantAsUnit() {
    return tokens.peek().kind() == Token.Kind.WORD
        && Character.isUpperCase(tokens.peek().text().charAt(0));
  }

  private static long multiplied(Token number, Token unit, long value) {
    long factor =
        switch (unit.text()) {
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          case "TiB" -> 1L << 40;
          case "B" -> 1;
          default -> Page.BYTES;
        };
    if (value > MAX_BYTES / factor) {
      throw Tokens.senseless(number, number.text() + " " + unit.text() + " is more than 4096 TiB");
    }
    return value * factor;
  }

  private static Wrong wrong(Place first, Place last, String text) {
    return wrong(first.first(), last.last(), text);
  }

  private static Wrong wrong(Token first, Token last, String text) {
    return new Wrong(Mistake.of(first.start(), last.end(), text));
  }
}
