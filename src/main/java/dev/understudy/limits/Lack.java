package dev.understudy.limits;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a call lacked, kept until it is told: filled by whoever found it. */
final class Lack {
  private @Nullable Gauge gauge;
  private @Nullable Window window;
  private @Nullable Purse purse;
  private Purse.@Nullable Present present;
  private long amount;

  void of(Gauge lacking, Window itsWindow, long wanted) {
    gauge = lacking;
    window = itsWindow;
    amount = wanted;
  }

  void of(Gauge seats) {
    gauge = seats;
    amount = 1;
  }

  void of(Purse lacking, Purse.Present now, long wanted) {
    gauge = now.gauge();
    purse = lacking;
    present = now;
    amount = wanted;
  }

  Gauge gauge() {
    Gauge known = gauge;
    if (known == null) {
      throw new IllegalStateException("nothing was lacking");
    }
    return known;
  }

  long amount() {
    return amount;
  }

  Optional<Window> window() {
    return Optional.ofNullable(window);
  }

  Optional<Purse> purse() {
    return Optional.ofNullable(purse);
  }

  Optional<Purse.Present> present() {
    return Optional.ofNullable(present);
  }
}
