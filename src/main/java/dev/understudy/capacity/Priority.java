package dev.understudy.capacity;

import java.util.Locale;
import java.util.Optional;

/** Whose call goes first where there is not enough for all, the first of these first. */
public enum Priority {
  /** Somebody waits for the answer. */
  INTERACTIVE,
  /** It may take its time. */
  BATCH;

  /** As headers and settings write it; empty if it is neither. */
  public static Optional<Priority> named(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "interactive" -> Optional.of(INTERACTIVE);
      case "batch" -> Optional.of(BATCH);
      default -> Optional.empty();
    };
  }

  /**
   * The class of a call whose caller asks for one.
   *
   * @param highest the best that this caller may use
   */
  public static Priority granted(Optional<Priority> asked, Priority highest) {
    Priority wish = asked.orElse(highest);
    return wish.compareTo(highest) < 0 ? highest : wish;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
