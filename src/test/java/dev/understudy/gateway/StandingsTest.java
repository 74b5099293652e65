package dev.understudy.gateway;

import static dev.understudy.gateway.Routed.ASK;
import static dev.understudy.gateway.Routed.HI;
import static dev.understudy.gateway.Routed.QUICK;
import static dev.understudy.gateway.Routed.await;
import static dev.understudy.gateway.Routed.house;
import static dev.understudy.gateway.Routed.route;
import static dev.understudy.gateway.Routed.target;
import static dev.understudy.gateway.Routed.vendor;
import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.routing.BreakerRule;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a target is left alone, probed and taken back. */
final class StandingsTest {
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
}
