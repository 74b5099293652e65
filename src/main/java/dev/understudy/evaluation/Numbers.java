package dev.understudy.evaluation;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds numbers as people write them. */
final class Numbers {
  /** Thousands with commas, a sign, decimals, an exponent. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][-+]?\\d{1,3})?|[-+]?\\.\\d+");

  private Numbers() {}

  /** The last number in a text; empty if there is none. */
  static OptionalDouble last(String text) {
    Matcher matcher = NUMBER.matcher(text);
    OptionalDouble last = OptionalDouble.empty();
    while (matcher.find()) {
      last = OptionalDouble.of(Double.parseDouble(matcher.group().replace(",", "")));
    }
    return last;
  }

  /** A text that is a number and nothing else. */
  static OptionalDouble whole(String text) {
    String number = text.strip();
    return NUMBER.matcher(number).matches()
        ? OptionalDouble.of(Double.parseDouble(number.replace(",", "")))
        : OptionalDouble.empty();
  }
}
