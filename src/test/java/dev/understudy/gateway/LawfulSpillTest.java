package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.capacity.Burn;
import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.HeaderDialect;
import dev.understudy.capacity.Hours;
import dev.understudy.capacity.Provisioned;
import dev.understudy.capacity.Terms;
import dev.understudy.chat.ProtocolName;
import dev.understudy.contract.Chain;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractState;
import dev.understudy.contract.Contracts;
import dev.understudy.contract.Rules;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Decision;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Health;
import dev.understudy.routing.Route;
import dev.understudy.sandbox.RateLimit;
import dev.understudy.sandbox.SandboxServer;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What does not fit into capacity goes elsewhere as its contract says, and no further. */
final class LawfulSpillTest {
  private static final String HI =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";
  private static final String ASK =
      "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

  private static Rules rules(String spillOver) {
    return ContractState.of(
            new ContractBook(
                List.of(
                    Contracts.terms(
                        """
                        capacity:
                          - id: ptu
                            host: a
                            models: [m]
                            units: 2
                            unit: PTU
                            price-per-unit-hour: "6"
                            throughput: {input-tokens-per-minute: 1000, output-weight: 4}
                            spill-over: {%s}
                        """
                            .formatted(spillOver)))),
            Map.of("a", "custom", "b", "custom"),
            new Chain().log(),
            Instant.now())
        .rules();
  }

  private static House house(
      Rules rules, Health.Prices prices, Capacity capacity, Route route, int a, int b)
      throws IOException {
    return new House(
        Patience.USUAL,
        Gateway.Limits.none(),
        Callers.NONE,
        new Counsel(Gate.OPEN, Health.Headrooms.UNKNOWN, prices, () -> rules),
        BreakerRule.NEVER,
        capacity,
        List.of(route),
        House.vendor("a", a, ProtocolName.OPENAI_CHAT),
        House.vendor("b", b, ProtocolName.OPENAI_CHAT));
  }

  private static Capacity unknown() {
    return new Capacity(Capacity.EMPTY, InstantSource.system());
  }

  /** A vendor that answers so many calls, and then has no room. */
  private static ScriptedVendor full(int after) throws IOException {
    var calls = new AtomicInteger();
    return new ScriptedVendor((seen, socket, out) ->
        (calls.incrementAndGet() <= after ? json(200, HI) : json(429, "{}"))
            .play(seen, socket, out));
  }

  @Test
  void noMoreThanTheShareIsAnsweredElsewhereAndTheRecordNamesTheClause() throws Exception {
    try (var a = full(6);
        var b = new ScriptedVendor(json(200, HI));
        var house =
            house(
                rules("to: [b/m], max-share: \"0.25\""),
                Health.Prices.UNKNOWN,
                unknown(),
                House.route("r", "a/m", "b/m"),
                a.port(),
                b.port())) {
      var statuses = new ArrayList<Integer>();
      var decisions = new ArrayList<Decision>();
      for (int i = 0; i < 10; i++) {
        statuses.add(house.post("/v1/chat/completions", ASK.formatted("hi")).statusCode());
        decisions.add(house.exchange().decision());
      }

      // One of 7 and 2 of 8 are no more than a quarter; 3 of 9 are.
      assertThat(b.seen).hasSize(2);
      assertThat(statuses).containsExactly(200, 200, 200, 200, 200, 200, 200, 200, 429, 429);
      assertThat(decisions.get(6).steps().getLast())
          .endsWith("; allowed by acme v1 ptu: spill-over");
      assertThat(decisions.get(6).contracts())
          .containsExactly(new Clause("b/m", true, "acme", 1, "ptu"));
      assertThat(decisions.get(8).excluded())
          .contains(
              new Exclusion(
                  "b/m",
                  "contract",
                  "acme v1 ptu: no more than 25 % of its calls may be answered elsewhere"));
      assertThat(decisions.get(8).contracts())
          .containsExactly(new Clause("b/m", false, "acme", 1, "ptu"));
    }
  }

  /** How one call fares that finds no room at a; empty if it spills to b. */
  private static Optional<String> denied(String spillOver, double inside, double outside)
      throws Exception {
    Health.Prices prices = (target, _) -> target.vendor().equals("a") ? inside : outside;
    try (var a = full(0);
        var b = new ScriptedVendor(json(200, HI));
        var house =
            house(
                rules(spillOver),
                prices,
                unknown(),
                House.route("r", "a/m", "b/m"),
                a.port(),
                b.port())) {
      int status = house.post("/v1/chat/completions", ASK.formatted("hi")).statusCode();
      assertThat(b.seen).hasSize(status == 200 ? 1 : 0);
      return house.exchange().decision().excluded().stream()
          .filter(one -> one.rule().equals("contract"))
          .map(Exclusion::why)
          .findFirst();
    }
  }

  @Test
  void whatIsSpilledCostsNoMoreThanTheCapLets() throws Exception {
    assertThat(denied("to: [b/m], price-cap: \"1.5\"", 2, 3)).isEmpty();
    assertThat(denied("to: [b/m], price-cap: \"1.5\"", 2, 3.01))
        .contains(
            "acme v1 ptu: what is spilled costs at most 1.5 times the price inside, and b/m costs more");
    assertThat(denied("to: [b/m], price-cap: \"1.5\"", 2, Double.NaN))
        .hasValueSatisfying(why -> assertThat(why).endsWith("the price of b/m is not known"));
    // Not in the books: 6 an hour for 60,000 tokens is 0.0001 each, and about 2,000 of them weigh
    // in.
    assertThat(denied("to: [b/m], price-cap: \"1.5\"", Double.NaN, 0.3)).isEmpty();
    assertThat(denied("to: [b/m], price-cap: \"1.5\"", 0, 0.4)).isPresent();
    assertThat(denied("to: [c/m]", 1, 1))
        .contains("acme v1 ptu: its calls spill to c/m, not to b/m");
  }

  private static Capacity boughtAtA() {
    HeaderDialect azure = HeaderDialect.named("azure").orElseThrow();
    var bought =
        new Provisioned(6, 1_000, Burn.PLAIN, Hours.ALWAYS, 0.95, 0.92, Provisioned.Beyond.REFUSED);
    return new Capacity(
        (vendor, _) ->
            new Terms(
                Map.of(),
                0,
                Burn.PLAIN,
                0.2,
                azure,
                vendor.equals("a") ? Optional.of(bought) : Optional.empty()),
        InstantSource.system());
  }

  @Test
  void whatIsClosedFromTheStartIsNotSpilledPastItsContract() throws Exception {
    try (var a = new ScriptedVendor(json(429, "{}", "retry-after: 30"));
        var b = new ScriptedVendor(json(200, HI));
        var house =
            house(
                rules("to: [b/m], max-share: \"0\""),
                Health.Prices.UNKNOWN,
                boughtAtA(),
                House.route("r", "b/m", "a/m"),
                a.port(),
                b.port())) {
      for (int i = 0; i < 3; i++) {
        assertThat(house.post("/v1/chat/completions", ASK.formatted("hi " + i)).statusCode())
            .isEqualTo(429);
      }

      assertThat(b.seen).isEmpty();
    }
  }

  @Test
  void sessionsThatMayNotSpillStayWhileThereIsRoomWhereverTheCapacityStandsInTheRoute()
      throws Exception {
    for (Route route : List.of(House.route("r", "a/m", "b/m"), House.route("r", "b/m", "a/m"))) {
      try (var a = SandboxServer.start("openai");
          var b = SandboxServer.start("openai")) {
        a.limit(RateLimit.provisioned(6_000).withLeft(8));
        try (var house =
            house(
                rules("to: [b/m], max-share: \"0\""),
                Health.Prices.UNKNOWN,
                boughtAtA(),
                route,
                a.port(),
                b.port())) {
          var denial = new Clause("b/m", false, "acme", 1, "ptu");
          Optional<Exchange> stayed = Optional.empty();
          for (int i = 0; i < 60 && stayed.isEmpty(); i++) {
            house.post("/v1/chat/completions", ASK.formatted("session " + i));
            Exchange exchange = house.exchange();
            if (exchange.decision().contracts().contains(denial)) {
              stayed = Optional.of(exchange);
            }
          }

          assertThat(stayed).as("one that would have spilled").isPresent();
          assertThat(stayed.get().attempts()).allMatch(one -> one.target().equals("a/m"));
          assertThat(stayed.get().status()).contains(200);
          // Nor when there is none at all: what the vendor refuses is not spilled either.
          for (int i = 0; i < 25; i++) {
            house.post("/v1/chat/completions", ASK.formatted("later " + i));
          }
          assertThat(b.requestCount()).isZero();
        }
      }
    }
  }
}
