package dev.understudy.contract;

import dev.understudy.access.Glob;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a third party offers under a right of first refusal, and how far it has come: a fold over
 * what happened, by the contract's calendar.
 *
 * @param id its name
 * @param third who offers
 * @param units how many
 * @param price of one unit and hour
 * @param targets patterns for targets, as {@code vendor/model}, that answer from it
 * @param capacity the clause that buys it; empty if none does
 * @param state how far it has come
 * @param expires the day on which silence decides; empty unless notice was given
 * @param taken how many units the holder takes
 * @param notes what did not count, and why
 */
public record Offer(
    String id,
    String third,
    BigDecimal units,
    BigDecimal price,
    List<Glob> targets,
    String capacity,
    State state,
    Optional<LocalDate> expires,
    BigDecimal taken,
    List<String> notes) {
  public Offer {
    targets = List.copyOf(targets);
    notes = List.copyOf(notes);
  }

  /** How far an offer has come. */
  public enum State {
    /** Nobody was told yet. */
    DRAFTED,
    /** The holder has its time to answer. */
    NOTICED,
    /** The holder takes all. */
    EXERCISED,
    /** The holder takes a part. */
    PARTIALLY,
    /** The holder takes nothing. */
    WAIVED,
    /** The right is gone, or silence was agreed to mean that. */
    LAPSED,
    /** The parties disagree. */
    DISPUTED;

    /** Whether the third party's capacity may not be used yet. */
    public boolean holds() {
      return this == DRAFTED || this == NOTICED || this == DISPUTED;
    }
  }

  /** How many units the third party is left with. */
  public BigDecimal left() {
    return units.subtract(taken);
  }

  /** Whether the third party's targets may be asked. */
  public boolean isRoutable() {
    return !state.holds() && left().signum() > 0;
  }

  /**
   * All offers under a right.
   *
   * @param calendar how days are counted
   * @param happened in order; what is about another contract or clause is passed over
   * @param today the day on which it is asked
   */
  public static List<Offer> under(
      FirstRefusal right,
      String contract,
      Notice calendar,
      List<Happening> happened,
      LocalDate today) {
    var offers = new ArrayList<Fold>();
    for (Happening one : happened) {
      if (!one.contract().equals(contract)
          || !one.clause().equals(right.id())
          || one.detail("offer").isEmpty()
          || one.day().isAfter(today)) {
        continue;
      }
      Optional<Fold> known =
          offers.stream().filter(fold -> fold.id.equals(one.detail("offer"))).findFirst();
      if (one.kind() == Happening.Kind.OFFER) {
        if (known.isEmpty()) {
          offers.add(new Fold(right, calendar, one));
        }
      } else {
        known.ifPresent(fold -> fold.take(one));
      }
    }
    return offers.stream().map(fold -> fold.asOf(today)).toList();
  }

  /** One offer while it is folded. */
  private static final class Fold {
    private final FirstRefusal right;
    private final Notice calendar;
    private final String id;
    private final Happening first;
    private final List<String> notes = new ArrayList<>();
    private BigDecimal units;
    private BigDecimal price;
    private State state = State.DRAFTED;
    private State before = State.DRAFTED;
    private Optional<LocalDate> expires = Optional.empty();
    private BigDecimal taken = BigDecimal.ZERO;

    Fold(FirstRefusal right, Notice calendar, Happening offer) {
      this.right = right;
      this.calendar = calendar;
      this.first = offer;
      this.id = offer.detail("offer");
      this.units = offer.number("units");
      this.price = offer.number("price");
    }

    void take(Happening one) {
      pass(one.day());
      switch (one.kind()) {
        case NOTICE -> notice(one.day());
        case ANSWER -> answer(one);
        case CHANGE -> change(one);
        case DISPUTE -> {
          if (state != State.DISPUTED) {
            before = state;
            state = State.DISPUTED;
          }
        }
        case SETTLE -> {
          if (state == State.DISPUTED) {
            // Where the right stands, what was decided before holds; else it is gone.
            state = one.detail("stands").equals("yes") ? before : State.LAPSED;
          }
        }
        default -> notes.add(one.kind().word() + " says nothing of an offer");
      }
    }

    private void notice(LocalDate sent) {
      if (state != State.DRAFTED) {
        notes.add("a notice of %s changes nothing: the offer is %s".formatted(sent, word(state)));
        return;
      }
      state = State.NOTICED;
      expires = Optional.of(calendar.effective(sent, right.noticeDays()));
    }

    private void answer(Happening one) {
      BigDecimal wanted = one.number("units");
      if (state != State.NOTICED) {
        notes.add("an answer of %s comes when the offer is %s".formatted(one.day(), word(state)));
        return;
      }
      if (wanted.signum() == 0) {
        state = State.WAIVED;
        return;
      }
      if (!one.detail("price").isEmpty()) {
        // Compared as products, so that nothing is rounded.
        BigDecimal hundred = BigDecimal.valueOf(100);
        BigDecimal most = price.multiply(hundred.add(right.tolerancePercent()));
        if (one.number("price").multiply(hundred).compareTo(most) > 0) {
          notes.add(
              "an answer at %s does not match the offer of %s"
                  .formatted(one.detail("price"), price.toPlainString()));
          return;
        }
      }
      if (wanted.compareTo(units) >= 0) {
        state = State.EXERCISED;
        taken = units;
      } else if (!right.partial()) {
        notes.add("an answer for %s of %s units: a part may not be taken".formatted(wanted, units));
      } else if (wanted.compareTo(right.unitsMin()) < 0) {
        notes.add(
            "an answer for %s units is below the %s that a part must have"
                .formatted(wanted.toPlainString(), right.unitsMin().toPlainString()));
      } else {
        state = State.PARTIALLY;
        taken = wanted;
      }
    }

    private void change(Happening one) {
      BigDecimal unitsNow = one.detail("units").isEmpty() ? units : one.number("units");
      BigDecimal priceNow = one.detail("price").isEmpty() ? price : one.number("price");
      if (unitsNow.compareTo(units) == 0 && priceNow.compareTo(price) == 0) {
        return;
      }
      units = unitsNow;
      price = priceNow;
      if (right.recheck()) {
        state = State.DRAFTED;
        expires = Optional.empty();
        taken = BigDecimal.ZERO;
      }
      taken = taken.min(units);
    }

    /** What time alone does. */
    private void pass(LocalDate day) {
      if (state == State.NOTICED && expires.isPresent() && !day.isBefore(expires.get())) {
        state =
            switch (right.silence()) {
              case WAIVED -> State.WAIVED;
              case LAPSED -> State.LAPSED;
            };
      }
    }

    Offer asOf(LocalDate today) {
      pass(today);
      boolean gone =
          state == State.DRAFTED
              && right.window().isOver(today.atStartOfDay(ZoneOffset.UTC).toInstant());
      return new Offer(
          id,
          first.detail("third"),
          units,
          price,
          globs(first.detail("targets")),
          first.detail("capacity"),
          gone ? State.LAPSED : state,
          expires,
          taken,
          notes);
    }

    private static List<Glob> globs(String targets) {
      var all = new ArrayList<Glob>();
      for (String one : targets.split("[, ]+", 100)) {
        if (!one.isEmpty()) {
          all.add(new Glob(one));
        }
      }
      return all;
    }

    private static String word(State state) {
      return state.name().toLowerCase(Locale.ROOT);
    }
  }
}
