package dev.understudy.exchange;

import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** All attempts that were kept, to be read by time. Methods block; messages fit an operator. */
public interface Facts {
  /**
   * Every attempt that began in a span, in the order of their beginnings, however many they are.
   *
   * @param from the first instant
   * @param until the first instant that is no longer meant
   * @throws IOException if they cannot be read, or some are no longer kept
   */
  void each(Instant from, Instant until, Consumer<Fact> use) throws IOException;

  /**
   * What the attempts of a span come to, one sum for each item of each group in each piece of time;
   * earlier pieces come first, otherwise in no stated order. Whole hours, in UTC, are read from
   * sums that are kept; where a span begins or ends within an hour, its attempts are added up.
   *
   * @throws IOException if they cannot be read, or the span begins or ends within an hour whose
   *     attempts are no longer kept
   */
  void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) throws IOException;

  /** How finely sums are cut in time, in UTC. */
  enum Grain {
    HOUR,
    DAY,
    /** Not at all. */
    WHOLE
  }

  /** What is the same for all attempts of a sum; the words are those of {@link Fact}. */
  record Group(
      String organisation,
      String team,
      String keyId,
      String route,
      Purpose purpose,
      String vendor,
      String kind,
      String model,
      String replyModel,
      String region,
      String tier,
      boolean estimated,
      String price) {
    /** The group of an attempt; its price is empty where no book had one. */
    public static Group of(Fact fact) {
      return new Group(
          fact.organisation(),
          fact.team(),
          fact.keyId(),
          fact.route(),
          fact.purpose(),
          fact.vendor(),
          fact.kind(),
          fact.model(),
          fact.replyModel(),
          fact.region(),
          fact.tier(),
          fact.estimated(),
          fact.cost().map(Cost::price).orElse(""));
    }
  }

  /**
   * One item of one group in one piece of time.
   *
   * @param begins when the piece begins; the span's first instant where that is later
   * @param ends when it ends; the span's end where that is earlier
   * @param item a leaf or unit; {@code ""} for attempts that cost nothing at all, whose amounts are
   *     zero, of the currency {@code XXX} where none is known
   * @param each the price of one, where it is one price for all of them
   * @param quantity how many, without trailing zeros
   * @param amount what they come to; zero where they have no price
   * @param counted what budgets count for them, which differs where there is no price
   * @param priced whether the item has a price
   * @param attempts in how many attempts it occurred
   */
  record Sum(
      Group group,
      Instant begins,
      Instant ends,
      String item,
      Optional<BigDecimal> each,
      BigDecimal quantity,
      Money amount,
      Money counted,
      boolean priced,
      long attempts) {
    /** Whether it counts tokens, and not pictures, searches or other units. */
    public boolean isOfTokens() {
      return Facts.isOfTokens(item);
    }
  }

  /** Whether an item counts tokens: leaves of usage are named after their direction. */
  static boolean isOfTokens(String item) {
    return item.startsWith("input.") || item.startsWith("output.");
  }
}
