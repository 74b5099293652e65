package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.chunk;
import static dev.understudy.gateway.ScriptedVendor.events;
import static dev.understudy.gateway.ScriptedVendor.json;
import static dev.understudy.gateway.ScriptedVendor.streamHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Limits;
import dev.understudy.access.Scope;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.limits.Currencies;
import dev.understudy.limits.Limiting;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Route;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The faults of limits and budgets that other gateways were reported for, by their number in our
 * list.
 */
final class LimitedCallsTest extends LimitedCalls {
  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, OPENAI",
    "/v1/responses, RESPONSES",
    "/v1/messages, ANTHROPIC",
    "/v1/messages/count_tokens, ANTHROPIC",
    "/v1/responses/input_tokens, RESPONSES",
    "/v1beta/models/v/m:generateContent, GEMINI",
    "/v1beta/models/v/m:streamGenerateContent, GEMINI",
    "/v1beta/models/v/m:countTokens, GEMINI"
  })
  void fault3NoDoorDodgesALimit(String path, String protocol) throws Exception {
    String body =
        switch (protocol) {
          case "RESPONSES" -> "{\"model\":\"v/m\",\"input\":\"hi\"}";
          case "GEMINI" -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
          default -> ASK;
        };
    try (var vendor = new ScriptedVendor(json(500, "{}"));
        var house = house(limits(1, 0, 0), vendor, ProtocolName.OPENAI_CHAT)) {
      house.post(path, body);
      int before = vendor.seen.size();

      HttpResponse<String> second = house.post(path, body);
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.body()).contains("limit of 1 requests per minute");
      assertThat(vendor.seen).hasSize(before);
    }
  }

  @Test
  void fault5ABudgetIsEnforcedAndSavedOverARestart() throws Exception {
    Limits limits = limits(0, 0, 0, "0.006USD/day");
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits, vendor, ProtocolName.OPENAI_CHAT)) {
      house.post("/v1/chat/completions", ASK);
      house.post("/v1/chat/completions", ASK);
      house.exchange();
      house.exchange();
    }
    limiting.close();
    limiting = Limiting.alone(data, ZoneOffset.UTC, Currencies.USD);
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits, vendor, ProtocolName.OPENAI_CHAT)) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
      house.exchange();
      assertThat(spent()).isEqualTo(3 * COST);
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(429);
    }
  }

  @Test
  void fault6WhatWasReleasedOrCostLessDoesNotCauseARefusal() throws Exception {
    // Each call reserves 0.0075 USD for its answer and more for its prompt: a second would not fit.
    String dear = ASK.replace("\"max_tokens\":10", "\"max_tokens\":100");
    try (var vendor = new ScriptedVendor(json(500, "{\"error\":{\"message\":\"no\"}}"));
        var house = house(limits(0, 10_000, 0, "0.01USD/day"), vendor, ProtocolName.OPENAI_CHAT)) {
      for (int i = 0; i < 20; i++) {
        assertThat(house.post("/v1/chat/completions", dear).statusCode()).isEqualTo(500);
        house.exchange();
      }
      assertThat(spent()).isZero();
      assertThat(reserved()).isZero();
      vendor.script(json(200, ANSWER));
      assertThat(house.post("/v1/chat/completions", dear).statusCode()).isEqualTo(200);
      house.exchange();
      assertThat(spent()).isEqualTo(COST);
    }
  }

  @Test
  void fault7AFallbackTargetIsHeldToTheBudgetToo() throws Exception {
    try (var failing = new ScriptedVendor(json(503, "{\"error\":{\"message\":\"overloaded\"}}"));
        var other = new ScriptedVendor(json(200, ANSWER));
        var house =
            house(
                limits(0, 0, 0, "0.0009USD/day"),
                House.route("r", "a/m", "b/m"),
                House.vendor("a", failing.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("b", other.port(), ProtocolName.OPENAI_CHAT))) {
      String ask = ASK.replace("v/m", "r");
      // What is left after somebody else's call is enough for nobody.
      limiting
          .limiter()
          .admit(
              List.of(new Scope("key:k", limits(0, 0, 0, "0.0009USD/day"))),
              new dev.understudy.limits.Demand(1, 1),
              dev.understudy.limits.Patience.NONE);
      HttpResponse<String> refused =
          house.post("/v1/chat/completions", ask.replace("\"max_tokens\":10", "\"max_tokens\":12"));

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(code(refused)).isEqualTo("budget_exceeded");
      assertThat(failing.seen).isEmpty();
      assertThat(other.seen).isEmpty();
    }
  }

  @Test
  void fault7TheSecondAttemptIsRefusedWhenTheFirstUsedTheBudgetUp() throws Exception {
    try (var failing =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              for (int i = 0; i < 50; i++) {
                chunk(out, PIECE);
              }
              socket.close();
            });
        var other = new ScriptedVendor(json(200, ANSWER));
        var house =
            house(
                limits(0, 0, 0, "0.03USD/day"),
                House.route("r", "a/m", "b/m"),
                House.vendor("a", failing.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("b", other.port(), ProtocolName.OPENAI_CHAT))) {
      HttpResponse<String> broken =
          house.post(
              "/v1/chat/completions",
              STREAM.replace("v/m", "r").replace("\"max_tokens\":10", "\"max_tokens\":300"));

      assertThat(broken.body()).doesNotContain("[DONE]");
      assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.BROKEN);
      assertThat(other.seen).isEmpty();
      assertThat(spent()).isGreaterThan(30_000_000);
    }
  }

  @Test
  void fault8CachedTokensCountOnceWhicheverWayAVendorCounts() throws Exception {
    // 1,000 tokens in, 900 of them from the cache, 10 out: OpenAI includes them, Anthropic does
    // not.
    String including =
        ANSWER.replace(
            "\"prompt_tokens\":100,\"completion_tokens\":10,\"total_tokens\":110",
            "\"prompt_tokens\":1000,\"prompt_tokens_details\":{\"cached_tokens\":900},"
                + "\"completion_tokens\":10,\"total_tokens\":1010");
    String excluding =
        "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":"
            + "[{\"type\":\"text\",\"text\":\"hello\"}],\"stop_reason\":\"end_turn\",\"usage\":"
            + "{\"input_tokens\":100,\"cache_read_input_tokens\":900,\"output_tokens\":10}}";
    long[] spent = new long[2];
    int vendorNumber = 0;
    for (String answer : List.of(including, excluding)) {
      try (var vendor = new ScriptedVendor(json(200, answer));
          var house =
              house(
                  List.of(new Scope("key:" + vendorNumber, limits(0, 10_000, 0, "1USD/day"))),
                  House.route("r", "v/m"),
                  House.vendor(
                      "v",
                      vendor.port(),
                      vendorNumber == 0
                          ? ProtocolName.OPENAI_CHAT
                          : ProtocolName.ANTHROPIC_MESSAGES))) {
        HttpResponse<String> response = house.post("/v1/chat/completions", ASK);
        assertThat(response.statusCode()).isEqualTo(200);
        house.exchange();
        String key = "key:" + vendorNumber;
        var use =
            limiting.limiter().uses().stream()
                .filter(one -> one.scope().equals(key))
                .findAny()
                .orElseThrow();
        spent[vendorNumber] = use.budgets().getFirst().spentNanos();
        assertThat(use.tokens().orElseThrow().used()).isEqualTo(1_010);
      }
      vendorNumber++;
    }
    assertThat(spent[0]).isEqualTo(spent[1]).isEqualTo(1_000 * 15_000L + 10 * 75_000L);
  }

  @Test
  void fault9ACallerWhoLeavesPaysForWhatWasConsumed() throws Exception {
    var left = new CountDownLatch(1);
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              for (int i = 0; i < 20; i++) {
                chunk(out, PIECE);
              }
              left.await();
            });
        var house = house(limits(0, 0, 1, "1USD/day"), vendor, ProtocolName.OPENAI_CHAT)) {
      try (var caller = new Socket("127.0.0.1", house.gateway.port())) {
        byte[] body = STREAM.getBytes(StandardCharsets.UTF_8);
        caller
            .getOutputStream()
            .write(
                ("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
                        + body.length
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        caller.getOutputStream().write(body);
        int seen = 0;
        byte[] buffer = new byte[4_096];
        while (seen < 20 * PIECE.length()) {
          seen += caller.getInputStream().read(buffer);
        }
      }
      Exchange exchange = house.exchange();
      left.countDown();
      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ABANDONED);
      assertThat(exchange.attempts().getFirst().usage().estimated()).isTrue();
      // 20 pieces of 40 letters are 200 tokens out, far more than the 10 that were reserved.
      assertThat(spent()).isBetween(200 * 75_000L, 300 * 75_000L);
      assertThat(reserved()).isZero();
      // His seat is free again.
      assertThat(limiting.limiter().uses().getFirst().calls().orElseThrow().used()).isZero();
    }
  }

  @Test
  void fault9ZeroThatAVendorReportsIsNotTakenForMissing() throws Exception {
    String free =
        ANSWER.replace(
            "\"prompt_tokens\":100,\"completion_tokens\":10,\"total_tokens\":110",
            "\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0");
    try (var vendor = new ScriptedVendor(json(200, free));
        var house = house(limits(0, 0, 0, "1USD/day"), vendor, ProtocolName.OPENAI_CHAT)) {
      house.post("/v1/chat/completions", ASK);
      assertThat(house.exchange().attempts().getFirst().usage().estimated()).isFalse();
      assertThat(spent()).isZero();
      assertThat(reserved()).isZero();
    }
  }

  @Test
  void fault9TheLoserOfAHedgeIsPaidForToo() throws Exception {
    var over = new CountDownLatch(1);
    Route route = House.route("r", "slow/m", "quick/m");
    try (var slow =
            new ScriptedVendor((seen, socket, out) -> {
              over.await();
            });
        var quick = new ScriptedVendor(json(200, ANSWER));
        var house =
            house(
                limits(0, 0, 1, "1USD/day"),
                new Route(
                    route.name(),
                    route.tiers(),
                    route.regions(),
                    route.retry(),
                    Optional.of(new Hedge(Optional.of(Duration.ofMillis(100)), 0)),
                    Optional.empty()),
                House.vendor("slow", slow.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("quick", quick.port(), ProtocolName.OPENAI_CHAT))) {
      // One call has one seat, however many attempts it makes.
      HttpResponse<String> answer = house.post("/v1/chat/completions", ASK.replace("v/m", "r"));
      over.countDown();

      assertThat(answer.statusCode()).isEqualTo(200);
      Exchange exchange = house.exchange();
      assertThat(exchange.attempts())
          .extracting(Attempt::outcome)
          .containsExactlyInAnyOrder(Attempt.Outcome.ABANDONED, Attempt.Outcome.ANSWERED);
      long prompt = Estimates.tokens(ASK.replace("v/m", "r").length());
      assertThat(spent()).isEqualTo(COST + prompt * 15_000);
      assertThat(reserved()).isZero();
    }
  }

  @Test
  void fault10AStreamWithoutUsageIsEstimatedAndNeverZero() throws Exception {
    try (var vendor = new ScriptedVendor(events(PIECE, PIECE, LAST, "data: [DONE]\n\n"));
        var house = house(limits(0, 0, 0, "1USD/day"), vendor, ProtocolName.OPENAI_CHAT)) {
      house.post("/v1/chat/completions", STREAM);
      Exchange exchange = house.exchange();
      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
      assertThat(exchange.attempts().getFirst().usage().estimated()).isTrue();
      assertThat(spent()).isGreaterThan(20 * 75_000L);
    }
  }

  @Test
  void fault11WhatHasNoPriceCostsAStatedOneAndNeverNothing() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(0, 0, 0, "1USD/day"), vendor, ProtocolName.OPENAI_CHAT)) {
      house.post("/v1/chat/completions", ASK.replace("v/m", "v/nobody-knows-me"));
      house.exchange();
      assertThat(spent()).isEqualTo(COST);
    }
  }

  @Test
  void fault12NothingThatWasSpentIsLostWhenManyCallsEndAtOnce() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(0, 0, 0, "9USD/day"), vendor, ProtocolName.OPENAI_CHAT)) {
      var calls =
          Stream.generate(() ->
                  house.client.sendAsync(request(house), HttpResponse.BodyHandlers.ofString()))
              .limit(200)
              .toList();
      for (var call : calls) {
        assertThat(call.get().statusCode()).isEqualTo(200);
      }
      for (int i = 0; i < 200; i++) {
        house.exchange();
      }
      assertThat(spent()).isEqualTo(200 * COST);
    }
  }

  @Test
  void fault13AStreamCountsItsTokensOnce() throws Exception {
    String usage =
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10,"
            + "\"total_tokens\":110}}\n\n";
    try (var vendor = new ScriptedVendor(events(PIECE, LAST, usage, usage, "data: [DONE]\n\n"));
        var house = house(limits(0, 10_000, 0, "1USD/day"), vendor, ProtocolName.OPENAI_CHAT)) {
      house.post("/v1/chat/completions", STREAM);
      house.exchange();
      var use = limiting.limiter().uses().getFirst();
      assertThat(use.tokens().orElseThrow().used()).isEqualTo(110);
      assertThat(spent()).isEqualTo(COST);
    }
  }
}
