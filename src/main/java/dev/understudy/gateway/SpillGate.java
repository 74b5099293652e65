package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.contract.Basis;
import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.CapacityPurchase.Throughput;
import dev.understudy.contract.Rules;
import dev.understudy.contract.Ruling;
import dev.understudy.contract.SpillMeters;
import dev.understudy.contract.SpillRule;
import dev.understudy.exchange.Attempt;
import dev.understudy.routing.Health;
import dev.understudy.routing.Request;
import dev.understudy.routing.Target;
import dev.understudy.text.Nearness;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Holds calls that found no room in capacity that was bought to what its contract says of spilling:
 * where to, how many of them, and at which price.
 */
final class SpillGate implements Gate {
  /** The length of a usual answer, as price books are asked. */
  private static final double ANSWER_TOKENS = 500;

  private static final double MINUTES_PER_HOUR = 60;

  private final Supplier<Rules> rules;
  private final Health.Prices prices;
  private final SpillMeters meters = new SpillMeters();

  SpillGate(Supplier<Rules> rules, Health.Prices prices) {
    this.rules = rules;
    this.prices = prices;
  }

  @Override
  public Verdict admits(Asking asking) {
    List<SpillRule> all = rules.get().spills();
    if (all.isEmpty() || !asking.isChat()) {
      return Verdict.FREE;
    }
    long minute = TimeUnit.NANOSECONDS.toMinutes(System.nanoTime());
    Target target = asking.target();
    var inside = new ArrayList<SpillRule>(1);
    var outside = new ArrayList<SpillRule>(0);
    for (SpillRule rule : all) {
      if (rule.serves(target.vendor(), asking.kind(), target.model())) {
        inside.add(rule);
        continue;
      }
      Optional<Target> from = left(rule, asking.urgency().passed());
      if (from.isEmpty()) {
        continue;
      }
      Optional<String> why = objection(rule, from.get(), asking);
      if (why.isEmpty() && !meters.spills(rule, minute)) {
        why =
            Optional.of(
                "no more than " + percent(rule) + " of its calls may be answered elsewhere");
      }
      if (why.isPresent()) {
        outside.forEach(taken -> meters.giveBack(taken, minute));
        return closed(asking, Ruling.denied(rule.basis(), why.get()));
      }
      outside.add(rule);
    }
    return inside.isEmpty() && outside.isEmpty()
        ? Verdict.FREE
        : new Verdict.Open(new Counted(inside, outside, minute));
  }

  /** The target of the capacity that the call found without room. */
  private static Optional<Target> left(SpillRule rule, List<Asking.Passed> passed) {
    for (Asking.Passed one : passed) {
      if (rule.serves(one.target().vendor(), one.kind(), one.target().model())) {
        return Optional.of(one.target());
      }
    }
    return Optional.empty();
  }

  private Optional<String> objection(SpillRule rule, Target from, Asking asking) {
    String to = asking.target().name();
    if (!rule.leadsTo(to)) {
      return Optional.of(
          "its calls spill to "
              + String.join(" or ", rule.capacity().spillTargets())
              + ", not to "
              + to);
    }
    Optional<BigDecimal> cap = rule.terms().priceMax();
    if (cap.isEmpty()) {
      return Optional.empty();
    }
    var request = new Request("", "", Set.of(), Set.of(), asking.length(), "", 0);
    double there = prices.of(asking.target(), request);
    double here = inside(rule, from, request);
    if (Double.isNaN(there) || Double.isNaN(here)) {
      return Optional.of(
          "what is spilled costs at most %s times the price inside, and the price of %s is not known"
              .formatted(cap.get().toPlainString(), Double.isNaN(there) ? to : from.name()));
    }
    return there <= cap.get().doubleValue() * here
        ? Optional.empty()
        : Optional.of(
            "what is spilled costs at most %s times the price inside, and %s costs more"
                .formatted(cap.get().toPlainString(), to));
  }

  /** By the price books; where they have no price by tokens, that of units in full use. */
  private double inside(SpillRule rule, Target from, Request request) {
    double listed = prices.of(from, request);
    CapacityPurchase bought = rule.capacity().terms();
    if (listed > 0 || bought.throughput().isEmpty()) {
      return listed > 0 ? listed : Double.NaN;
    }
    Throughput takes = bought.throughput().get();
    double weight = request.tokens() + ANSWER_TOKENS * takes.outputWeight().doubleValue();
    return bought.perUnitHour().amount().doubleValue()
        * weight
        / (takes.inputTokensPerMinute().doubleValue() * MINUTES_PER_HOUR);
  }

  private static String percent(SpillRule rule) {
    return rule.terms().shareMax().movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }

  private static Verdict closed(Asking asking, Ruling ruling) {
    return new Verdict.Closed(
        Lawful.RULE,
        ruling.text(),
        Failure.of(
                429,
                "rate_limit_error",
                "there is no room at present for %s, and %s may not take its calls: %s"
                    .formatted(
                        Nearness.quoted(asking.route()), asking.target().name(), ruling.why()))
            .withCode(Lawful.RULE)
            .withRetryAfter(1),
        ruling.clause());
  }

  /** What an attempt counts for; one that is not answered counts for nothing. */
  private final class Counted implements Ticket {
    private final List<SpillRule> inside;
    private final List<SpillRule> outside;
    private final long minute;

    Counted(List<SpillRule> inside, List<SpillRule> outside, long minute) {
      this.inside = inside;
      this.outside = outside;
      this.minute = minute;
    }

    @Override
    public String basis() {
      return outside.isEmpty() ? "" : outside.getFirst().basis() + ": spill-over";
    }

    @Override
    public Optional<Basis> clause() {
      return outside.isEmpty() ? Optional.empty() : Optional.of(outside.getFirst().basis());
    }

    @Override
    public void over(Attempt attempt) {
      if (isAnswer(attempt)) {
        inside.forEach(rule -> meters.inside(rule, minute));
      } else {
        outside.forEach(rule -> meters.giveBack(rule, minute));
      }
    }

    private static boolean isAnswer(Attempt attempt) {
      return switch (attempt.outcome()) {
        case ANSWERED, ABANDONED -> true;
        case BROKEN -> !attempt.isSilence();
        case REFUSED, UNREACHED -> false;
      };
    }
  }
}
