package dev.understudy.sandbox;

/**
 * Makes a string that a simple regular expression matches: characters, classes, groups, the first
 * of several alternatives, and each repetition as often as it must be. Anything else is left out,
 * so that its caller has to check the result.
 */
final class PatternExample {
  private static final int REPEAT_MAX = 1_000;

  private final String pattern;
  private int at;

  private PatternExample(String pattern) {
    this.pattern = pattern;
  }

  static String of(String pattern) {
    return new PatternExample(pattern).alternatives();
  }

  private String alternatives() {
    String first = sequence();
    while (at < pattern.length() && pattern.charAt(at) == '|') {
      at++;
      var _ = sequence();
    }
    return first;
  }

  private String sequence() {
    var text = new StringBuilder();
    while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      String atom = atom();
      text.append(atom.repeat(repetitions()));
    }
    return text.toString();
  }

  private String atom() {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '^', '$' -> "";
      case '.' -> "a";
      case '(' -> group();
      case '[' -> characterClass();
      case '\\' -> at < pattern.length() ? escape(pattern.charAt(at++)) : "";
      default -> String.valueOf(c);
    };
  }

  private String group() {
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (pattern.startsWith("?<", at) && pattern.indexOf('>', at) > 0) {
      at = pattern.indexOf('>', at) + 1;
    }
    String inner = alternatives();
    at++;
    return inner;
  }

  private String characterClass() {
    boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
    if (negated) {
      at++;
    }
    String first = "";
    int start = at;
    while (at < pattern.length() && (pattern.charAt(at) != ']' || at == start)) {
      char c = pattern.charAt(at++);
      String one =
          c == '\\' && at < pattern.length() ? escape(pattern.charAt(at++)) : String.valueOf(c);
      if (first.isEmpty()) {
        first = one;
      }
    }
    at++;
    return negated ? (first.equals("a") ? "b" : "a") : first;
  }

  private static String escape(char c) {
    return switch (c) {
      case 'd' -> "1";
      case 'w' -> "a";
      case 's' -> " ";
      case 'D', 'S', 'W' -> "-";
      case 'b', 'B', 'A', 'z', 'Z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      default -> String.valueOf(c);
    };
  }

  private int repetitions() {
    if (at >= pattern.length()) {
      return 1;
    }
    int times = 1;
    switch (pattern.charAt(at)) {
      case '*', '?' -> {
        times = 0;
        at++;
      }
      case '+' -> at++;
      case '{' -> {
        int end = pattern.indexOf('}', at);
        String bounds = end < 0 ? "" : pattern.substring(at + 1, end);
        if (bounds.matches("\\d{1,4}(,\\d*)?")) {
          times = Integer.parseInt(bounds.split(",", -1)[0]);
          at = end + 1;
        }
      }
      default -> {
        return 1;
      }
    }
    if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == '+')) {
      at++;
    }
    return Math.min(times, REPEAT_MAX);
  }
}
