package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Feature;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Conditions;
import dev.understudy.routing.Health;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Overrides;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import dev.understudy.routing.Waits;
import dev.understudy.vendor.HeaderKey;
import dev.understudy.vendor.Vendor;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whom calls go to, and what becomes of them there. */
class RoutingTest {
  private static final String HI =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";
  private static final String CLAUDE =
      "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\","
          + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\","
          + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}";
  private static final String ASK =
      "{\"model\":\"r\",\"temperature\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
  private static final String PICTURE =
      "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"?\"},"
          + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}";

  private static final BreakerRule QUICK =
      new BreakerRule(
          2,
          1,
          1_000_000,
          Duration.ofSeconds(30),
          Duration.ZERO,
          1,
          Duration.ofMillis(300),
          Duration.ofSeconds(2),
          Duration.ZERO);

  @Test
  void aPictureGoesToWhoTakesPicturesAndTheRecordSaysWhy() throws Exception {
    try (var blind = new ScriptedVendor(json(200, HI));
        var seeing = new ScriptedVendor(json(200, HI));
        var house =
            house(
                route(target("a").lacking(Feature.IMAGES), target("b")),
                vendor("a", blind),
                vendor("b", seeing))) {
      assertThat(house.post("/v1/chat/completions", PICTURE).statusCode()).isEqualTo(200);

      assertThat(blind.seen).isEmpty();
      assertThat(house.exchange().decision().excluded())
          .containsExactly(new Exclusion("a/m", "capability", "its model does not take images"));
      house.post("/v1/chat/completions", ASK);
      assertThat(blind.seen).hasSize(1);
    }
  }

  @Test
  void ifNobodyTakesPicturesTheCallerIsTold() throws Exception {
    try (var blind = new ScriptedVendor(json(200, HI));
        var house = house(route(target("a").lacking(Feature.IMAGES)), vendor("a", blind))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", PICTURE);

      assertThat(reply.statusCode()).isEqualTo(400);
      assertThat(reply.body()).contains("a/m: its model does not take images");
      assertThat(blind.seen).isEmpty();
    }
  }

  @Test
  void tagsAndRegionsOfARequestDecide() throws Exception {
    var gold =
        new Conditions(
            List.of(), List.of(), List.of("gold"), Set.of(), Set.of(), 0, 1_000, List.of());
    try (var special = new ScriptedVendor(json(200, HI));
        var usual = new ScriptedVendor(json(200, HI));
        var house =
            house(
                route(target("a").when(gold).in("us"), target("b").in("eu-west-1")),
                vendor("a", special),
                vendor("b", usual))) {
      house.post("/v1/chat/completions", ASK);
      assertThat(special.seen).isEmpty();
      house.post("/v1/chat/completions", ASK, "x-understudy-tags", "silver, gold");
      assertThat(special.seen).hasSize(1);
      house.post(
          "/v1/chat/completions", ASK, "x-understudy-tags", "gold", "x-understudy-region", "eu");
      assertThat(special.seen).hasSize(1);
      assertThat(
              house.post("/v1/chat/completions", ASK, "x-understudy-region", "asia").statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void aTargetChangesRequestsToItRelayedAndTranslated() throws Exception {
    var overrides =
        new Overrides(Map.of("temperature", "0.25", "metadata.team", "\"x\""), List.of("user"));
    try (var relayed = new ScriptedVendor(json(503, "{}"));
        var translated = new ScriptedVendor(json(200, CLAUDE));
        var house =
            house(
                route(target("a").with(overrides), target("b").with(overrides)),
                vendor("a", relayed),
                House.vendor("b", translated.port(), ProtocolName.ANTHROPIC_MESSAGES))) {
      house.post("/v1/chat/completions", ASK.replace("\"model\"", "\"user\":\"u\",\"model\""));

      assertThat(relayed.seen.getFirst().body())
          .contains("\"temperature\":0.25", "\"metadata\":{\"team\":\"x\"}", "\"model\":\"m\"")
          .doesNotContain("\"user\":\"u\"");
      assertThat(translated.seen.getFirst().body())
          .contains("\"temperature\":0.25", "\"team\":\"x\"", "\"model\":\"m\"");
    }
  }

  @Test
  void aTargetThatKeepsFailingIsLeftAloneProbedAndTakenBack() throws Exception {
    try (var first = new ScriptedVendor(json(500, "{}"));
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                QUICK, route(target("a"), target("b")), vendor("a", first), vendor("b", second))) {
      for (int i = 0; i < 2; i++) {
        assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
        assertThat(house.exchange().attempts()).hasSize(2);
      }
      house.post("/v1/chat/completions", ASK);
      Exchange without = house.exchange();
      assertThat(without.attempts()).extracting(Attempt::target).containsExactly("b/m");
      assertThat(without.decision().order()).containsExactly("b/m", "a/m");

      first.script(json(200, HI));
      Thread.sleep(500);
      house.post("/v1/chat/completions", ASK);
      Exchange probed = house.exchange();
      assertThat(probed.attempts()).extracting(Attempt::target).containsExactly("a/m");
      assertThat(probed.decision().rule()).startsWith("probe: a/m");
    }
  }

  @Test
  void theLastResortIsAlwaysTried() throws Exception {
    try (var only = new ScriptedVendor(json(500, "{}"));
        var house = house(QUICK, route(target("a")), vendor("a", only))) {
      for (int i = 0; i < 5; i++) {
        house.post("/v1/chat/completions", ASK);
      }
      only.script(json(200, HI));

      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
      assertThat(only.seen).hasSize(6);
    }
  }

  @Test
  void aKeyThatIsToldToSlowDownRestsAndAnotherTakesItsPlace() throws Exception {
    ScriptedVendor.Script byKey =
        (seen, socket, out) ->
            out.write(
                seen.headers().get("authorization").endsWith("one")
                    ? ScriptedVendor.response(429, "application/json", "{}", "retry-after: 60")
                    : ScriptedVendor.response(200, "application/json", HI));
    try (var scripted = new ScriptedVendor(byKey)) {
      Vendor plain = vendor("a", scripted);
      var two =
          new Vendor(
              "a",
              "custom",
              plain.endpoints(),
              List.of(
                  new HeaderKey("a-1", "authorization", "Bearer ", "sk-key-one"),
                  new HeaderKey("a-2", "authorization", "Bearer ", "sk-key-two")),
              House.TIMEOUTS);
      try (var house = house(route(target("a")), two)) {
        for (int i = 0; i < 6; i++) {
          assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
        }
        long refused =
            scripted.seen.stream()
                .filter(seen -> seen.headers().get("authorization").endsWith("one"))
                .count();
        assertThat(refused).isEqualTo(1);
      }
    }
  }

  @Test
  void aQuotaThatIsUsedUpIsNotRetriedOnThatKeyButElsewhere() throws Exception {
    String quota =
        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance"
            + " is too low to access the Anthropic API.\"}}";
    try (var first = new ScriptedVendor(json(400, quota));
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                route(target("a"), target("b")),
                House.vendor("a", first.port(), ProtocolName.ANTHROPIC_MESSAGES),
                vendor("b", second))) {
      house.post("/v1/chat/completions", ASK);
      house.post("/v1/chat/completions", ASK);

      assertThat(first.seen).hasSize(1);
      assertThat(second.seen).hasSize(2);
      house.exchange();
      assertThat(house.exchange().decision().excluded())
          .contains(new Exclusion("a/m", "cooling", "key a-1: its quota is used up"));
    }
  }

  @Test
  void attemptsGoRoundTheTargetsAndTheBudgetEndsThem() throws Exception {
    var retry = new Retry(4, 0, 1, Duration.ofMillis(1), Duration.ofMillis(2));
    try (var first = new ScriptedVendor(json(500, "{}"));
        var second = new ScriptedVendor(json(500, "{}"));
        var house =
            house(
                BreakerRule.NEVER,
                new Route("r", tiers(target("a"), target("b")), List.of(), retry, none(), none()),
                vendor("a", first),
                vendor("b", second))) {
      house.post("/v1/chat/completions", ASK);
      Exchange exchange = house.exchange();

      // Two for nothing, one that was saved up; the fourth cannot be paid for.
      assertThat(exchange.attempts())
          .extracting(Attempt::target)
          .containsExactly("a/m", "b/m", "a/m");
      assertThat(exchange.decision().steps().getLast()).startsWith("once more, after ");
      house.post("/v1/chat/completions", ASK);
      assertThat(house.exchange().attempts()).hasSize(2);
    }
  }

  @Test
  void aVendorThatAsksForMoreTimeThanThereIsIsNotAskedAgain() throws Exception {
    var retry = new Retry(4, 1, 100, Duration.ofMillis(1), Duration.ofMillis(2));
    try (var first = new ScriptedVendor(json(503, "{}", "retry-after: 30"));
        var house =
            house(
                new Route("r", tiers(target("a")), List.of(), retry, none(), none()),
                vendor("a", first))) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(503);

      assertThat(first.seen).hasSize(1);
    }
  }

  @Test
  void aHedgeAnswersAndTheLoserIsStoppedAndRecorded() throws Exception {
    ScriptedVendor.Script slow = (seen, socket, out) -> Thread.sleep(10_000);
    var hedge = new Hedge(Optional.of(Duration.ofMillis(100)), 0);
    try (var first = new ScriptedVendor(slow);
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                new Route(
                    "r",
                    tiers(target("a"), target("b")),
                    List.of(),
                    Retry.USUAL,
                    Optional.of(hedge),
                    none()),
                vendor("a", first),
                vendor("b", second))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.headers().firstValue("x-understudy-target")).contains("b/m");
      Exchange exchange = house.exchange();
      assertThat(exchange.attempts())
          .extracting(Attempt::target, Attempt::outcome)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple("a/m", Attempt.Outcome.ABANDONED),
              org.assertj.core.groups.Tuple.tuple("b/m", Attempt.Outcome.ANSWERED));
      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
      assertThat(house.gateway.health().of(new Target("a", "m")).open()).isZero();
    }
  }

  @Test
  void whoIsSlowWithAnswersInOnePieceIsNotAskedForThem() throws Exception {
    ScriptedVendor.Script slow =
        (seen, socket, out) -> {
          Thread.sleep(300);
          json(200, HI).play(seen, socket, out);
        };
    Tier fastest =
        new Tier(
            List.of(RouteTarget.of(new Target("a", "m")), RouteTarget.of(new Target("b", "m"))),
            Balance.LATENCY,
            Affinity.NONE);
    try (var first = new ScriptedVendor(slow);
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(new Route("r", List.of(fastest)), vendor("a", first), vendor("b", second))) {
      for (int i = 0; i < 10; i++) {
        assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
      }

      assertThat(first.seen).as("asked until its slowness was known").hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void aHedgeByQuantileKnowsHowLongAnswersInOnePieceTake() throws Exception {
    var calls = new AtomicInteger();
    ScriptedVendor.Script slowInTheEnd =
        (seen, socket, out) -> {
          Thread.sleep(calls.incrementAndGet() > 25 ? 10_000 : 1);
          json(200, HI).play(seen, socket, out);
        };
    try (var first = new ScriptedVendor(slowInTheEnd);
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                new Route(
                    "r",
                    tiers(target("a"), target("b")),
                    List.of(),
                    Retry.USUAL,
                    Optional.of(new Hedge(Optional.empty(), 0.95)),
                    none()),
                vendor("a", first),
                vendor("b", second))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);
      for (int i = 0; i < 25; i++) {
        reply = house.post("/v1/chat/completions", ASK);
      }

      assertThat(reply.headers().firstValue("x-understudy-target")).contains("b/m");
    }
  }

  @Test
  void aHedgeThatFailsDoesNotEndTheFirst() throws Exception {
    ScriptedVendor.Script late =
        (seen, socket, out) -> {
          Thread.sleep(700);
          out.write(ScriptedVendor.response(200, "application/json", HI));
        };
    var hedge = new Hedge(Optional.of(Duration.ofMillis(100)), 0);
    try (var first = new ScriptedVendor(late);
        var second = new ScriptedVendor(json(503, "{}"));
        var house =
            house(
                new Route(
                    "r",
                    tiers(target("a"), target("b")),
                    List.of(),
                    Retry.USUAL,
                    Optional.of(hedge),
                    none()),
                vendor("a", first),
                vendor("b", second))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.headers().firstValue("x-understudy-target")).contains("a/m");
      assertThat(house.exchange().attempts()).hasSize(2);
    }
  }

  @Test
  void aHedgeThatMayNotBeMadeIsStillThereWhenTheFirstFails() throws Exception {
    ScriptedVendor.Script late =
        (seen, socket, out) -> {
          Thread.sleep(700);
          out.write(ScriptedVendor.response(500, "application/json", "{}"));
        };
    var closedOnce = new AtomicInteger();
    Gate gate =
        asking ->
            asking.target().vendor().equals("b") && closedOnce.getAndIncrement() == 0
                ? new Gate.Verdict.Closed("limit", "no", Failure.of(429, "limit", "no"))
                : Gate.Verdict.FREE;
    var hedge = new Hedge(Optional.of(Duration.ofMillis(100)), 0);
    try (var first = new ScriptedVendor(late);
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                gate,
                new Route(
                    "r",
                    tiers(target("a"), target("b")),
                    List.of(),
                    Retry.USUAL,
                    Optional.of(hedge),
                    none()),
                vendor("a", first),
                vendor("b", second))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(closedOnce).hasValue(2);
    }
  }

  @Test
  void aTargetIsWaitedForAsLongAsItsRouteSays() throws Exception {
    ScriptedVendor.Script stall = (seen, socket, out) -> Thread.sleep(10_000);
    var waits = new Waits(none(), Optional.of(Duration.ofMillis(150)), none(), Optional.empty());
    try (var first = new ScriptedVendor(stall);
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                route(target("a").waiting(waits), target("b")),
                vendor("a", first),
                vendor("b", second))) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
      assertThat(house.exchange().attempts().getFirst().detail().orElseThrow())
          .contains("nothing came for 150 ms");
    }
  }

  @Test
  void everyAttemptPassesTheGateAndIsSettledOnce() throws Exception {
    var asked = new ArrayList<String>();
    var settled = new ArrayList<Attempt>();
    Gate gate =
        asking -> {
          asked.add(asking.target().name() + " " + asking.attempt());
          return asking.target().vendor().equals("b")
              ? new Gate.Verdict.Closed(
                  "budget", "the budget is spent", Failure.of(429, "budget_exceeded", "no money"))
              : new Gate.Verdict.Open(settled::add);
        };
    try (var first = new ScriptedVendor(json(503, "{}"));
        var second = new ScriptedVendor(json(200, HI));
        var third = new ScriptedVendor(json(200, HI));
        var house =
            house(
                gate,
                route(target("a"), target("b"), target("c")),
                vendor("a", first),
                vendor("b", second),
                vendor("c", third))) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);

      assertThat(asked).containsExactly("a/m 1", "b/m 2", "c/m 2");
      assertThat(second.seen).isEmpty();
      assertThat(settled)
          .extracting(Attempt::outcome)
          .containsExactly(Attempt.Outcome.REFUSED, Attempt.Outcome.ANSWERED);
      assertThat(house.exchange().decision().excluded())
          .containsExactly(new Exclusion("b/m", "budget", "the budget is spent"));
    }
  }

  @Test
  void whenTheGateClosesForAllTheCallerHearsIt() throws Exception {
    var told = Failure.of(429, "budget_exceeded", "the budget of team search is spent");
    Gate gate = asking -> new Gate.Verdict.Closed("budget", "spent", told.withRetryAfter(7));
    try (var first = new ScriptedVendor(json(200, HI));
        var house = house(gate, route(target("a")), vendor("a", first))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.statusCode()).isEqualTo(429);
      assertThat(reply.body()).contains("the budget of team search is spent");
      assertThat(reply.headers().firstValue("retry-after")).contains("7");
      assertThat(first.seen).isEmpty();
    }
  }

  @Test
  void longConversationsStayWhereTheirPromptsAreCached() throws Exception {
    var turns = new AtomicInteger();
    String system = "s".repeat(5_000);
    try (var first = new ScriptedVendor(json(200, HI));
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                new Route(
                    "r",
                    List.of(
                        new Tier(
                            List.of(target("a").made(), target("b").made()),
                            Balance.WEIGHTED,
                            Affinity.AUTO))),
                vendor("a", first),
                vendor("b", second))) {
      for (int talk = 0; talk < 8; talk++) {
        int before = first.seen.size();
        var messages =
            new StringBuilder(
                "{\"role\":\"system\",\"content\":\"%s\"},{\"role\":\"user\",\"content\":\"talk %d\"}"
                    .formatted(system, talk));
        for (int turn = 0; turn < 4; turn++) {
          house.post("/v1/chat/completions", "{\"model\":\"r\",\"messages\":[" + messages + "]}");
          messages.append(
              ",{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"%d\"}"
                  .formatted(turns.getAndIncrement()));
        }
        assertThat(first.seen.size() - before).isIn(0, 4);
      }
      assertThat(first.seen.size()).isBetween(1, 31);
    }
  }

  @Test
  void noCallFailsWhileAVendorIsGoneAndComesBack() throws Exception {
    ScriptedVendor.Script gone = (seen, socket, out) -> socket.close();
    try (var first = new ScriptedVendor(json(200, HI));
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                QUICK, route(target("a"), target("b")), vendor("a", first), vendor("b", second))) {
      var statuses = new java.util.concurrent.ConcurrentLinkedQueue<Integer>();
      try (var callers = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
        for (int caller = 0; caller < 8; caller++) {
          callers.submit(() -> {
            for (int i = 0; i < 100; i++) {
              statuses.add(house.post("/v1/chat/completions", ASK).statusCode());
            }
          });
        }
        while (statuses.size() < 100) {
          Thread.sleep(5);
        }
        first.script(gone);
        while (statuses.size() < 500) {
          Thread.sleep(5);
        }
        first.script(json(200, HI));
      }

      assertThat(statuses).hasSize(800).containsOnly(200);
      // Out at once, so that nobody suffers long; and back in time.
      Thread.sleep(2_500);
      house.post("/v1/chat/completions", ASK);
      Exchange last = house.exchange();
      for (Exchange next = house.exchanges.poll(); next != null; next = house.exchanges.poll()) {
        last = next;
      }
      assertThat(last.attempts()).extracting(Attempt::target).containsExactly("a/m");
    }
  }

  @Test
  void aCallUnderWayKeepsItsPlan() throws Exception {
    ScriptedVendor.Script slow =
        (seen, socket, out) -> {
          Thread.sleep(800);
          out.write(ScriptedVendor.response(503, "application/json", "{}"));
        };
    try (var first = new ScriptedVendor(slow);
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(route(target("a"), target("b")), vendor("a", first), vendor("b", second))) {
      var reply =
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> house.post("/v1/chat/completions", ASK));
      while (first.seen.isEmpty()) {
        Thread.sleep(5);
      }
      // The new plan knows neither the route nor its vendors.
      house.gateway.replace(
          dev.understudy.routing.Plan.EMPTY, new dev.understudy.vendor.Vendors(List.of()), 7);

      assertThat(reply.get().statusCode()).isEqualTo(200);
      assertThat(house.exchange().decision().plan()).isEqualTo(1);
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void whereProbesAreWantedAConnectionBringsATargetBackSooner() throws Exception {
    var probing =
        new BreakerRule(
            1,
            1,
            1_000_000,
            Duration.ofSeconds(30),
            Duration.ZERO,
            1,
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMillis(100));
    try (var first = new ScriptedVendor(json(500, "{}"));
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                probing,
                route(target("a"), target("b")),
                vendor("a", first),
                vendor("b", second))) {
      house.post("/v1/chat/completions", ASK);
      house.exchange();
      first.script(json(200, HI));

      String served = "";
      for (int i = 0; i < 100 && !served.equals("a/m"); i++) {
        Thread.sleep(100);
        served =
            house
                .post("/v1/chat/completions", ASK)
                .headers()
                .firstValue("x-understudy-target")
                .orElse("");
      }
      assertThat(served).isEqualTo("a/m");
    }
  }

  @Test
  void whatAVendorSaysOfItsModelsBringsItBackAndAnErrorDoesNot() throws Exception {
    var probing =
        new BreakerRule(
            1,
            1,
            1_000_000,
            Duration.ofSeconds(30),
            Duration.ZERO,
            1,
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            Duration.ofMillis(100));
    ScriptedVendor.Script down = json(503, "{}");
    try (var first = new ScriptedVendor(down);
        var second = new ScriptedVendor(json(200, HI));
        var house =
            house(
                probing,
                route(target("a"), target("b")),
                vendor("a", first).withProbe(Optional.of("/v1/models?limit=1")),
                vendor("b", second))) {
      house.post("/v1/chat/completions", ASK);
      house.exchange();
      // It takes connections, and says on each that it is not well.
      await(() -> looks(first) >= 3);
      house.post("/v1/chat/completions", ASK);
      assertThat(first.seen.stream().filter(seen -> seen.line().startsWith("POST"))).hasSize(1);
      var look = first.seen.getLast();
      assertThat(look.line()).isEqualTo("GET /v1/models?limit=1 HTTP/1.1");
      assertThat(look.headers()).containsEntry("authorization", "Bearer sk-vendor-secret");

      first.script(json(200, HI));
      await(() -> {
        house.post("/v1/chat/completions", ASK);
        return house.gateway.health().all().stream().noneMatch(one -> one.breaker().out());
      });
    }
  }

  private static long looks(ScriptedVendor vendor) {
    return vendor.seen.stream().filter(seen -> seen.line().startsWith("GET")).count();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    for (int i = 0; i < 600 && !condition.holds(); i++) {
      Thread.sleep(50);
    }
    assertThat(condition.holds()).isTrue();
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  /** A target in the making. */
  private record Made(RouteTarget made) {
    Made lacking(Feature feature) {
      return new Made(
          new RouteTarget(
              made.target(),
              1,
              made.when(),
              Set.of(feature),
              made.region(),
              made.waits(),
              made.overrides()));
    }

    Made when(Conditions when) {
      return new Made(
          new RouteTarget(
              made.target(), 1, when, made.lacks(), made.region(), made.waits(), made.overrides()));
    }

    Made in(String region) {
      return new Made(
          new RouteTarget(
              made.target(), 1, made.when(), made.lacks(), region, made.waits(), made.overrides()));
    }

    Made with(Overrides overrides) {
      return new Made(
          new RouteTarget(
              made.target(), 1, made.when(), made.lacks(), made.region(), made.waits(), overrides));
    }

    Made waiting(Waits waits) {
      return new Made(
          new RouteTarget(
              made.target(), 1, made.when(), made.lacks(), made.region(), waits, made.overrides()));
    }
  }

  private static Made target(String vendor) {
    return new Made(RouteTarget.of(new Target(vendor, "m")));
  }

  private static List<Tier> tiers(Made... targets) {
    var tiers = new ArrayList<Tier>();
    for (Made target : targets) {
      tiers.add(Tier.of(target.made()));
    }
    return tiers;
  }

  private static Route route(Made... targets) {
    return new Route("r", tiers(targets));
  }

  private static Vendor vendor(String name, ScriptedVendor scripted) {
    return House.vendor(name, scripted.port(), ProtocolName.OPENAI_CHAT);
  }

  private static House house(Route route, Vendor... vendors) throws Exception {
    return house(BreakerRule.USUAL, route, vendors);
  }

  private static House house(BreakerRule breakers, Route route, Vendor... vendors)
      throws Exception {
    return new House(
        Patience.USUAL,
        Gateway.Limits.none(),
        Callers.NONE,
        Counsel.NONE,
        breakers,
        List.of(route),
        vendors);
  }

  private static House house(Gate gate, Route route, Vendor... vendors) throws Exception {
    return new House(
        Patience.USUAL,
        Gateway.Limits.none(),
        Callers.NONE,
        new Counsel(gate, Health.Headrooms.UNKNOWN, Health.Prices.UNKNOWN),
        BreakerRule.USUAL,
        List.of(route),
        vendors);
  }
}
