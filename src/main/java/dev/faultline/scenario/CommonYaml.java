package dev.faultline.scenario;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import java.util.List;
import java.util.Locale;

/** Shapes that more than one kind of file has. */
final class CommonYaml {

  static final Shape<Errno> ERRNO = Shapes.word("errno", List.of(Errno.values()), Errno::name);
  static final Shape<View> VIEW = Shapes.word("view", List.of(View.values()), View::word);

  /** Pages of the guest, by their addresses. */
  static final Shape<GfnRange> RANGE =
      Shapes.range()
          .map(bytes -> new GfnRange(bytes.start() / Page.BYTES, bytes.end() / Page.BYTES));

  /** One page of the guest, by its address. */
  static final Shape<GfnRange> PAGE =
      Shapes.alignedSize().map(bytes -> new GfnRange(bytes / Page.BYTES, bytes / Page.BYTES + 1));

  /** A design's name. */
  static final Field<String> NAME =
      Field.required("name", Shapes.fileName(), "the name on the command line");

  /** Where a design of which there is a source is written. */
  static final Field<String> SOURCE =
      Field.required("source", Shapes.text(), "where it can be read: series, version, file");

  private CommonYaml() {}

  /**
   * One of some constants, in small letters with dashes.
   *
   * @param what what they are, for messages
   */
  static <T extends Enum<T>> Shape<T> word(String what, T[] values) {
    return Shapes.word(
        what, List.of(values), value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }
}
