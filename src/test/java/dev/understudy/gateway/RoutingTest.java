package dev.understudy.gateway;

import static dev.understudy.gateway.Routed.ASK;
import static dev.understudy.gateway.Routed.HI;
import static dev.understudy.gateway.Routed.house;
import static dev.understudy.gateway.Routed.none;
import static dev.understudy.gateway.Routed.route;
import static dev.understudy.gateway.Routed.target;
import static dev.understudy.gateway.Routed.vendor;
import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Failure;
import dev.understudy.chat.Feature;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.Conditions;
import dev.understudy.routing.Overrides;
import dev.understudy.routing.Route;
import dev.understudy.routing.Tier;
import dev.understudy.routing.Waits;
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
final class RoutingTest {
  private static final String CLAUDE =
      "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\","
          + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\","
          + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}";

  private static final String PICTURE =
      "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"?\"},"
          + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}";

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
}
