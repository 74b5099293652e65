package dev.understudy.app.settings;

import java.util.List;

/** Settings that cannot be used; says all that is wrong, one fact a line, and no secret. */
public final class BadSettings extends Exception {
  private final List<String> lines;

  public BadSettings(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  /** Each as {@code file:line:column: message}. */
  public List<String> lines() {
    return lines;
  }
}
