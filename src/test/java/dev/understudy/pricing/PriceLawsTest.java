package dev.understudy.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What holds of prices whatever is used. */
final class PriceLawsTest {
  private static final Prices LIST = new Prices(List.of(Shipped.list()));
  private static final Instant SUMMER = Instant.parse("2026-08-07T12:00:00Z");

  private static final List<Leaf> TEXT =
      List.of(
          Leaf.INPUT,
          Leaf.CACHE_READ,
          Leaf.CACHE_WRITE,
          Leaf.CACHE_WRITE_5M,
          Leaf.CACHE_WRITE_1H,
          Leaf.OUTPUT,
          Leaf.REASONING);

  @Provide
  Arbitrary<Tokens> tokens() {
    return Arbitraries.maps(Arbitraries.of(TEXT), Arbitraries.longs().between(0, 400_000))
        .map(byLeaf -> new Tokens(new TreeMap<>(byLeaf)));
  }

  @Provide
  Arbitrary<String> models() {
    return Arbitraries.of(
        "openai/gpt-5.4",
        "openai/gpt-4.1",
        "anthropic/claude-sonnet-4-5",
        "anthropic/claude-opus-5",
        "gemini/gemini-2.5-pro",
        "xai/grok-4.5",
        "deepseek/deepseek-v4-pro",
        "nobody/nothing");
  }

  private static Usage usage(Tokens tokens, Optional<String> tier) {
    return new Usage(tokens, Map.of(), tier, Optional.empty(), false, List.of());
  }

  private static Cost cost(String target, Tokens tokens, Optional<String> tier) {
    String[] names = target.split("/", 2);
    return LIST.cost(Use.of(names[0], names[0], names[1], SUMMER, usage(tokens, tier)));
  }

  /** Every token is in exactly one line or in suspense, and the lines are the total. */
  @Property(tries = 500)
  void leavesAreDisjointAndSum(
      @ForAll("models") String model,
      @ForAll("tokens") Tokens tokens,
      @ForAll("tiers") String tier) {
    Cost cost = cost(model, tokens, Optional.of(tier));

    BigDecimal quantity = BigDecimal.ZERO;
    Money sum = Money.zero(cost.currency());
    for (Cost.Line line : cost.lines()) {
      quantity = quantity.add(line.quantity());
      sum = sum.plus(line.amount());
      assertThat(line.amount().amount())
          .isEqualByComparingTo(line.each().orElseThrow().multiply(line.quantity()));
    }
    Money counted = sum;
    for (Cost.Unpriced unpriced : cost.unpriced()) {
      quantity = quantity.add(unpriced.quantity());
      counted = counted.plus(unpriced.counted());
      assertThat(unpriced.counted().sign()).isPositive();
    }
    assertThat(quantity).isEqualByComparingTo(BigDecimal.valueOf(tokens.input() + tokens.output()));
    assertThat(cost.total()).isEqualTo(sum);
    assertThat(cost.counted()).isEqualTo(counted);
  }

  @Provide
  Arbitrary<String> tiers() {
    return Arbitraries.of("default", "standard", "flex", "batch", "priority", "scale", "nonsense");
  }

  /** What is reserved before a call is never less than what it then costs. */
  @Property(tries = 500)
  void theWorstCaseIsNeverLessThanTheCost(
      @ForAll("models") String model,
      @ForAll("tokens") Tokens tokens,
      @ForAll("tiers") String tier) {
    String[] names = model.split("/", 2);
    Cost cost = cost(model, tokens, Optional.of(tier));
    Cost worst =
        LIST.worstCase(
            new Ask(
                names[0],
                names[0],
                names[1],
                Optional.empty(),
                Optional.of(tier),
                SUMMER,
                tokens.input(),
                tokens.output()));

    if (cost.isWhole()) {
      assertThat(worst.counted().compareAmount(cost.total()))
          .as("%s and %s", worst, cost)
          .isGreaterThanOrEqualTo(0);
    }
  }

  private static final String DATED =
      Books.book(
          """
          v:
            source: page
            models:
              m:
                prices:
                  - {from: 2025-01-01, to: 2026-03-29, tokens: {input.text: 4, output.text: 9}}
                  - {from: 2026-03-29, tokens: {input.text: 3, output.text: 7}}
          """);

  /** Uses before the instant cost the old price and those from it on the new, to the nanosecond. */
  @Property(tries = 200)
  void aPriceChangeSplitsUsageExactlyAtItsInstant(
      @ForAll @Size(min = 1, max = 20) List<@LongRange(min = -1_000, max = 1_000) Long> offsets) {
    Prices prices = Books.prices(DATED);
    Instant change = Instant.parse("2026-03-29T00:00:00Z");
    Money sum = Money.zero(prices.currency());
    long before = 0;
    for (long offset : offsets) {
      Instant at = change.plusNanos(offset);
      before += offset < 0 ? 1 : 0;
      sum =
          sum.plus(
              prices
                  .cost(Use.of("v", "v", "m", at, Books.usage(Books.inAndOut(1_000_000, 0))))
                  .total());
    }
    long after = offsets.size() - before;

    assertThat(sum).isEqualTo(Money.of(BigDecimal.valueOf(4 * before + 3 * after), sum.currency()));
  }

  @Provide
  Arbitrary<List<Price.Step>> steps() {
    return Arbitraries.integers()
        .between(1, 1_000)
        .list()
        .uniqueElements()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(ends -> {
          var steps = new ArrayList<Price.Step>();
          List<Integer> rising = ends.stream().sorted().toList();
          for (int i = 0; i < rising.size(); i++) {
            steps.add(
                new Price.Step(
                    BigDecimal.valueOf(rising.get(i)), BigDecimal.valueOf(100 - 10L * i)));
          }
          steps.add(new Price.Step(BigDecimal.ZERO, BigDecimal.valueOf(7)));
          return steps;
        });
  }

  /**
   * Priced at once or token by token, a graduated price comes to the same: the sum of its slices.
   */
  @Property(tries = 200)
  void aGraduatedPriceIsTheSumOfItsSlices(
      @ForAll("steps") List<Price.Step> steps, @ForAll @IntRange(max = 1_500) int quantity) {
    var price = new Price.Graduated(steps);
    BigDecimal oneByOne = BigDecimal.ZERO;
    for (int i = 1; i <= quantity; i++) {
      BigDecimal nth = BigDecimal.valueOf(i);
      BigDecimal each =
          steps.stream()
              .filter(step -> step.isLast() || nth.compareTo(step.upTo()) <= 0)
              .findFirst()
              .orElseThrow()
              .each();
      oneByOne = oneByOne.add(each);
    }

    assertThat(price.total(BigDecimal.valueOf(quantity))).isEqualByComparingTo(oneByOne);
  }

  /** However a period is cut into calls, they add up to what the period comes to. */
  @Property(tries = 300)
  void howAPeriodIsCutIntoCallsDoesNotMatter(
      @ForAll("steps") List<Price.Step> steps,
      @ForAll @Size(max = 12) List<@IntRange(max = 400) Integer> calls) {
    for (Price price :
        List.of(
            new Price.Graduated(steps),
            new Price.Volume(steps),
            new Price.Packages(BigDecimal.valueOf(100), BigDecimal.valueOf(3)),
            new Price.Flat(new BigDecimal("0.25")))) {
      BigDecimal before = BigDecimal.ZERO;
      BigDecimal sum = BigDecimal.ZERO;
      for (int call : calls) {
        BigDecimal quantity = BigDecimal.valueOf(call);
        BigDecimal added = price.added(before, quantity);
        assertThat(price.worst(quantity)).isGreaterThanOrEqualTo(added);
        sum = sum.add(added);
        before = before.add(quantity);
      }
      assertThat(sum).isEqualByComparingTo(price.total(before));
    }
  }

  /** Where the price above a cliff is not below the one under it, more tokens never cost less. */
  @Property(tries = 300)
  void cliffsAreMonotoneWhereTheyRise(
      @ForAll @LongRange(max = 500_000) long tokens, @ForAll @LongRange(max = 1_000) long more) {
    for (String model : List.of("openai/gpt-5.4", "gemini/gemini-2.5-pro", "xai/grok-4.5")) {
      Money less = cost(model, Tokens.NONE.with(Leaf.INPUT, tokens), Optional.empty()).total();
      Money greater =
          cost(model, Tokens.NONE.with(Leaf.INPUT, tokens + more), Optional.empty()).total();

      assertThat(greater.compareAmount(less)).isGreaterThanOrEqualTo(0);
    }
  }
}
