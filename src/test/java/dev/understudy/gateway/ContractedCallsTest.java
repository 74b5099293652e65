package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.contract.Chain;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractState;
import dev.understudy.contract.Contracts;
import dev.understudy.contract.Happening;
import dev.understudy.contract.Happening.Kind;
import dev.understudy.contract.Rules;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Health;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import dev.understudy.vendor.Vendor;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Contracts hold for every attempt of a call: the first, failover, and hedges. */
final class ContractedCallsTest {
  private static final String HI =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";
  private static final String ASK =
      "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
  private static final String TERMS =
      """
      exclusivity:
        - id: ex-1
          grantor: us
          beneficiary: a
          kind: exclusive
          of: hosting
          carve-outs: [{name: outage, outage-of: a, longer-than: 15m}]
      """;
  private static final Map<String, String> VENDORS = Map.of("a", "custom", "b", "custom");

  private static Rules rules(Chain chain, Instant at) {
    return ContractState.of(
            new ContractBook(List.of(Contracts.terms(TERMS))), VENDORS, chain.log(), at)
        .rules();
  }

  private static House house(AtomicReference<Rules> rules, Route route, Vendor... vendors)
      throws Exception {
    return new House(
        Patience.USUAL,
        Gateway.Limits.none(),
        Callers.NONE,
        new Counsel(Gate.OPEN, Health.Headrooms.UNKNOWN, Health.Prices.UNKNOWN, rules::get),
        BreakerRule.USUAL,
        List.of(route),
        vendors);
  }

  private static Route route(String... vendors) {
    return new Route(
        "r",
        List.of(vendors).stream()
            .map(vendor -> Tier.of(RouteTarget.of(new Target(vendor, "m"))))
            .toList());
  }

  private static Vendor vendor(String name, ScriptedVendor at) {
    return House.vendor(name, at.port(), ProtocolName.OPENAI_CHAT);
  }

  @Test
  void theRecordNamesTheClauseThatAllowedAndTheOneThatDenied() throws Exception {
    var rules = new AtomicReference<>(rules(new Chain(), Instant.now()));
    try (var a = new ScriptedVendor(json(200, HI));
        var b = new ScriptedVendor(json(200, HI));
        var house = house(rules, route("b", "a"), vendor("a", a), vendor("b", b))) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);

      assertThat(b.seen).isEmpty();
      var decision = house.exchange().decision();
      assertThat(decision.order()).containsExactly("a/m");
      assertThat(decision.excluded())
          .containsExactly(
              new Exclusion("b/m", "contract", "acme v1 ex-1: hosting is exclusive to a"));
      assertThat(decision.steps()).containsExactly("first choice; allowed by acme v1 ex-1");
      assertThat(decision.contracts())
          .containsExactly(
              new Clause("b/m", false, "acme", 1, "ex-1"),
              new Clause("a/m", true, "acme", 1, "ex-1"));
    }
  }

  @Test
  void failoverGoesToNobodyWhoMayNotAnswer() throws Exception {
    var rules = new AtomicReference<>(rules(new Chain(), Instant.now()));
    try (var a = new ScriptedVendor(json(503, "{}"));
        var b = new ScriptedVendor(json(200, HI));
        var house = house(rules, route("a", "b"), vendor("a", a), vendor("b", b))) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(503);

      assertThat(a.seen).isNotEmpty();
      assertThat(b.seen).isEmpty();
    }
  }

  @Test
  void failoverIsLawfulWhileACarveOutHoldsAndTheRecordSaysSinceWhen() throws Exception {
    Instant now = Instant.now();
    String since = now.minusSeconds(1_200).toString();
    Chain chain =
        new Chain()
            .add(
                "gateway",
                Happening.of(
                    Kind.OUTAGE, "", "", now.minusSeconds(60), "vendor", "a", "since", since));
    var rules = new AtomicReference<>(rules(chain, now));
    try (var a = new ScriptedVendor(json(503, "{}"));
        var b = new ScriptedVendor(json(200, HI));
        var house = house(rules, route("a", "b"), vendor("a", a), vendor("b", b))) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);

      assertThat(house.exchange().decision().steps().getLast())
          .isEqualTo(
              "fallback, as a/m failed; allowed by acme v1 ex-1: carve-out outage: a is out since "
                  + since);
    }
  }

  @Test
  void aRuleThatComesIntoForceMeanwhileHoldsForTheNextAttempt() throws Exception {
    var rules = new AtomicReference<>(Rules.NONE);
    try (var a = new ScriptedVendor(json(503, "{}"));
        var b = new ScriptedVendor(json(200, HI));
        var house = house(rules, route("a", "b"), vendor("a", a), vendor("b", b))) {
      rules.set(Rules.NONE);
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
      rules.set(rules(new Chain(), Instant.now()));
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(503);
      assertThat(b.seen).hasSize(1);
    }
  }

  @Test
  void whereNobodyMayAnswerTheCallerIsToldWhyInPlainWords() throws Exception {
    var rules = new AtomicReference<>(rules(new Chain(), Instant.now()));
    try (var b = new ScriptedVendor(json(200, HI));
        var house = house(rules, route("b"), vendor("b", b))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.statusCode()).isEqualTo(403);
      assertThat(reply.body())
          .contains(
              "no target may answer for \\\"r\\\" under the contracts in force: b/m: hosting is exclusive to a");
      assertThat(b.seen).isEmpty();
    }
  }

  @Test
  void aHedgeIsLawfulToo() throws Exception {
    var rules = new AtomicReference<>(rules(new Chain(), Instant.now()));
    Route plain = route("a", "b");
    var hedged =
        new Route(
            plain.name(),
            plain.tiers(),
            plain.regions(),
            plain.retry(),
            Optional.of(new Hedge(Optional.of(Duration.ofMillis(1)), 0)),
            plain.hold());
    try (var a =
            new ScriptedVendor((seen, socket, out) -> {
              Thread.sleep(300);
              json(200, HI).play(seen, socket, out);
            });
        var b = new ScriptedVendor(json(200, HI));
        var house = house(rules, hedged, vendor("a", a), vendor("b", b))) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);

      assertThat(a.seen).hasSize(1);
      assertThat(b.seen).isEmpty();
    }
  }

  /** How often b is asked to go on with the answer that a broke off. */
  private static int goneOnWith(Rules inForce) throws Exception {
    var rules = new AtomicReference<>(inForce);
    try (var a =
            new ScriptedVendor((seen, socket, out) -> {
              ScriptedVendor.streamHead(out);
              for (int i = 0; i < 20; i++) {
                ScriptedVendor.chunk(out, LawfulLawsTest.chunk("and then she went on, "));
              }
              Thread.sleep(100);
              socket.close();
            });
        var b =
            new ScriptedVendor(
                ScriptedVendor.events(LawfulLawsTest.chunk("to the end."), "data: [DONE]\n\n"));
        var house = house(rules, route("a", "b"), vendor("a", a), vendor("b", b))) {
      house.post("/v1/chat/completions", ASK.replaceFirst("\\{", "{\"stream\":true,"));
      house.exchange();
      assertThat(a.seen).isNotEmpty();
      return b.seen.size();
    }
  }

  @Test
  void anAnswerIsNotGoneOnWithByWhoMayNotAnswer() throws Exception {
    assertThat(goneOnWith(Rules.NONE)).isPositive();
    assertThat(goneOnWith(rules(new Chain(), Instant.now()))).isZero();
  }
}
