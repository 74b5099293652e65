package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.gateway.FaultBox.Box;
import dev.understudy.json.Json;
import dev.understudy.routing.Continuing;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Route;
import dev.understudy.sandbox.Recital;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Answers that break off in the middle and are gone on with by another vendor. */
class ContinuationTest {
  private static final String TEXT = Recital.of(60);
  private static final String RECITES = "-sandbox-recite-60";
  private static FaultBox box;

  @BeforeAll
  static void open() throws IOException {
    var routes = new ArrayList<Route>();
    for (Box first :
        List.of(FaultBox.CHAT, FaultBox.RESPONSES, FaultBox.MESSAGES, FaultBox.GEMINI)) {
      for (Box second : FaultBox.ALL) {
        routes.add(
            FaultBox.route(
                first.name() + "-" + second.name(),
                first.target("-sandbox-recite-60-sandbox-cut-tokens-30"),
                second.target("-sandbox-recite-60-x")));
      }
    }
    for (String way : List.of("overlap", "space", "restart", "preamble")) {
      for (Box second : FaultBox.ALL) {
        routes.add(
            FaultBox.route(
                second.name() + "-" + way,
                FaultBox.CHAT.target("-sandbox-recite-60-sandbox-cut-tokens-30"),
                second.target("-sandbox-recite-60-sandbox-goes-on-" + way)));
      }
    }
    for (String way : List.of("astray", "refuse", "direct")) {
      String cut = FaultBox.CHAT.target("-sandbox-recite-60-sandbox-cut-tokens-30");
      String bad = FaultBox.GEMINI.target("-sandbox-recite-60-sandbox-goes-on-" + way);
      routes.add(FaultBox.route(way, cut, bad));
      routes.add(FaultBox.route(way + "-then", cut, bad, FaultBox.MESSAGES.target(RECITES)));
    }
    routes.add(
        FaultBox.route(
            "astray-by-prefix",
            FaultBox.CHAT.target(RECITES + "-sandbox-cut-tokens-30"),
            FaultBox.MESSAGES.target(RECITES + "-sandbox-goes-on-astray")));
    routes.add(
        FaultBox.route(
            "thrice",
            FaultBox.CHAT.target(RECITES + "-sandbox-cut-tokens-10"),
            FaultBox.MESSAGES.target(RECITES + "-sandbox-cut-tokens-10"),
            FaultBox.OPEN.target(RECITES + "-sandbox-reset-tokens-10"),
            FaultBox.GEMINI.target(RECITES)));
    routes.add(
        FaultBox.route(
            "every-time",
            FaultBox.CHAT.target(RECITES + "-sandbox-cut-tokens-10"),
            FaultBox.MESSAGES.target(RECITES + "-sandbox-cut-tokens-4"),
            FaultBox.OPEN.target(RECITES + "-sandbox-cut-tokens-4"),
            FaultBox.LATER_MESSAGES.target(RECITES + "-sandbox-cut-tokens-20"),
            FaultBox.GEMINI.target(RECITES)));
    routes.add(
        FaultBox.route(
            "thinks",
            FaultBox.OPEN.target(RECITES + "-sandbox-cut-tokens-60"),
            FaultBox.OPEN.second(RECITES)));
    routes.add(
        FaultBox.route(
            "half-a-thought",
            FaultBox.OPEN.target(RECITES + "-sandbox-cut-tokens-5"),
            FaultBox.OPEN.second(RECITES)));
    for (Box first : List.of(FaultBox.CHAT, FaultBox.MESSAGES)) {
      routes.add(
          FaultBox.route(
              "two-calls-" + first.name(),
              first.target("-sandbox-cut-tokens-" + (first == FaultBox.CHAT ? 14 : 32)),
              FaultBox.RESPONSES.target("")));
    }
    Route on = routes.getFirst();
    routes.add(
        new Route(
            "off",
            on.tiers(),
            List.of(),
            Retry.USUAL,
            Optional.<Hedge>empty(),
            Optional.empty(),
            Optional.empty(),
            new Continuing(Continuing.What.OFF, 3)));
    box = new FaultBox(Duration.ofSeconds(5), routes);
  }

  @AfterAll
  static void close() {
    box.close();
  }

  private static HeardStream heard(ProtocolName caller, String route)
      throws IOException, InterruptedException {
    HttpResponse<String> reply = box.ask(caller, route, true, false);
    assertThat(reply.statusCode()).isEqualTo(200);
    HeardStream heard = HeardStream.of(caller, reply.body());
    assertThat(heard.complaints).as(reply.body()).isEmpty();
    return heard;
  }

  private static Exchange exchange() throws InterruptedException {
    Exchange exchange = box.exchanges.poll(10, TimeUnit.SECONDS);
    assertThat(exchange).isNotNull();
    return exchange;
  }

  @Test
  void everybodyGoesOnWithEverybodysAnswerForEveryCaller() throws Exception {
    for (ProtocolName caller : FaultBox.CALLERS) {
      for (Box first :
          List.of(FaultBox.CHAT, FaultBox.RESPONSES, FaultBox.MESSAGES, FaultBox.GEMINI)) {
        for (Box second : FaultBox.ALL) {
          box.exchanges.clear();
          HeardStream heard = heard(caller, first.name() + "-" + second.name());
          assertThat(heard.error).as("%s: %s then %s", caller, first, second).isEmpty();
          assertThat(heard.text.toString())
              .as("%s: %s then %s", caller, first, second)
              .isEqualTo(TEXT);
          assertThat(heard.ended).isTrue();
          assertThat(heard.answeredBy).contains(first.name() + "/").contains(second.name() + "/");
          Exchange exchange = exchange();
          assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
          assertThat(exchange.attempts())
              .extracting(Attempt::outcome)
              .containsExactly(Attempt.Outcome.BROKEN, Attempt.Outcome.ANSWERED);
          Attempt broken = exchange.attempts().getFirst();
          Attempt whole = exchange.attempts().getLast();
          assertThat(broken.wentOnAfter()).isEmpty();
          assertThat(whole.wentOnAfter()).hasValue(TEXT.offsetByCodePoints(0, 120));
          assertThat(whole.relayed()).isFalse();
          assertThat(broken.usage().estimated()).isTrue();
          assertThat(whole.usage().estimated()).isFalse();
          assertThat(heard.outputTokens)
              .isEqualTo(broken.usage().tokens().output() + whole.usage().tokens().output());
        }
      }
    }
  }

  private static HeardStream chat(String route, String more)
      throws IOException, InterruptedException {
    HttpResponse<String> reply =
        box.ask(
            "/v1/chat/completions",
            "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"parallel\"}]%s}"
                .formatted(route, more));
    assertThat(reply.statusCode()).isEqualTo(200);
    HeardStream heard = HeardStream.of(ProtocolName.OPENAI_CHAT, reply.body());
    assertThat(heard.complaints).as(reply.body()).isEmpty();
    return heard;
  }

  @Test
  void whatModelsRepeatOrAnnounceIsLeftOut() throws Exception {
    for (Box second : FaultBox.ALL) {
      for (String way : List.of("overlap", "space", "restart", "preamble")) {
        if (way.equals("preamble") && FaultBox.goesOnByPrefix(second)) {
          continue; // told nothing, it says nothing that could be told from the text
        }
        HeardStream heard = chat(second.name() + "-" + way, "");

        assertThat(heard.text.toString()).as("%s, %s", second.name(), way).isEqualTo(TEXT);
        assertThat(heard.ended).isTrue();
      }
    }
  }

  @Test
  void whatIsNoContinuationIsNotPassedOn() throws Exception {
    for (String way : List.of("astray", "refuse", "direct", "astray-by-prefix")) {
      box.exchanges.clear();
      HeardStream heard = chat(way, "");

      assertThat(heard.error).as(way).contains("did not go on");
      assertThat(heard.ended).isFalse();
      assertThat(TEXT).startsWith(heard.text.toString());
      Exchange exchange = exchange();
      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.BROKEN);
      assertThat(exchange.attempts()).hasSize(2);
      assertThat(exchange.attempts().getLast().usage().tokens().output()).isPositive();
    }
  }

  @Test
  void anotherIsAskedWhenOneDoesNotGoOn() throws Exception {
    for (String way : List.of("astray", "refuse", "direct")) {
      HeardStream heard = chat(way + "-then", "");

      assertThat(heard.text.toString()).as(way).isEqualTo(TEXT);
      assertThat(heard.ended).isTrue();
      assertThat(heard.answeredBy).contains("chat/").contains("messages/");
    }
  }

  @Test
  void anAnswerMayBreakOffSeveralTimes() throws Exception {
    box.exchanges.clear();
    HeardStream heard = chat("thrice", "");

    assertThat(heard.text.toString()).isEqualTo(TEXT);
    assertThat(exchange().attempts()).hasSize(4);
  }

  @Test
  void butNotForEver() throws Exception {
    box.exchanges.clear();
    HeardStream heard = chat("every-time", "");

    assertThat(heard.error).isNotEmpty();
    assertThat(heard.ended).isFalse();
    assertThat(TEXT).startsWith(heard.text.toString());
    assertThat(exchange().attempts()).hasSize(1 + Continuing.USUAL.timesMax());
  }

  @Test
  void theNextTargetIsAskedForWhatIsLeftInItsOwnWay() throws Exception {
    chat("chat-messages", ",\"max_tokens\":100,\"stop\":[\"never said\"]");
    var prefixed = Json.parseObject(box.sandbox.server("anthropic").requests().getLast().text());
    chat("chat-later", ",\"max_tokens\":100");
    var instructed = Json.parseObject(box.sandbox.server("anthropic").requests().getLast().text());

    String told = TEXT.substring(0, TEXT.offsetByCodePoints(0, 120));
    JsonNode last = prefixed.path("messages").path(1);
    assertThat(last.path("role").asString()).isEqualTo("assistant");
    assertThat(text(last)).isEqualTo(told.stripTrailing());
    assertThat(prefixed.path("messages").size()).isEqualTo(2);
    assertThat(prefixed.path("max_tokens").asInt()).isEqualTo(100 - (told.length() + 3) / 4);
    assertThat(prefixed.path("stop_sequences").path(0).asString()).isEqualTo("never said");
    assertThat(text(instructed.path("messages").path(1))).isEqualTo(told.stripTrailing());
    assertThat(text(instructed.path("messages").path(2)))
        .isEqualTo(Continuation.INSTRUCTION.formatted(Seam.anchor(told)));
  }

  private static String text(JsonNode message) {
    JsonNode content = message.path("content");
    return content.isString() ? content.stringValue() : content.path(0).path("text").asString();
  }

  @Test
  void usageIsTheCallersOnlyIfItWasAskedFor() throws Exception {
    assertThat(chat("chat-messages", "").outputTokens).isEqualTo(-1);
    assertThat(chat("chat-messages", ",\"stream_options\":{\"include_usage\":true}").outputTokens)
        .isPositive();
  }

  @Test
  void whatCannotBeJoinedEndsAsAnError() throws Exception {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"long_name_of_city\":{\"type\":\"string\"}}}";
    for (String wish :
        List.of(
            ",\"logprobs\":true",
            ",\"n\":2",
            ",\"response_format\":{\"type\":\"json_object\"}",
            ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":"
                + schema
                + "}}")) {
      String route = wish.contains("response_format") ? "thrice" : "chat-chat";
      HeardStream heard = chat(route, wish);

      assertThat(heard.error).as(wish).isNotEmpty();
      assertThat(heard.ended).isFalse();
    }
  }

  @Test
  void aThoughtThatWasCompleteStaysAndHalfOfOneIsAnError() throws Exception {
    HeardStream whole = chat("thinks", ",\"reasoning_effort\":\"low\"");
    HeardStream half = chat("half-a-thought", ",\"reasoning_effort\":\"low\"");

    assertThat(whole.text.toString()).isEqualTo(TEXT);
    assertThat(whole.answeredBy).contains("open-second/");
    assertThat(half.error).isNotEmpty();
    assertThat(half.text).isEmpty();
  }

  @Test
  void aRouteThatDoesNotGoOnEndsAsAnError() throws Exception {
    HeardStream heard = chat("off", "");

    assertThat(heard.error).isNotEmpty();
    assertThat(heard.ended).isFalse();
    assertThat(TEXT).startsWith(heard.text.toString());
    assertThat(heard.text).isNotEmpty();
  }

  @Test
  void aBreakInTheSecondOfTwoToolCallsIsInvisible() throws Exception {
    String tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}]";
    for (String first : List.of("chat", "messages")) {
      box.exchanges.clear();
      HeardStream heard = chat("two-calls-" + first, tools);

      assertThat(heard.calls).as(first).hasSize(2);
      heard
          .calls
          .values()
          .forEach(input ->
              assertThat(Json.parseObject(input.toString()).path("city").asString())
                  .isEqualTo("sandbox city"));
      assertThat(heard.ended).isTrue();
      assertThat(exchange().attempts()).hasSize(2);
    }
  }

  @Test
  void aStrictCallerIsNotGoneOnWithByWhoWouldLoseSomething() throws Exception {
    HttpResponse<String> reply =
        box.ask(
            "/v1/chat/completions",
            "{\"model\":\"chat-gemini\",\"stream\":true,\"logit_bias\":{\"50256\":-100},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
            "x-understudy-strict",
            "true");
    HeardStream heard = HeardStream.of(ProtocolName.OPENAI_CHAT, reply.body());

    assertThat(heard.error).isNotEmpty();
    assertThat(heard.ended).isFalse();
  }
}
