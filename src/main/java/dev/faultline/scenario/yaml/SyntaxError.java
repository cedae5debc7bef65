package dev.faultline.scenario.yaml;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What the YAML parser refused, in our words: on one line, what was expected and what was found.
 *
 * @param at where it is best mended, which is not always where the parser noticed
 * @param text the message
 */
record SyntaxError(Position at, String text) {

  static final String NO_ANCHORS = "anchors and aliases are not used here";
  static final String NO_TAGS = "tags are not used here";
  static final String REMOVE_DIRECTIVE =
      "directives are not used here; remove the line that starts with %";

  private static final String UNKNOWN_ESCAPE =
      "unknown escape in a text in double quotes; write \\\\ for a backslash";

  private static final Pattern QUOTED = Pattern.compile("'(.)'", Pattern.DOTALL);
  private static final Pattern TOKEN =
      Pattern.compile("(?:found '?|got )(<[a-z ]+>|[-,:?\\[\\]{}])'?$");

  /** Translates what the parser threw when it had read up to a place. */
  static SyntaxError of(RuntimeException failure, String file, Position reached) {
    if (!(failure instanceof MarkedYamlEngineException marked)) {
      return new SyntaxError(reached, unmarked(failure));
    }
    Position here = position(marked.getProblemMark(), file, reached);
    Position start = position(marked.getContextMark(), file, here);
    // A problem without a context comes as a context without a problem.
    String problem = marked.getProblem() == null ? "" : marked.getProblem();
    String context = marked.getContext() == null ? "" : marked.getContext();
    return of(context.strip(), problem.isBlank() ? context : problem, start, here);
  }

  private static SyntaxError of(String context, String problem, Position start, Position here) {
    if (context.endsWith("alias") || context.endsWith("anchor")) {
      return new SyntaxError(start, NO_ANCHORS);
    }
    if (context.endsWith("tag") || problem.contains("tag handle")) {
      return new SyntaxError(start, NO_TAGS);
    }
    if (context.endsWith("directive") || problem.contains("directive")) {
      return new SyntaxError(start, REMOVE_DIRECTIVE);
    }
    if (problem.startsWith("found unexpected end of stream")) {
      return new SyntaxError(start, "expected a closing quote, found the end of the file");
    }
    if (problem.startsWith("found unexpected document separator")) {
      return new SyntaxError(start, "expected a closing quote, found a line of \"---\" or \"...\"");
    }
    if (problem.startsWith("could not find expected ':'")) {
      return new SyntaxError(start, "expected \":\" after this word, found the end of the line");
    }
    if (problem.startsWith("expected ',' or ']'")) {
      String where = "; the list starts on line " + start.line();
      return new SyntaxError(here, "expected \",\" or \"]\", found " + token(problem) + where);
    }
    if (problem.startsWith("expected ',' or '}'")) {
      String where = "; the mapping starts on line " + start.line();
      return new SyntaxError(here, "expected \",\" or \"}\", found " + token(problem) + where);
    }
    return new SyntaxError(here, atPlace(context, problem));
  }

  private static String atPlace(String context, String problem) {
    if (problem.startsWith("mapping values are not allowed here")) {
      return "\":\" is not expected here; put a text with \": \" in it into quotes";
    }
    if (problem.startsWith("sequence entries are not allowed here")) {
      return "\"- \" is not expected here; start a list on a line of its own";
    }
    if (problem.startsWith("mapping keys are not allowed here")) {
      return "\"? \" is not expected here; put a text that starts with it into quotes";
    }
    if (problem.startsWith("found character")) {
      return "expected a value, found " + character(problem) + "; put the text into quotes";
    }
    if (problem.startsWith("expected <block end>")) {
      String wanted = context.endsWith("mapping") ? "a key" : "\"- \"";
      return "expected " + wanted + " or less indentation, found " + token(problem);
    }
    if (problem.startsWith("expected the node content")) {
      return "expected a value, found " + token(problem);
    }
    if (problem.contains("<document start>") || problem.contains("<document end>")) {
      return "expected the end of the file, found " + token(problem);
    }
    if (problem.startsWith("found unknown escape")) {
      return UNKNOWN_ESCAPE;
    }
    if (problem.startsWith("expected escape sequence")) {
      return "expected hexadecimal digits after this escape; write \\\\ for a backslash";
    }
    if (context.endsWith("block scalar") || context.endsWith("a scalar")) {
      return "expected \"|\" or \">\" alone, then a text with one indentation, found "
          + (problem.contains("leading empty lines")
              ? "more of it on an empty line"
              : "other text");
    }
    return Kind.shortened(problem.strip());
  }

  private static String unmarked(RuntimeException failure) {
    if (failure instanceof IllegalArgumentException) {
      return UNKNOWN_ESCAPE;
    }
    return String.valueOf(failure.getMessage()).startsWith("A simple key is required")
        ? "expected a line of its own for what follows"
        : "expected YAML, found something else";
  }

  private static String character(String problem) {
    Matcher quoted = QUOTED.matcher(problem);
    return quoted.find() ? Kind.quoted(quoted.group(1)) : "a character that starts none";
  }

  private static String token(String problem) {
    Matcher found = TOKEN.matcher(problem);
    if (!found.find()) {
      return "something else";
    }
    String token = found.group(1);
    return switch (token) {
      case "<alias>" -> "an alias";
      case "<anchor>" -> "an anchor";
      case "<tag>" -> "a tag";
      case "<directive>" -> "a directive";
      case "<scalar>" -> "a text";
      case "<block mapping start>" -> "a mapping";
      case "<block sequence start>" -> "a list";
      case "<block end>" -> "less indentation";
      case "<document start>" -> "\"---\"";
      case "<document end>" -> "\"...\"";
      case "<stream end>" -> "the end of the file";
      case "?" -> "a key";
      default -> Kind.quoted(token);
    };
  }

  private static Position position(Optional<Mark> mark, String file, Position otherwise) {
    return mark.map(it -> Composer.position(file, it)).orElse(otherwise);
  }
}
