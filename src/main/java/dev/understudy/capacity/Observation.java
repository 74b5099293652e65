package dev.understudy.capacity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What one reply's headers say about what is left.
 *
 * @param counts one for each dimension that is spoken of
 * @param spilled whether another deployment than the one asked answered
 */
public record Observation(List<Count> counts, boolean spilled) {
  /** Nothing was said. */
  public static final Observation NOTHING = new Observation(List.of(), false);

  /** What nobody said. */
  static final long UNSAID = -1;

  /** Numbers beyond this mean that there is no limit; one vendor writes 2^63. */
  private static final long COUNT_MAX = 1_000_000_000_000_000L;

  /** What was bought is reported as a share, in hundredths of a percent, whatever its size. */
  static final long FULL = 10_000;

  /**
   * What is left of one dimension, each part {@link #UNSAID} where it is.
   *
   * @param resetMillis until all of it is there again
   */
  public record Count(Dimension dimension, long limit, long remaining, long resetMillis) {}

  public Observation {
    counts = List.copyOf(counts);
  }

  /**
   * Reads what is there. What makes no sense is taken as unsaid.
   *
   * @param header the value of a header by its name in lower case
   * @param refused whether the vendor refused; only then does it matter when something is back
   */
  public static Observation of(
      HeaderDialect dialect,
      Function<String, Optional<String>> header,
      boolean refused,
      Instant now) {
    if (dialect.fields().isEmpty()) {
      return NOTHING;
    }
    var counts = new ArrayList<Count>(dialect.fields().size());
    long bought = UNSAID;
    for (HeaderDialect.Field field : dialect.fields()) {
      long limit = whole(header.apply(field.limit()));
      long remaining = whole(header.apply(field.remaining()));
      if (limit == 0 || (limit == UNSAID && remaining == UNSAID)) {
        continue; // a limit of nothing is what vendors write who have none
      }
      if (limit != UNSAID && remaining > limit) {
        remaining = limit;
      }
      if (field.dimension() == Dimension.PROVISIONED) {
        bought = scarcer(bought, limit == UNSAID ? UNSAID : share(remaining, limit));
        continue;
      }
      long reset = refused ? reset(header.apply(field.reset()), now) : UNSAID;
      counts.add(new Count(field.dimension(), limit, remaining, reset));
    }
    boolean spilled = false;
    if (!dialect.utilization().isEmpty()) {
      bought =
          scarcer(
              bought, header.apply(dialect.utilization()).map(Observation::unused).orElse(UNSAID));
      spilled = header.apply(dialect.spilled()).filter(name -> !name.isBlank()).isPresent();
    }
    if (bought != UNSAID) {
      counts.add(new Count(Dimension.PROVISIONED, FULL, bought, UNSAID));
    }
    return counts.isEmpty() && !spilled ? NOTHING : new Observation(counts, spilled);
  }

  private static long reset(Optional<String> text, Instant now) {
    return text.map(value -> Waits.millis(value, now)).orElse(OptionalLong.empty()).orElse(UNSAID);
  }

  private static long whole(Optional<String> text) {
    if (text.isEmpty()) {
      return UNSAID;
    }
    String value = text.get();
    int length = value.length();
    if (length == 0 || length > 18) {
      return UNSAID;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return UNSAID;
      }
      number = number * 10 + digit;
    }
    return number > COUNT_MAX ? UNSAID : number;
  }

  private static long scarcer(long one, long other) {
    return one == UNSAID || (other != UNSAID && other < one) ? other : one;
  }

  private static long share(long remaining, long limit) {
    return remaining == UNSAID ? UNSAID : (long) ((double) remaining / limit * FULL);
  }

  /** What {@code 87.5%} or {@code 87} in use leaves. */
  private static long unused(String text) {
    String value = text.strip();
    if (value.endsWith("%")) {
      value = value.substring(0, value.length() - 1).strip();
    }
    if (!value.matches("\\d{1,4}(\\.\\d{1,6})?")) {
      return UNSAID;
    }
    double percent = Math.min(100, Double.parseDouble(value));
    return FULL - Math.round(percent * FULL / 100);
  }
}
