package dev.understudy.limits;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;

/** Says what was lacking in words that a caller can act on. */
final class Refusals {
  private final Limiter.World world;

  Refusals(Limiter.World world) {
    this.world = world;
  }

  Refusal of(Lack lack) {
    Gauge gauge = lack.gauge();
    return switch (gauge.kind()) {
      case REQUESTS, TOKENS -> rate(lack, gauge, lack.window().orElseThrow());
      case CONCURRENCY -> seats(gauge);
      case BUDGET -> budget(lack, gauge, lack.purse().orElseThrow(), lack.present().orElseThrow());
    };
  }

  private Refusal rate(Lack lack, Gauge gauge, Window window) {
    String unit = gauge.kind() == Refusal.Kind.REQUESTS ? "requests" : "tokens";
    String allowed = "%d %s per minute".formatted(gauge.limit(), unit);
    if (lack.amount() > gauge.limit()) {
      return new Refusal(
          gauge.kind(),
          gauge.scope(),
          allowed,
          Long.toString(gauge.left()),
          "this request alone may need %d %s, more than the limit of %s has %s; %s"
              .formatted(
                  lack.amount(),
                  unit,
                  gauge.scope(),
                  allowed,
                  "send less, or set a lower maximum of output tokens"),
          OptionalLong.empty());
    }
    long missing = lack.amount() - gauge.left();
    long wait = window.secondsUntilFree(Math.max(1, missing), world.second());
    String need =
        gauge.kind() == Refusal.Kind.REQUESTS
            ? ""
            : ", and this request may need %d".formatted(lack.amount());
    return new Refusal(
        gauge.kind(),
        gauge.scope(),
        allowed,
        Long.toString(gauge.left()),
        "%s is at its limit of %s: %d left%s; try again in %d s"
            .formatted(gauge.scope(), allowed, gauge.left(), need, wait),
        OptionalLong.of(wait));
  }

  private static Refusal seats(Gauge gauge) {
    String allowed = "%d concurrent calls".formatted(gauge.limit());
    return new Refusal(
        gauge.kind(),
        gauge.scope(),
        allowed,
        "0",
        "%s is at its limit of %s; try again when one of them has ended"
            .formatted(gauge.scope(), allowed),
        OptionalLong.of(1));
  }

  private Refusal budget(Lack lack, Gauge gauge, Purse purse, Purse.Present present) {
    String currency = purse.budget().currency();
    Instant reset = Instant.ofEpochMilli(present.spending().endMillis());
    String allowed = purse.budget().text();
    String left = money(gauge.left(), RoundingMode.DOWN);
    if (lack.amount() > gauge.limit()) {
      return new Refusal(
          gauge.kind(),
          gauge.scope(),
          allowed,
          left,
          "this request alone may cost %s %s, more than the whole budget of %s of %s; %s"
              .formatted(
                  money(lack.amount(), RoundingMode.UP),
                  currency,
                  allowed,
                  gauge.scope(),
                  "send less, or set a lower maximum of output tokens"),
          OptionalLong.empty());
    }
    if (lack.amount() <= gauge.left()) {
      return new Refusal(
          gauge.kind(),
          gauge.scope(),
          allowed,
          left,
          "%s has %s %s left of its budget of %s, but all of it is set aside for other calls at the"
                  .formatted(gauge.scope(), left, currency, allowed)
              + " moment; try again in "
              + Refusal.SOON_SECONDS
              + " s",
          OptionalLong.of(Refusal.SOON_SECONDS));
    }
    long wait = Math.max(1, (present.spending().endMillis() - world.millis() + 999) / 1_000);
    return new Refusal(
        gauge.kind(),
        gauge.scope(),
        allowed,
        left,
        "%s has %s %s left of its budget of %s, and this request may cost %s %s; the budget starts"
                .formatted(
                    gauge.scope(),
                    left,
                    currency,
                    allowed,
                    money(lack.amount(), RoundingMode.UP),
                    currency)
            + " anew at "
            + reset,
        OptionalLong.of(wait));
  }

  /** An amount of billionths, with as many decimals as say something. */
  static String money(long nanos, RoundingMode rounding) {
    BigDecimal exact = BigDecimal.valueOf(nanos, 9);
    BigDecimal shown =
        exact.abs().compareTo(BigDecimal.ONE) >= 0
            ? exact.setScale(2, rounding)
            : exact.setScale(6, rounding).stripTrailingZeros();
    return String.format(
        Locale.ROOT, "%s", (shown.scale() < 0 ? shown.setScale(0) : shown).toPlainString());
  }
}
