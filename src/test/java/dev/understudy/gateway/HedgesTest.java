package dev.understudy.gateway;

import static dev.understudy.gateway.Routed.ASK;
import static dev.understudy.gateway.Routed.HI;
import static dev.understudy.gateway.Routed.house;
import static dev.understudy.gateway.Routed.none;
import static dev.understudy.gateway.Routed.target;
import static dev.understudy.gateway.Routed.tiers;
import static dev.understudy.gateway.Routed.vendor;
import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Failure;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A second target is asked although the first has not failed. */
final class HedgesTest {
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
}
