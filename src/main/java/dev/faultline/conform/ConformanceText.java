package dev.faultline.conform;

import java.util.List;
import java.util.stream.Collectors;

/** What is printed of results: a line a file, or KTAP. */
public final class ConformanceText {

  /** So many answers of the model are shown; a conversion can be refused at any of 1,024 pages. */
  private static final int SHOWN = 4;

  private ConformanceText() {}

  /** One line without its end. */
  public static String line(Conformance.Result result) {
    String start = visible(result.file()) + ": " + counts(result);
    return result
        .first()
        .map(
            first ->
                "%s; first at %d, %s: the kernel answers %s, the model %s: %s"
                    .formatted(
                        start,
                        first.operation(),
                        first.text(),
                        first.kernel().text(),
                        answers(first),
                        visible(first.reason())))
        .orElse(start);
  }

  /**
   * KTAP version 1, as the kernel's own tests speak it (Documentation/dev-tools/ktap.rst): a result
   * a file, what is to be said about it in the lines before it, and kselftest's totals.
   */
  public static String ktap(List<Conformance.Result> results) {
    StringBuilder text = new StringBuilder("KTAP version 1\n1..").append(results.size());
    text.append('\n');
    int number = 0;
    for (Conformance.Result result : results) {
      number++;
      text.append("# ").append(counts(result)).append('\n');
      result.first().ifPresent(first -> diagnostics(first, text));
      // A "#" in a description would start a directive.
      text.append(result.agrees() ? "ok " : "not ok ").append(number).append(' ');
      text.append(visible(result.file()).replace('#', '_')).append('\n');
    }
    long passed = results.stream().filter(Conformance.Result::agrees).count();
    text.append("# Totals: pass:").append(passed).append(" fail:").append(number - passed);
    return text.append(" xfail:0 xpass:0 skip:0 error:0\n").toString();
  }

  private static void diagnostics(Conformance.Disagreement first, StringBuilder text) {
    text.append("# first disagreement: operation ").append(first.operation()).append(", ");
    text.append(first.text()).append('\n');
    text.append("# kernel: ").append(first.kernel().text()).append('\n');
    text.append("# model: ").append(answers(first)).append('\n');
    text.append("# reason: ").append(visible(first.reason())).append('\n');
  }

  private static String counts(Conformance.Result result) {
    int disagreements = result.operations() - result.agreements();
    return "%,d %s, %,d agree%s, %s"
        .formatted(
            result.operations(),
            result.operations() == 1 ? "operation" : "operations",
            result.agreements(),
            disagreements == 0
                ? ""
                : ", %,d differ%s".formatted(disagreements, disagreements == 1 ? "s" : ""),
            result.model());
  }

  private static String answers(Conformance.Disagreement first) {
    List<Answer> answers = first.model();
    String shown =
        answers.stream().limit(SHOWN).map(Answer::text).collect(Collectors.joining(" or "));
    int more = answers.size() - SHOWN;
    return more > 0 ? shown + " or " + more + " others" : shown;
  }

  /** A name of a file may have any character, and one line is promised. */
  private static String visible(String text) {
    return text.codePoints()
        .map(character -> Character.isISOControl(character) ? '?' : character)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
