package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.routing.Continuing;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Review;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import dev.understudy.vendor.Vendor;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers that are looked at before the caller gets them. */
final class ReviewingTest {
  private static final String ASK =
      "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"how much is 6 times 7\"}]}";
  private static final String ASK_STREAM =
      "{\"model\":\"r\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
  private static final String NO = "I'm sorry, but I can't help with that.";

  private static String says(String text) {
    return "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
        + "\"message\":{\"role\":\"assistant\",\"content\":\""
        + text
        + "\"},\"finish_reason\":\"stop\"}],"
        + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";
  }

  private static ScriptedVendor.Script streams(String... words) {
    var events = new ArrayList<String>();
    String head =
        "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":";
    for (String word : words) {
      events.add(head + "{\"content\":\"" + word + "\"},\"finish_reason\":null}]}\n\n");
    }
    events.add(head + "{},\"finish_reason\":\"stop\"}]}\n\n");
    events.add("data: [DONE]\n\n");
    return ScriptedVendor.events(events.toArray(String[]::new));
  }

  private static RouteTarget target(String vendor) {
    return RouteTarget.of(new Target(vendor, "m"));
  }

  private static Route route(Review review, String... vendors) {
    var tiers = new ArrayList<Tier>();
    for (String vendor : vendors) {
      tiers.add(Tier.of(target(vendor)));
    }
    return new Route(
        "r",
        tiers,
        List.of(),
        Retry.USUAL,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Continuing.USUAL,
        Optional.of(review));
  }

  private static House house(Route route, Vendor... vendors) throws Exception {
    return new House(Callers.NONE, List.of(route), vendors);
  }

  private static Vendor vendor(String name, ScriptedVendor scripted) {
    return House.vendor(name, scripted.port(), ProtocolName.OPENAI_CHAT);
  }

  private static final Review FORM = new Review.Cascade(0.5, Optional.empty());

  private static String header(HttpResponse<String> reply, String name) {
    return reply.headers().firstValue(name).orElse("");
  }

  @Test
  void aGoodAnswerOfTheCheapTargetIsGivenAndNobodyElseIsAsked() throws Exception {
    try (var cheap = new ScriptedVendor(json(200, says("42")));
        var strong = new ScriptedVendor(json(200, says("forty-two")));
        var house = house(route(FORM, "a", "b"), vendor("a", cheap), vendor("b", strong))) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(says("42"));
        assertThat(header(reply, "x-understudy-target")).isEqualTo("a/m");
        assertThat(header(reply, "x-understudy-review"))
            .isEqualTo("cascade: kept, scored 1.00 of 0.50");
        assertThat(house.exchange().decision().rule()).startsWith("cascade: scored 1.00 of 0.50");
      }
      assertThat(strong.seen).isEmpty();
    }
  }

  @Test
  void aRefusalIsNeverSeenAndTheStrongTargetAnswersBothRecorded() throws Exception {
    try (var cheap = new ScriptedVendor(json(200, says(NO)));
        var strong = new ScriptedVendor(json(200, says("42")));
        var house = house(route(FORM, "a", "b"), vendor("a", cheap), vendor("b", strong))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.body()).isEqualTo(says("42"));
      assertThat(header(reply, "x-understudy-review"))
          .isEqualTo("cascade: escalated, the first answer scored 0.00 of 0.50, as it refuses");
      Exchange first = house.exchange();
      Exchange second = house.exchange();
      assertThat(first.attempts().getFirst().target()).isEqualTo("a/m");
      assertThat(first.decision().rule()).startsWith("cascade: scored 0.00 of 0.50, as it refuses");
      assertThat(second.attempts().getFirst().target()).isEqualTo("b/m");
      assertThat(second.decision().rule()).startsWith("cascade: escalated");
      assertThat(header(reply, "x-understudy-exchange")).isEqualTo(second.id());
      assertThat(List.of(first, second))
          .allMatch(e -> e.outcome() == Attempt.Outcome.ANSWERED && e.purpose() == Purpose.CALL)
          .allMatch(e ->
              !e.attempts().getFirst().usage().tokens().equals(dev.understudy.chat.Tokens.NONE));
    }
  }

  @Test
  void streamsAreHeldUntilTheyAreScored() throws Exception {
    try (var cheap = new ScriptedVendor(streams("I can", "not help", " with that."));
        var strong = new ScriptedVendor(streams("4", "2"));
        var house = house(route(FORM, "a", "b"), vendor("a", cheap), vendor("b", strong))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK_STREAM);

      assertThat(reply.body()).contains("\"4\"", "\"2\"", "[DONE]").doesNotContain("not help");
      assertThat(header(reply, "content-type")).startsWith("text/event-stream");
      cheap.script(streams("for", "ty-two"));
      HttpResponse<String> kept = house.post("/v1/chat/completions", ASK_STREAM);
      assertThat(kept.body()).contains("ty-two", "[DONE]");
      assertThat(header(kept, "x-understudy-target")).isEqualTo("a/m");
    }
  }

  @Test
  void whereTheStrongTargetFailsTheFirstAnswerStands() throws Exception {
    try (var cheap = new ScriptedVendor(json(200, says(NO)));
        var strong = new ScriptedVendor(json(500, "{}"));
        var house = house(route(FORM, "a", "b"), vendor("a", cheap), vendor("b", strong))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo(says(NO));
      assertThat(header(reply, "x-understudy-review")).endsWith("; nobody else answered");
      assertThat(header(reply, "x-understudy-target")).isEqualTo("a/m");
    }
  }

  @Test
  void whereTheCheapTargetFailsTheStrongOneIsAskedAndACallersFaultIsHeardAtOnce() throws Exception {
    String fault = "{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\"}}";
    try (var cheap = new ScriptedVendor(json(500, "{}"));
        var strong = new ScriptedVendor(json(200, says("42")));
        var house = house(route(FORM, "a", "b"), vendor("a", cheap), vendor("b", strong))) {
      assertThat(house.post("/v1/chat/completions", ASK).body()).isEqualTo(says("42"));
      cheap.script(json(400, fault));
      int asked = strong.seen.size();
      HttpResponse<String> refused = house.post("/v1/chat/completions", ASK);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(strong.seen).hasSize(asked);
      assertThat(house.post("/v1/chat/completions", "{").statusCode()).isEqualTo(400);
      assertThat(house.post("/v1/chat/completions", ASK.replace("\"r\"", "\"q\"")).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void anAnswerThatIsTooLongToHoldGoesToTheCallerUnchecked() throws Exception {
    String[] words = new String[400];
    java.util.Arrays.fill(words, "w".repeat(1_000));
    words[0] = "I can't help with that. ";
    try (var cheap = new ScriptedVendor(streams(words));
        var strong = new ScriptedVendor(streams("42"));
        var house = house(route(FORM, "a", "b"), vendor("a", cheap), vendor("b", strong))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK_STREAM);

      assertThat(reply.body()).contains("[DONE]").hasSizeGreaterThan(400_000);
      assertThat(strong.seen).isEmpty();
      assertThat(house.post("/v1/chat/completions", ASK_STREAM).body()).contains("[DONE]");
    }
  }

  @Test
  void aJudgeScoresWhereThereIsOneAndIsRecordedAsSuch() throws Exception {
    Review judged = new Review.Cascade(0.5, Optional.of(target("j")));
    try (var cheap = new ScriptedVendor(json(200, says("41")));
        var strong = new ScriptedVendor(json(200, says("42")));
        var judge = new ScriptedVendor(json(200, says("12")));
        var house =
            house(
                route(judged, "a", "b"),
                vendor("a", cheap),
                vendor("b", strong),
                vendor("j", judge))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.body()).isEqualTo(says("42"));
      assertThat(judge.seen.getFirst().body()).contains("how much is 6 times 7", "41");
      assertThat(house.exchange().purpose()).isEqualTo(Purpose.CALL);
      Exchange asJudge = house.exchange();
      assertThat(asJudge.purpose()).isEqualTo(Purpose.JUDGE);
      assertThat(asJudge.attempts().getFirst().target()).isEqualTo("j/m");
      assertThat(house.exchange().attempts().getFirst().target()).isEqualTo("b/m");

      judge.script(json(200, says("rather good")));
      assertThat(house.post("/v1/chat/completions", ASK).body()).isEqualTo(says("41"));
      judge.script(json(500, "{}"));
      HttpResponse<String> kept = house.post("/v1/chat/completions", ASK);
      assertThat(kept.body()).isEqualTo(says("41"));
      assertThat(header(kept, "x-understudy-review"))
          .isEqualTo("cascade: kept, as j/m did not judge");
    }
  }

  private static Route council(Review.Action action, double share) {
    return route(new Review.Council(target("c"), share, action), "a", "b");
  }

  @Test
  void aCheckersObjectionIsToldRetriedOrReplaced() throws Exception {
    String objection = "OBJECT: six times seven\\n is 42";
    for (Review.Action action : Review.Action.values()) {
      try (var first = new ScriptedVendor(json(200, says("41")));
          var other = new ScriptedVendor(json(200, says("42")));
          var checker = new ScriptedVendor(json(200, says(objection)));
          var house =
              house(
                  council(action, 1),
                  vendor("a", first),
                  vendor("b", other),
                  vendor("c", checker))) {
        HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

        assertThat(header(reply, "x-understudy-review"))
            .isEqualTo("council: c/m objects: six times seven is 42");
        String expected =
            switch (action) {
              case ANNOTATE -> says("41");
              case RETRY -> says("42");
              case REPLACE -> says(objection);
            };
        assertThat(reply.body()).isEqualTo(expected);
        assertThat(house.exchange().purpose()).isEqualTo(Purpose.CALL);
        assertThat(house.exchange().purpose()).isEqualTo(Purpose.JUDGE);
        if (action != Review.Action.ANNOTATE) {
          assertThat(house.exchange().decision().rule()).startsWith("council: c/m objects");
        }
        checker.script(json(200, says("APPROVE")));
        HttpResponse<String> approved = house.post("/v1/chat/completions", ASK);
        assertThat(approved.body()).isEqualTo(says("41"));
        assertThat(header(approved, "x-understudy-review")).isEqualTo("council: approved by c/m");
      }
    }
  }

  @Test
  void aCheckerThatFailsOrTalksNonsenseNeverFailsTheCaller() throws Exception {
    try (var first = new ScriptedVendor(json(200, says("41")));
        var other = new ScriptedVendor(json(200, says("42")));
        var checker = new ScriptedVendor(json(500, "{}"));
        var house =
            house(
                council(Review.Action.RETRY, 1),
                vendor("a", first),
                vendor("b", other),
                vendor("c", checker))) {
      for (ScriptedVendor.Script script :
          List.<ScriptedVendor.Script>of(
              json(500, "{}"),
              json(200, "nonsense"),
              json(200, says("")),
              json(200, says("I like it")),
              (_, socket, _) -> socket.close())) {
        checker.script(script);
        HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(says("41"));
        assertThat(header(reply, "x-understudy-review"))
            .isEqualTo("council: not checked, as c/m gave no verdict");
      }
      assertThat(other.seen).isEmpty();
    }
  }

  @Test
  void whatIsNotSampledIsAnsweredAsUsual() throws Exception {
    try (var first = new ScriptedVendor(json(200, says("41")));
        var other = new ScriptedVendor(json(200, says("42")));
        var checker = new ScriptedVendor(json(200, says("OBJECT: no")));
        var house =
            house(
                council(Review.Action.RETRY, 0),
                vendor("a", first),
                vendor("b", other),
                vendor("c", checker))) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK);

      assertThat(reply.body()).isEqualTo(says("41"));
      assertThat(header(reply, "x-understudy-review")).isEmpty();
      assertThat(checker.seen).isEmpty();
    }
  }

  @Test
  void aCallerWhoLeavesWhileTheCheckerThinksEndsItAll() throws Exception {
    var thinking = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    try (var first = new ScriptedVendor(json(200, says("41")));
        var other = new ScriptedVendor(json(200, says("42")));
        var checker =
            new ScriptedVendor((_, _, _) -> {
              thinking.countDown();
              released.await(20, TimeUnit.SECONDS);
            });
        var house =
            house(
                council(Review.Action.RETRY, 1),
                vendor("a", first),
                vendor("b", other),
                vendor("c", checker))) {
      try (var socket = new Socket("127.0.0.1", house.gateway.port())) {
        socket
            .getOutputStream()
            .write(
                ("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
                        + ASK.length()
                        + "\r\n\r\n"
                        + ASK)
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(thinking.await(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
      assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.ABANDONED);
      released.countDown();
      checker.script(json(200, says("APPROVE")));
      assertThat(house.post("/v1/chat/completions", ASK).body()).isEqualTo(says("41"));
      assertThat(other.seen).isEmpty();
    }
  }
}
