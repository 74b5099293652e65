package dev.understudy.capacity;

import java.util.Locale;

/** What a vendor counts, and over which time. */
public enum Dimension {
  REQUESTS(60_000),
  /** Input and output together. */
  TOKENS(60_000),
  INPUT_TOKENS(60_000),
  OUTPUT_TOKENS(60_000),
  REQUESTS_DAY(86_400_000),
  TOKENS_DAY(86_400_000),
  TOKENS_MONTH(30L * 86_400_000),
  /** Weighted tokens of capacity that is paid for whether it is used or not. */
  PROVISIONED(60_000);

  private final long windowMillis;

  Dimension(long windowMillis) {
    this.windowMillis = windowMillis;
  }

  /** The time over which it is counted. */
  public long windowMillis() {
    return windowMillis;
  }

  /** Whether it is counted by the minute, so that a refusal teaches something about the rate. */
  boolean isRate() {
    return windowMillis == 60_000;
  }

  /** As settings, pages and metrics write it, such as {@code input-tokens}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
