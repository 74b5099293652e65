package dev.understudy.contract;

import static dev.understudy.contract.Contracts.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A dry run says what a trigger would do to the traffic of the last days. */
final class DryRunTest {
  private static final Map<String, String> VENDORS =
      Map.of("azure", "azure-openai", "openai", "openai", "b", "custom");

  /** Attempts in memory. */
  private record Held(List<Fact> all) implements Facts {
    @Override
    public void each(Instant from, Instant until, Consumer<Fact> use) {
      all.stream()
          .filter(f -> !f.occurredAt().isBefore(from) && f.occurredAt().isBefore(until))
          .forEach(use);
    }

    @Override
    public void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) {
      throw new UnsupportedOperationException();
    }
  }

  private static Fact fact(String id, Instant at, String vendor, String model) {
    var leaves = new TreeMap<String, BigDecimal>();
    leaves.put("input.text", new BigDecimal("1000"));
    leaves.put("output.text", new BigDecimal("100"));
    leaves.put("requests", BigDecimal.ONE);
    Money price = Money.of(new BigDecimal("0.004"), Currencies.USD);
    return new Fact(
        id,
        0,
        at,
        "o",
        "t",
        "k",
        Map.of("channel", "api"),
        "best",
        Purpose.CALL,
        vendor,
        VENDORS.getOrDefault(vendor, "custom"),
        model,
        model,
        "key",
        "",
        "",
        Attempt.Outcome.ANSWERED,
        false,
        leaves,
        Optional.of(
            Cost.of(
                List.of(
                    new Cost.Line("requests", BigDecimal.ONE, Optional.of(price.amount()), price)),
                List.of(),
                Currencies.USD,
                "p")));
  }

  private static final DryRun.World WORLD =
      new DryRun.World() {
        @Override
        public List<DryRun.Way> targets(String route) {
          return List.of(
              new DryRun.Way("azure", "azure-openai", "gpt-9-post-trigger", ""),
              new DryRun.Way("b", "custom", "gpt-9", ""));
        }

        @Override
        public Optional<Money> price(DryRun.Way at, Instant when, long input, long output) {
          return Optional.of(
              Money.of(new BigDecimal(input).multiply(new BigDecimal("0.000005")), Currencies.USD));
        }

        @Override
        public String quality(String route, String incumbent, String candidate) {
          return "qualified";
        }
      };

  /** The same, where the route leads to one other target. */
  private static final DryRun.World ONLY_B =
      new DryRun.World() {
        @Override
        public List<DryRun.Way> targets(String route) {
          return List.of(new DryRun.Way("b", "custom", "gpt-9", ""));
        }

        @Override
        public Optional<Money> price(DryRun.Way at, Instant when, long input, long output) {
          return WORLD.price(at, when, input, output);
        }

        @Override
        public String quality(String route, String incumbent, String candidate) {
          return "qualified";
        }
      };

  @Test
  void dryRunListsTrafficThatLosesItsRouteWhoTakesItWhatItCostsAndWhichStatementsChange()
      throws Exception {
    Instant now = at("2027-09-01");
    ContractVersion a = Contracts.example("a");
    ContractState state = ContractState.of(new ContractBook(List.of(a)), VENDORS, List.of(), now);
    var facts = new ArrayList<Fact>();
    for (int i = 0; i < 70; i++) {
      facts.add(
          fact("e" + i, now.minusSeconds(86_400L * (i % 7) + 60), "azure", "gpt-9-post-trigger"));
      facts.add(fact("f" + i, now.minusSeconds(86_400L * (i % 7) + 60), "azure", "gpt-5"));
    }
    facts.add(fact("old", now.minusSeconds(86_400L * 8), "azure", "gpt-9-post-trigger"));

    DryRun run =
        DryRun.of(
            state,
            a,
            a.rights().triggers().getFirst(),
            new Held(facts),
            now.minusSeconds(7 * 86_400L),
            now,
            WORLD);

    assertThat(run.attempts()).isEqualTo(140);
    assertThat(run.lost())
        .singleElement()
        .satisfies(lost -> {
          assertThat(lost.route()).isEqualTo("best");
          assertThat(lost.target()).isEqualTo("azure/gpt-9-post-trigger");
          assertThat(lost.substitute()).contains("b/gpt-9");
          assertThat(lost.attempts()).isEqualTo(70);
          assertThat(lost.perDay()).isEqualByComparingTo("10");
          assertThat(lost.paid()).containsEntry("USD", new BigDecimal("0.280"));
          assertThat(lost.instead().orElseThrow()).hasToString("0.35 USD");
          assertThat(lost.peakPerMinute()).isEqualTo(11_000);
          assertThat(lost.quality()).isEqualTo("qualified");
        });
    assertThat(run.statements())
        .anyMatch(line -> line.startsWith("- revenue-share.rs-openai:"))
        .anyMatch(line -> line.startsWith("- revenue-share.rs-microsoft:"))
        .hasSize(2);
    assertThat(state.rules().judge(facts.getFirst()).allowed()).isTrue();
  }

  @Test
  void commitmentsAndCapacityThatTrafficLeavesOrComesToAreAmongTheStatements() throws Exception {
    Instant now = at("2027-09-01");
    ContractVersion version =
        Contracts.terms(
            """
            commitments:
              - {id: c-a, debtor: us, creditor: a, kind: spend, amount: 100, unit: USD, over: {from: 2027-01-01, to: 2028-01-01}}
              - {id: c-b, debtor: us, creditor: b, kind: usage, amount: 100, unit: Tokens, over: {from: 2027-01-01, to: 2028-01-01}}
            capacity: [{id: ptu, host: a, models: [m], units: 1, unit: PTU, price-per-unit-hour: 1}]
            triggers: [{id: t, condition: {declared-by: us.board}, effects: [{deny: {vendors: [a]}}]}]
            """);
    var vendors = Map.of("a", "custom", "b", "custom");
    ContractState state =
        ContractState.of(new ContractBook(List.of(version)), vendors, List.of(), now);

    DryRun run =
        DryRun.of(
            state,
            version,
            version.rights().triggers().getFirst(),
            new Held(List.of(fact("e", now.minusSeconds(60), "a", "m"))),
            now.minusSeconds(86_400),
            now,
            ONLY_B);

    assertThat(run.statements())
        .containsExactly(
            "acme v2 c-a: 0.004 USD of these days would no longer count",
            "acme v2 ptu: 1100 tokens of these days would no longer count",
            "acme v2 c-b: 1100 tokens of these days would count");
  }
}
