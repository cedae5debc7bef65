package dev.faultline.property.expression;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How two numbers compare. */
enum Comparison {
  EQUAL("="),
  OTHER("!="),
  LESS("<"),
  AT_MOST("<="),
  MORE(">"),
  AT_LEAST(">=");

  /** All signs, in the order of messages. */
  static final List<String> SIGNS = Arrays.stream(values()).map(Comparison::sign).toList();

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  String sign() {
    return sign;
  }

  static Optional<Comparison> of(Token token) {
    return Arrays.stream(values()).filter(value -> token.is(value.sign)).findFirst();
  }

  boolean holds(long left, long right) {
    return switch (this) {
      case EQUAL -> left == right;
      case OTHER -> left != right;
      case LESS -> left < right;
      case AT_MOST -> left <= right;
      case MORE -> left > right;
      case AT_LEAST -> left >= right;
    };
  }
}
