package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.routing.Review;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits and budgets as callers meet them: what counts, what is refused, what they are told. */
final class LimitsToldTest extends LimitedCalls {
  @Test
  void tellsOpenAisCallersHowTheyStandAndRefusesInTheirProtocol() throws Exception {
    try (var vendor =
            new ScriptedVendor(
                json(200, ANSWER, "x-ratelimit-remaining-requests: 9999", "x-other: kept"));
        var house = house(limits(2, 5_000, 0), vendor, ProtocolName.OPENAI_CHAT)) {
      HttpResponse<String> first = house.post("/v1/chat/completions", ASK);
      assertThat(first.statusCode()).isEqualTo(200);
      // The vendor's own would mislead: the caller has less.
      assertThat(first.headers().allValues("x-ratelimit-remaining-requests")).containsExactly("1");
      assertThat(header(first, "x-other")).isEqualTo("kept");
      assertThat(header(first, "x-ratelimit-limit-tokens")).isEqualTo("5000");
      assertThat(header(first, "x-ratelimit-reset-requests")).matches("[0-9]{1,2}s");
      house.exchange();
      house.post("/v1/chat/completions", ASK);

      HttpResponse<String> third = house.post("/v1/chat/completions", ASK);
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(code(third)).isEqualTo("request_limit_exceeded");
      assertThat(third.body()).contains("key:k is at its limit of 2 requests per minute");
      assertThat(Integer.parseInt(header(third, "retry-after"))).isBetween(1, 61);
      assertThat(header(third, "x-ratelimit-remaining-requests")).isEqualTo("0");
      assertThat(header(third, "x-should-retry")).isEmpty();
      assertThat(vendor.seen).hasSize(2);
    }
  }

  @Test
  void whatARouteChecksAndAsksAgainCountsAsOneRequestAndIsPaidInFull() throws Exception {
    String objection = ANSWER.replace("hello", "OBJECT: no");
    var review = new Review.Council(RouteTarget.of(new Target("c", "m")), 1, Review.Action.RETRY);
    Route plain = House.route("r", "v/m", "w/m");
    var route =
        new Route(
            "r",
            plain.tiers(),
            plain.regions(),
            plain.retry(),
            plain.hedge(),
            plain.hold(),
            plain.queue(),
            plain.continuing(),
            Optional.of(review));
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var other = new ScriptedVendor(json(200, ANSWER));
        var checker = new ScriptedVendor(json(200, objection));
        var house =
            house(
                limits(2, 0, 1, "1USD/day"),
                route,
                House.vendor("v", vendor.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("w", other.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("c", checker.port(), ProtocolName.OPENAI_CHAT))) {
      String ask = ASK.replace("v/m", "r");
      for (int left : new int[] {1, 0}) {
        HttpResponse<String> reply = house.post("/v1/chat/completions", ask);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(header(reply, "x-understudy-review")).startsWith("council: c/m objects");
        assertThat(header(reply, "x-ratelimit-remaining-requests")).isEqualTo("" + left);
        for (int call = 0; call < 3; call++) {
          house.exchange();
        }
      }
      assertThat(vendor.seen.size() + other.seen.size()).isEqualTo(4);
      assertThat(checker.seen).hasSize(2);
      assertThat(spent()).isEqualTo(6 * COST);
      HttpResponse<String> third = house.post("/v1/chat/completions", ask);
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(code(third)).isEqualTo("request_limit_exceeded");
    }
  }

  @Test
  void whatASuiteIsAnsweredTeachesNothingAboutCallersAnswers() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(0, 900, 0), vendor, ProtocolName.OPENAI_CHAT)) {
      // Four thousand tokens are reckoned with until twenty answers are known: too many for all.
      String open = ASK.replace("\"max_tokens\":10,", "");
      assertThat(code(house.post("/v1/chat/completions", open))).isEqualTo("token_limit_exceeded");
    }
    for (boolean suite : new boolean[] {true, false}) {
      try (var vendor =
              new ScriptedVendor(
                  json(200, ANSWER.replace("\"prompt_tokens\":100", "\"prompt_tokens\":1")));
          var house = house(limits(0, 900, 0), vendor, ProtocolName.OPENAI_CHAT)) {
        for (int i = 0; i < 20; i++) {
          house.post(
              "/v1/chat/completions",
              ASK,
              "x-understudy-purpose",
              suite ? "qualification" : "call");
          house.exchange();
        }
        String open = ASK.replace("\"max_tokens\":10,", "");
        assertThat(house.post("/v1/chat/completions", open).statusCode())
            .isEqualTo(suite ? 429 : 200);
      }
      limiting.close();
      open();
    }
  }

  private static ProtocolName spoken(String path) {
    if (path.endsWith("completions")) {
      return ProtocolName.OPENAI_CHAT;
    }
    return path.endsWith("responses") ? ProtocolName.OPENAI_RESPONSES : ProtocolName.GEMINI;
  }

  /** One answer may come to 20 tokens, the prompt to 50 or so; the caller has 200 left. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "/v1/chat/completions | \"max_tokens\":20 | false",
        "/v1/chat/completions | \"max_tokens\":20,\"n\":9 | true",
        "/v1/chat/completions | \"max_tokens\":20,\"n\":1 | false",
        "/v1/chat/completions | \"max_tokens\":20,\"n\":null | false",
        "/v1/chat/completions | \"max_completion_tokens\":20,\"max_tokens\":900 | true",
        "/v1/chat/completions | \"max_completion_tokens\":900,\"max_tokens\":20 | true",
        "/v1/chat/completions | \"max_output_tokens\":20 | true",
        "/v1/responses | \"max_output_tokens\":20 | false",
        "/v1/responses | \"max_tokens\":20 | true",
        "/v1beta/models/v/m:generateContent | \"generationConfig\":{\"maxOutputTokens\":20} | false",
        "/v1beta/models/v/m:generateContent | \"generationConfig\":{\"maxOutputTokens\":20,\"max_output_tokens\":900} | true",
        "/v1beta/models/v/m:generateContent | \"generationConfig\":{\"maxOutputTokens\":20,\"candidateCount\":9} | true",
        "/v1beta/models/v/m:generateContent | \"generation_config\":{\"max_output_tokens\":20,\"candidate_count\":9} | true"
      })
  void reservesForAllTheAnswersThatMayCome(String path, String bound, boolean refused)
      throws Exception {
    String body =
        """
        {"model":"v/m","messages":[{"role":"user","content":"hi"}],"input":"hi",
        "contents":[{"role":"user","parts":[{"text":"hi"}]}],%s}
        """
            .formatted(bound);
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(0, 200, 0), vendor, spoken(path))) {
      HttpResponse<String> response = house.post(path, body);

      assertThat(response.statusCode() == 429).as(response.body()).isEqualTo(refused);
      assertThat(vendor.seen).hasSize(refused ? 0 : 1);
    }
  }

  @Test
  void tellsAnthropicsCallersInTheirOwnHeaders() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(1, 5_000, 0), vendor, ProtocolName.OPENAI_CHAT)) {
      HttpResponse<String> first = house.post("/v1/messages", ASK);
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(header(first, "anthropic-ratelimit-requests-remaining")).isEqualTo("0");
      assertThat(Instant.parse(header(first, "anthropic-ratelimit-tokens-reset")))
          .isAfter(Instant.now());

      HttpResponse<String> second = house.post("/v1/messages", ASK);
      var error = Json.parseObject(second.body());
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(error.at("/type").asString()).isEqualTo("error");
      assertThat(error.at("/error/type").asString()).isEqualTo("rate_limit_error");
      assertThat(header(second, "retry-after")).isNotEmpty();
    }
  }

  @Test
  void tellsGooglesCallersInTheirs() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(1, 0, 0), vendor, ProtocolName.OPENAI_CHAT)) {
      String path = "/v1beta/models/v/m:generateContent";
      String ask = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
      assertThat(house.post(path, ask).statusCode()).isEqualTo(200);

      HttpResponse<String> second = house.post(path, ask);
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(Json.parseObject(second.body()).at("/error/status").asString())
          .isEqualTo("RESOURCE_EXHAUSTED");
    }
  }

  @Test
  void refusesWhenABudgetIsUsedUpAndTellsLibrariesNotToTryAgain() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(0, 0, 0, "0.004USD/month"), vendor, ProtocolName.OPENAI_CHAT)) {
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
      house.exchange();
      assertThat(spent()).isEqualTo(COST);
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
      house.exchange();

      HttpResponse<String> refused = house.post("/v1/chat/completions", ASK);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(code(refused)).isEqualTo("budget_exceeded");
      assertThat(refused.body())
          .contains("key:k has 0 USD left of its budget of 0.004USD/month")
          .contains("the budget starts anew at");
      assertThat(header(refused, "x-should-retry")).isEqualTo("false");
      assertThat(vendor.seen).hasSize(2);
    }
  }

  @Test
  void saysAtOnceThatARequestIsLargerThanTheWholeLimit() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, ANSWER));
        var house = house(limits(0, 1_000, 0), vendor, ProtocolName.OPENAI_CHAT)) {
      HttpResponse<String> refused =
          house.post("/v1/chat/completions", ASK.replace("10,", "1000,"));

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body())
          .contains("this request alone may need")
          .contains("lower maximum of output tokens");
      assertThat(header(refused, "retry-after")).isEmpty();
      assertThat(header(refused, "x-should-retry")).isEqualTo("false");
      assertThat(vendor.seen).isEmpty();
    }
  }

  @Test
  void holdsConcurrentCallsUntilTheyEnd() throws Exception {
    var go = new CountDownLatch(1);
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              go.await();
              json(200, ANSWER).play(seen, socket, out);
            });
        var house = house(limits(0, 0, 1), vendor, ProtocolName.OPENAI_CHAT)) {
      var first = house.client.sendAsync(request(house), HttpResponse.BodyHandlers.ofString());
      while (vendor.seen.isEmpty()) {
        assertThat(first).isNotDone();
        Thread.sleep(5);
      }
      HttpResponse<String> second = house.post("/v1/chat/completions", ASK);
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(code(second)).isEqualTo("concurrency_limit_exceeded");
      assertThat(header(second, "retry-after")).isEqualTo("1");

      go.countDown();
      assertThat(first.get().statusCode()).isEqualTo(200);
      house.exchange();
      house.exchange();
      assertThat(house.post("/v1/chat/completions", ASK).statusCode()).isEqualTo(200);
    }
  }
}
