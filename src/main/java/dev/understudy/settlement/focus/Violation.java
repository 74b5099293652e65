package dev.understudy.settlement.focus;

import java.util.Optional;

/**
 * One place in which a dataset breaks a requirement.
 *
 * @param rule the requirement's id
 * @param because the requirement on formats that is broken, where the rule asks for a format
 * @param must whether it must be met, or only should
 * @param line where the row begins in the file; 1, the head, for what concerns all of it
 * @param value the beginning of what stands there
 */
public record Violation(
    String rule,
    Optional<String> because,
    boolean must,
    long line,
    String column,
    String value,
    String message) {
  private static final int VALUE_MAX = 60;

  public Violation {
    String cut = value.length() > VALUE_MAX ? value.substring(0, VALUE_MAX) + "…" : value;
    value = cut.replaceAll("\\p{Cntrl}", "?");
  }

  /** One line: the rule, where it is, and what is wrong. */
  @Override
  public String toString() {
    return "%s%s %s row %d%s: %s%s"
        .formatted(
            rule,
            because.map(id -> " (" + id + ")").orElse(""),
            must ? "must" : "should",
            line,
            column.isEmpty() ? "" : ", " + column,
            message,
            value.isEmpty() ? "" : ": \"" + value + "\"");
  }
}
