package dev.understudy.gateway;

import static dev.understudy.gateway.Routed.ASK;
import static dev.understudy.gateway.Routed.HI;
import static dev.understudy.gateway.Routed.house;
import static dev.understudy.gateway.Routed.none;
import static dev.understudy.gateway.Routed.route;
import static dev.understudy.gateway.Routed.target;
import static dev.understudy.gateway.Routed.tiers;
import static dev.understudy.gateway.Routed.vendor;
import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Route;
import dev.understudy.vendor.HeaderKey;
import dev.understudy.vendor.Vendor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which key and which target is asked after one that refused. */
final class RetriesTest {
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
}
