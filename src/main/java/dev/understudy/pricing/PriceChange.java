package dev.understudy.pricing;

import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * One thing of which two books say something else.
 *
 * @param item vendor, model, conditions and leaf or unit; or what else a book says
 * @param from since when they differ; empty for what has no dates
 * @param to until when; empty: until further notice
 * @param before empty if it is new
 * @param after empty if it is gone
 */
public record PriceChange(
    String item,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Said> before,
    Optional<Said> after) {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /**
   * What a book says.
   *
   * @param text for people
   * @param number where it is one; tokens for a million
   */
  record Said(String text, Optional<BigDecimal> number) {
    static Said of(BigDecimal number) {
      return new Said(number.toPlainString(), Optional.of(number));
    }

    static Said of(String text) {
      return new Said(text, Optional.empty());
    }

    boolean isSame(Said other) {
      return (number.isPresent() && other.number.isPresent())
          ? number.get().compareTo(other.number.get()) == 0
          : text.equals(other.text);
    }
  }

  /**
   * Everything that differs, at whatever time it holds: prices of the past, of today and of the
   * future, when they begin and end, where they were found, and how vendors' words are read.
   */
  public static List<PriceChange> between(PriceBook before, PriceBook after) {
    return PriceDiff.of(before, after);
  }

  /** Whether it is more than twice, or less than half, of what it was: often a slip. */
  public boolean isDoubtful() {
    Optional<BigDecimal> was = before.flatMap(Said::number);
    Optional<BigDecimal> is = after.flatMap(Said::number);
    return was.isPresent()
        && is.isPresent()
        && (is.get().compareTo(was.get().multiply(TWO)) > 0
            || was.get().compareTo(is.get().multiply(TWO)) > 0);
  }

  /** The change for people: since and until when, old, new, by how many percent. */
  public String line() {
    return "%s %s%s%s: %s -> %s%s%s"
        .formatted(
            before.isEmpty() ? "+" : after.isEmpty() ? "-" : "~",
            item,
            from.map(at -> " from " + day(at)).orElse(""),
            to.map(at -> " until " + day(at)).orElse(""),
            before.map(Said::text).orElse("none"),
            after.map(Said::text).orElse("none"),
            percent(),
            isDoubtful() ? "  ! more than a factor of two" : "");
  }

  private String percent() {
    Optional<BigDecimal> was = before.flatMap(Said::number);
    Optional<BigDecimal> is = after.flatMap(Said::number);
    if (was.isEmpty() || is.isEmpty() || was.get().signum() <= 0) {
      return "";
    }
    BigDecimal change =
        new Rounding(RoundingMode.HALF_EVEN, 1)
            .divide(is.get().subtract(was.get()).movePointRight(2), was.get());
    return " (%s%s %%)".formatted(change.signum() > 0 ? "+" : "", change.toPlainString());
  }

  /** A day where it is one, else the instant. */
  private static String day(Instant at) {
    var utc = at.atOffset(ZoneOffset.UTC);
    return utc.toLocalTime().toSecondOfDay() == 0 && utc.getNano() == 0
        ? utc.toLocalDate().toString()
        : at.toString();
  }
}
