package dev.understudy.contract;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a trigger would change if it took effect now, by the traffic of the last days: which calls
 * lose their target, who takes them, what that costs, which statements change.
 *
 * @param attempts how many were looked at
 * @param lost traffic that loses its target, by route and target
 * @param difference the clauses that change
 * @param statements of these, what is paid
 */
public record DryRun(
    Instant from,
    Instant until,
    long attempts,
    List<Lost> lost,
    List<String> difference,
    List<String> statements) {
  /** More kinds of traffic than this are counted together. */
  private static final int LOST_MAX = 1_000;

  public DryRun {
    lost = List.copyOf(lost);
    difference = List.copyOf(difference);
    statements = List.copyOf(statements);
  }

  /**
   * Traffic that loses its target.
   *
   * @param why the clause, and why
   * @param substitute the first target of its route that may answer; empty if there is none
   * @param attempts in the whole span
   * @param perDay on average
   * @param input tokens
   * @param output tokens
   * @param peakPerMinute tokens of its busiest minute
   * @param paid what it came to, by currency
   * @param instead what it would come to at the substitute; empty where that has no price
   * @param quality whether the substitute is qualified to take its place, in words
   * @param capacityPerMinute input tokens a minute that contracts buy of the substitute's host;
   *     empty if none is bought
   */
  public record Lost(
      String route,
      String target,
      String why,
      Optional<String> substitute,
      long attempts,
      BigDecimal perDay,
      long input,
      long output,
      long peakPerMinute,
      Map<String, BigDecimal> paid,
      Optional<Money> instead,
      String quality,
      Optional<BigDecimal> capacityPerMinute) {
    /** By how much the substitute's bought capacity falls short of the busiest minute. */
    public Optional<BigDecimal> gapPerMinute() {
      return capacityPerMinute.map(
          capacity -> BigDecimal.valueOf(peakPerMinute).subtract(capacity).max(BigDecimal.ZERO));
    }
  }

  /** A target of a route. */
  public record Way(String vendor, String kind, String model, String region) {
    String name() {
      return vendor + "/" + model;
    }
  }

  /** What a run asks of other rooms. */
  public interface World {
    /** The targets of a route, in order. */
    List<Way> targets(String route);

    /** What so many tokens cost there; empty if they have no price. */
    Optional<Money> price(Way at, Instant when, long input, long output);

    /** Whether one target may take another's place, in words. */
    String quality(String route, String incumbent, String candidate);
  }

  /**
   * Looks at the attempts of a span as they would fare.
   *
   * @throws IOException if they cannot be read
   */
  public static DryRun of(
      ContractState state,
      ContractVersion version,
      Trigger trigger,
      Facts facts,
      Instant from,
      Instant until,
      World world)
      throws IOException {
    Contract contract = state.book().contract(version.contract()).orElseThrow();
    int number =
        contract.versions().stream().mapToInt(ContractVersion::version).max().orElse(0) + 1;
    Instant now = state.facts().now();
    ContractVersion made = Effects.apply(version, trigger, now, number);
    ContractBook book = state.book().with(List.of(made));
    Rules after = Compiler.rules(book, state.facts());
    var run = new Run(state.rules(), after, world, book, now);
    facts.each(from, until, run::take);
    List<String> difference = Clauses.difference(version, made);
    var statements =
        new ArrayList<>(
            difference.stream()
                .filter(line ->
                    line.matches(
                        "[-+] (revenue-share|profit-participation|commitment|capacity|mfn|sla).*"))
                .toList());
    statements.addAll(run.promises.lines());
    return new DryRun(
        from, until, run.attempts, run.lost(Duration.between(from, until)), difference, statements);
  }

  private record Key(String route, String target, String substitute) {}

  /** One kind of traffic as it is counted. */
  private static final class Sum {
    private final String why;
    private final Optional<Way> substitute;
    private final Map<String, BigDecimal> paid = new LinkedHashMap<>();
    private final Map<Long, Long> minutes = new HashMap<>();
    private Optional<Money> instead = Optional.empty();
    private boolean unpriced;
    private long attempts;
    private long input;
    private long output;

    Sum(String why, Optional<Way> substitute) {
      this.why = why;
      this.substitute = substitute;
    }
  }

  /** Goes through the attempts once. */
  private static final class Run {
    private final Rules before;
    private final Rules after;
    private final World world;
    private final ContractBook book;
    private final Instant now;
    private final Map<Key, Sum> sums = new LinkedHashMap<>();
    private final Map<String, List<Way>> routes = new HashMap<>();
    private final MovedPromises promises;
    private long attempts;

    Run(Rules before, Rules after, World world, ContractBook book, Instant now) {
      this.before = before;
      this.after = after;
      this.world = world;
      this.book = book;
      this.now = now;
      this.promises = new MovedPromises(book.at(now));
    }

    void take(Fact fact) {
      attempts++;
      Ruling ruling = after.judge(fact);
      if (ruling.allowed() || !before.judge(fact).allowed()) {
        return;
      }
      Optional<Way> substitute = substitute(fact);
      var key =
          new Key(
              sums.size() < LOST_MAX ? fact.route() : "others",
              fact.vendor() + "/" + fact.model(),
              substitute.map(Way::name).orElse(""));
      Sum sum = sums.computeIfAbsent(key, _ -> new Sum(ruling.text(), substitute));
      long input = tokens(fact, "input");
      long output = tokens(fact, "output");
      promises.leaves(fact, input + output);
      sum.attempts++;
      sum.input += input;
      sum.output += output;
      sum.minutes.merge(fact.occurredAt().getEpochSecond() / 60, input + output, Long::sum);
      fact.cost()
          .ifPresent(cost ->
              sum.paid.merge(
                  cost.total().currency().getCurrencyCode(),
                  cost.total().amount(),
                  BigDecimal::add));
      if (substitute.isPresent()) {
        Optional<Money> price = world.price(substitute.get(), fact.occurredAt(), input, output);
        promises.comes(fact, substitute.get(), input + output, price);
        sum.unpriced |= price.isEmpty();
        if (price.isPresent()
            && (sum.instead.isEmpty()
                || sum.instead.get().currency().equals(price.get().currency()))) {
          sum.instead =
              Optional.of(sum.instead.map(so -> so.plus(price.get())).orElse(price.get()));
        }
      }
    }

    private Optional<Way> substitute(Fact fact) {
      Subject asker = Subject.asker(fact.organisation(), fact.team(), fact.tags(), Set.of());
      for (Way way : routes.computeIfAbsent(fact.route(), world::targets)) {
        if (after.judge(way.vendor(), way.kind(), way.model(), way.region(), asker).allowed()) {
          return Optional.of(way);
        }
      }
      return Optional.empty();
    }

    private static long tokens(Fact fact, String direction) {
      long sum = 0;
      for (var leaf : fact.leaves().entrySet()) {
        if (leaf.getKey().startsWith(direction + ".")) {
          sum += leaf.getValue().longValue();
        }
      }
      return sum;
    }

    List<Lost> lost(Duration over) {
      var lost = new ArrayList<Lost>();
      BigDecimal days =
          BigDecimal.valueOf(Math.max(1, over.toMillis()))
              .divide(BigDecimal.valueOf(Duration.ofDays(1).toMillis()), MathContext.DECIMAL64);
      sums.forEach((key, sum) ->
          lost.add(
              new Lost(
                  key.route(),
                  key.target(),
                  sum.why,
                  sum.substitute.map(Way::name),
                  sum.attempts,
                  BigDecimal.valueOf(sum.attempts).divide(days, MathContext.DECIMAL32),
                  sum.input,
                  sum.output,
                  sum.minutes.values().stream().mapToLong(Long::longValue).max().orElse(0),
                  sum.paid,
                  sum.unpriced ? Optional.empty() : sum.instead,
                  sum.substitute
                      .map(way -> world.quality(key.route(), key.target(), way.name()))
                      .orElse("nobody may take it"),
                  sum.substitute.flatMap(this::capacity))));
      return lost;
    }

    private Optional<BigDecimal> capacity(Way way) {
      Optional<BigDecimal> all = Optional.empty();
      for (ContractVersion version : book.at(now)) {
        for (MoneyTerms.CapacityClause one : version.money().capacity()) {
          if (one.serves(way.vendor(), way.kind(), way.model())
              && one.window().contains(now)
              && one.terms().throughput().isPresent()) {
            BigDecimal perMinute =
                one.terms().throughput().get().inputTokensPerMinute().multiply(one.terms().units());
            all = Optional.of(all.map(perMinute::add).orElse(perMinute));
          }
        }
      }
      return all;
    }
  }
}
