package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.contract.Chain;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractState;
import dev.understudy.contract.Contracts;
import dev.understudy.contract.Happening.Kind;
import dev.understudy.contract.Rules;
import dev.understudy.contract.Ruling;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Exchange;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Health;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever happens, whom a contract denies is not asked, and the first clause that denies decides.
 */
class LawfulLawsTest {
  private static final String NOW = "2026-06-01";
  private static final Map<String, String> VENDORS =
      Map.of("a", "custom", "b", "custom", "c", "custom", "d", "custom");
  private static final String HEAD =
      """
      contract:
        id: acme
        version: 1
        parties:
          - {id: us, role: customer}
          - {id: a, role: host, vendors: [a]}
          - {id: b, role: host, vendors: [b]}
          - {id: c, role: host, vendors: [c]}
        term: {from: 2019-01-01}
        currency: USD
      """;

  /** Clauses by their precedence; those of one line may stand in for each other. */
  private static final List<List<String>> CLAUSES =
      List.of(
          List.of("regions: {allow: [eu]}\n", "regions: {deny: [us]}\n"),
          List.of(
              "data-use: {outputs-train-competing: false}\n",
              "data-use: {inputs-train: true, outputs-train-competing: true}\n"),
          List.of(
              """
              triggers:
                - {id: t, condition: {declared-by: us.board}, effects: [{deny: {vendors: [b]}}]}
              """),
          List.of(
              """
              licenses:
                - {id: li, licensor: us, licensee: c, of: models, scope: {models: ["m1"]}, until: 2025-01-01}
              """),
          List.of(
              """
              exclusivity:
                - {id: ex, grantor: us, beneficiary: a, kind: exclusive, of: hosting}
              """,
              """
              exclusivity:
                - {id: ex, grantor: us, beneficiary: c, kind: exclusive, of: hosting, scope: {models: [m2]}}
              """),
          List.of(
              """
              rofr:
                - {id: ro, holder: a, grantor: us, of: capacity, notice-days: 30}
              """));

  private static final Map<List<String>, Rules> COMPILED = new ConcurrentHashMap<>();

  private static Rules rules(List<String> clauses) {
    return COMPILED.computeIfAbsent(clauses, LawfulLawsTest::compiled);
  }

  private static Rules compiled(List<String> clauses) {
    var chain = new Chain();
    String all = String.join("", clauses);
    if (all.contains("triggers:")) {
      chain.approved(Kind.DECLARE, "acme", "t", "2026-01-01", "body", "us.board");
    }
    if (all.contains("rofr:")) {
      chain.add(
          Kind.OFFER,
          "acme",
          "ro",
          "2026-05-30",
          "offer",
          "o1",
          "third",
          "d",
          "units",
          "1",
          "price",
          "1",
          "targets",
          "d/*");
    }
    return ContractState.of(
            new ContractBook(List.of(Contracts.of(HEAD + all))),
            VENDORS,
            chain.log(),
            Contracts.at(NOW))
        .rules();
  }

  /** Clauses by which bits are set in a number. */
  private static List<String> chosen(int choice) {
    var chosen = new ArrayList<String>();
    for (int i = 0; i < CLAUSES.size(); i++) {
      int which = (choice >> (2 * i)) & 3;
      if (which > 0) {
        chosen.add(CLAUSES.get(i).get(which % CLAUSES.get(i).size()));
      }
    }
    return chosen;
  }

  @Property(tries = 200)
  void theFirstClauseThatDeniesDecidesAndNoOther(
      @ForAll @IntRange(max = 4_095) int choice,
      @ForAll @IntRange(max = 3) int vendor,
      @ForAll boolean second,
      @ForAll @IntRange(max = 2) int where,
      @ForAll @IntRange(max = 2) int use) {
    String name = List.of("a", "b", "c", "d").get(vendor);
    String model = second ? "m2" : "m1";
    String region = List.of("", "eu-west-1", "us-east-1").get(where);
    String purpose = List.of("", "confidential", "train-competing").get(use);
    Subject asker = Subject.asker("o", "t", Map.of("use", purpose), Set.of());
    List<String> clauses = chosen(choice);

    Optional<Ruling> first =
        clauses.stream()
            .map(clause -> rules(List.of(clause)).judge(name, "custom", model, region, asker))
            .filter(ruling -> !ruling.allowed())
            .findFirst();
    Ruling all = rules(clauses).judge(name, "custom", model, region, asker);

    assertThat(all.allowed()).isEqualTo(first.isEmpty());
    first.ifPresent(ruling -> assertThat(all.why()).isEqualTo(ruling.why()));
    first.ifPresent(ruling ->
        assertThat(all.clause().map(clause -> clause.clause()))
            .isEqualTo(ruling.clause().map(clause -> clause.clause())));
  }

  private static ScriptedVendor vendor(int seed) throws Exception {
    var chance = new Random(seed);
    return new ScriptedVendor((seen, socket, out) -> {
      switch (chance.nextInt(5)) {
        case 0 -> json(503, "{}").play(seen, socket, out);
        case 1 -> json(429, "{}").play(seen, socket, out);
        case 2 -> socket.close();
        case 3 -> {
          ScriptedVendor.streamHead(out);
          ScriptedVendor.chunk(out, chunk("Once upon a time there was a gateway"));
          socket.close();
        }
        default -> ScriptedVendor.events(chunk("hi"), "data: [DONE]\n\n").play(seen, socket, out);
      }
    });
  }

  static String chunk(String text) {
    return ("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n")
        .formatted(text);
  }

  @Property(tries = 6)
  void whateverVendorsDoNobodyWhoIsDeniedIsEverInTheOrderOrAsked(
      @ForAll int seed, @ForAll @Size(value = 8) List<@IntRange(max = 4_095) Integer> choices)
      throws Exception {
    var inForce = new AtomicReference<>(Rules.NONE);
    var tiers =
        List.of("d/m1", "b/m2", "a/m1", "c/m1", "c/m2").stream()
            .map(name ->
                Tier.of(RouteTarget.of(new Target(name.substring(0, 1), name.substring(2)))))
            .toList();
    Route plain = new Route("r", tiers);
    var hedged =
        new Route(
            "r",
            plain.tiers(),
            plain.regions(),
            plain.retry(),
            Optional.of(new Hedge(Optional.of(Duration.ofMillis(1)), 0)),
            plain.hold());
    try (var a = vendor(seed);
        var b = vendor(seed + 1);
        var c = vendor(seed + 2);
        var d = vendor(seed + 3);
        var house =
            new House(
                Patience.USUAL,
                Gateway.Limits.none(),
                Callers.NONE,
                new Counsel(
                    Gate.OPEN, Health.Headrooms.UNKNOWN, Health.Prices.UNKNOWN, inForce::get),
                BreakerRule.USUAL,
                List.of(hedged),
                House.vendor("a", a.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("b", b.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("c", c.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("d", d.port(), ProtocolName.OPENAI_CHAT))) {
      for (int choice : choices) {
        Rules rules = rules(chosen(choice));
        inForce.set(rules);
        for (int i = 0; i < 3; i++) {
          house.post(
              "/v1/chat/completions",
              "{\"model\":\"r\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
          holds(rules, house.exchange());
        }
      }
    }
  }

  private static void holds(Rules rules, Exchange exchange) {
    Subject asker = Subject.asker("", "", Map.of(), Set.of());
    var asked = new ArrayList<>(exchange.decision().order());
    exchange.attempts().stream().map(Attempt::target).forEach(asked::add);
    for (String target : asked) {
      assertThat(rules.judge(target.substring(0, 1), "custom", target.substring(2), "", asker))
          .as(target)
          .matches(Ruling::allowed);
    }
    for (Clause clause : exchange.decision().contracts()) {
      assertThat(asked.contains(clause.target())).as(clause.toString()).isEqualTo(clause.allowed());
    }
  }
}
