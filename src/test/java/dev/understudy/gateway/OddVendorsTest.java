package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.events;
import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Vendors that depart a little from the protocol they speak: what does no harm costs no answer, and
 * what is a failure is not taken for an answer.
 */
class OddVendorsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String RESPONSES = "/v1/responses";
  private static final String MESSAGES = "/v1/messages";
  private static final String GEMINI = "/v1beta/models/a/m:streamGenerateContent?alt=sse";
  private static final String GEMINI_WHOLE = "/v1beta/models/a/m:generateContent";

  private static final Map<String, ProtocolName> SPOKEN =
      Map.of(
          CHAT, ProtocolName.OPENAI_CHAT,
          RESPONSES, ProtocolName.OPENAI_RESPONSES,
          MESSAGES, ProtocolName.ANTHROPIC_MESSAGES,
          GEMINI, ProtocolName.GEMINI);

  private static final String MESSAGES_STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":30,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hello, whoever you are"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      """;

  private static final String MESSAGES_END =
      """
      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null}%s}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final String GEMINI_STREAM =
      """
      data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"hello, whoever you are"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":6,"totalTokenCount":36},"modelVersion":"m","responseId":"r"}

      """;

  @ParameterizedTest
  @ValueSource(strings = {CHAT, RESPONSES, MESSAGES, GEMINI})
  void theMarkOfChatAtTheEndOfAnotherProtocolCostsNoAnswer(String callers) throws Exception {
    String whole = MESSAGES_STREAM + end("end_turn", ",\"usage\":{\"output_tokens\":6}");
    for (String mark : List.of("data: [DONE]\n\n", "event: data\ndata: [DONE]\n\n", "data:\n\n")) {
      hears(callers, ProtocolName.ANTHROPIC_MESSAGES, whole + mark);
      hears(callers, ProtocolName.GEMINI, GEMINI_STREAM + mark);
    }
  }

  private static void hears(String callers, ProtocolName vendors, String stream) throws Exception {
    try (var vendor = new ScriptedVendor(events(stream));
        var house = house(vendor, vendors)) {
      HttpResponse<String> response = house.post(callers, wish(callers, true));

      var heard = HeardStream.of(SPOKEN.get(callers), response.body().replace("data:\n\n", ""));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(heard.text).hasToString("hello, whoever you are");
      assertThat(heard.error).isEmpty();
      var exchange = house.exchange();
      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
      assertThat(exchange.usage().tokens().of(Leaf.OUTPUT)).isEqualTo(6);
      assertThat(exchange.usage().estimated()).isFalse();
    }
  }

  @Test
  void anErrorWithTheStatusOfSuccessIsAnErrorWithItsOwn() throws Exception {
    String said = "{\"error\":{\"message\":\"the model is overloaded\",\"code\":503}}";
    for (String callers : List.of(CHAT, RESPONSES, MESSAGES, GEMINI_WHOLE)) {
      for (ProtocolName vendors : SPOKEN.values()) {
        if (vendors.equals(ProtocolName.OPENAI_RESPONSES)) {
          continue; // it has a status of its own for responses that failed
        }
        try (var vendor = new ScriptedVendor(json(200, said));
            var house = house(vendor, vendors)) {
          HttpResponse<String> response = house.post(callers, wish(callers, false));

          assertThat(response.statusCode()).as(callers + " " + vendors).isGreaterThanOrEqualTo(500);
          assertThat(response.body()).contains("the model is overloaded");
          assertThat(house.exchange().attempts().getFirst().outcome())
              .isNotEqualTo(Attempt.Outcome.ANSWERED);
        }
      }
    }
  }

  /** Nobody pays for an error, whatever the status it came with. */
  @Test
  void whatWasAnErrorFromTheBeginningIsRefusedAndUsedNothing() throws Exception {
    String overloaded = "{\"error\":{\"message\":\"too much\",\"type\":\"rate_limit_error\"}}";
    for (String callers : List.of(CHAT, MESSAGES)) {
      for (boolean stream : new boolean[] {true, false}) {
        try (var vendor =
                new ScriptedVendor(
                    stream ? events("data: " + overloaded + "\n\n") : json(200, overloaded));
            var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
          assertThat(house.post(callers, wish(callers, stream)).body()).contains("too much");

          Attempt made = house.exchange().attempts().getFirst();
          assertThat(made.outcome()).isEqualTo(Attempt.Outcome.REFUSED);
          assertThat(made.usage()).isEqualTo(Usage.UNSAID);
        }
      }
    }
  }

  /** What the vendor's library would have shown of it was there before: somebody pays for it. */
  @Test
  void anErrorBehindTheFirstWordsIsABreakWhoseUseIsEstimated() throws Exception {
    for (String callers : List.of(CHAT, MESSAGES)) {
      try (var vendor =
              new ScriptedVendor(
                  events(
                      chunk("{\"role\":\"assistant\",\"content\":\"hel\"}", "null")
                          + "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}\n\n"));
          var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
        assertThat(house.post(callers, wish(callers, true)).body()).contains("\"no\"");

        Attempt made = house.exchange().attempts().getFirst();
        assertThat(made.outcome()).isEqualTo(Attempt.Outcome.BROKEN);
        assertThat(made.usage().estimated()).isTrue();
        assertThat(made.usage().tokens().output()).isPositive();
      }
    }
  }

  @Test
  void whyTheOneWhoWentOnStoppedIsToldAsALossWhereCallersHaveNoWordForIt() throws Exception {
    String begun = "one two three four five six seven eight";
    String rest =
        "data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\""
            + begun
            + " nine ten\"}]},\"finishReason\":\"NO_IMAGE\"}],\"modelVersion\":\"m\",\"responseId\":\"r\"}\n\n";
    try (var first =
            new ScriptedVendor(
                events(chunk("{\"role\":\"assistant\",\"content\":\"" + begun + "\"}", "null")));
        var second = new ScriptedVendor(events(rest));
        var house =
            new House(
                Callers.NONE,
                List.of(House.route("both", "a/m", "b/m")),
                House.vendor("a", first.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("b", second.port(), ProtocolName.GEMINI))) {
      String body = house.post(CHAT, wish(CHAT, true).replace("\"a/m\"", "\"both\"")).body();

      var heard = HeardStream.of(ProtocolName.OPENAI_CHAT, body);
      assertThat(heard.error).isEmpty();
      assertThat(heard.text).hasToString(begun + " nine ten");
      assertThat(body).contains(": x-understudy-losses: reply.stop_reason");
      assertThat(house.exchange().losses()).contains("reply.stop_reason");
    }
  }

  /** Each library has a header of its own in which it looks for a name to show with an error. */
  @Test
  void translatedRepliesAndErrorsAreNamedWhereTheCallersLibraryLooks() throws Exception {
    var named = new LinkedHashMap<String, String>();
    named.put(CHAT, "x-request-id");
    named.put(RESPONSES, "x-request-id");
    named.put(MESSAGES, "request-id");
    String error =
        "{\"error\":{\"code\":429,\"message\":\"no\",\"status\":\"RESOURCE_EXHAUSTED\"}}";
    String whole = GEMINI_STREAM.substring("data: ".length()).strip();
    for (var entry : named.entrySet()) {
      for (var reply : List.of(json(200, whole), json(429, error), json(200, "nonsense"))) {
        isNamed(reply, entry.getKey(), false, entry.getValue());
      }
      isNamed(events(GEMINI_STREAM), entry.getKey(), true, entry.getValue());
    }
  }

  private static void isNamed(
      ScriptedVendor.Script reply, String callers, boolean stream, String header) throws Exception {
    try (var vendor = new ScriptedVendor(reply);
        var house = house(vendor, ProtocolName.GEMINI)) {
      HttpResponse<String> got = house.post(callers, wish(callers, stream));

      // The vendor of these tests has a name for streams, in OpenAI's header.
      assertThat(got.headers().allValues(header))
          .as(callers + " " + got.body())
          .hasSize(1)
          .isSubsetOf("req_1", got.headers().firstValue("x-understudy-exchange").orElseThrow());
    }
  }

  @Test
  void anErrorWithTheStatusOfSuccessGoesToTheNextTarget() throws Exception {
    try (var failing =
            new ScriptedVendor(
                json(200, "{\"object\":\"error\",\"message\":\"no\",\"code\":500}"));
        var good = new ScriptedVendor(json(200, CHAT_REPLY));
        var house =
            new House(
                Callers.NONE,
                List.of(House.route("both", "a/m", "b/m")),
                House.vendor("a", failing.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("b", good.port(), ProtocolName.OPENAI_CHAT))) {
      HttpResponse<String> response =
          house.post(CHAT, wish(CHAT, false).replace("\"a/m\"", "\"both\""));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("x-understudy-target")).contains("b/m");
    }
  }

  @Test
  void aRelayedReplyInWordsThatNobodyHereKnowsIsTheCallersToUnderstand() throws Exception {
    String said = "{\"reply\": {\"text\":\"hi\"}}";
    for (String callers : List.of(CHAT, RESPONSES, MESSAGES, GEMINI_WHOLE)) {
      try (var odd = new ScriptedVendor(json(200, said));
          var house =
              new House(Callers.NONE, List.of(), House.vendor("a", odd.port(), spoken(callers)))) {
        HttpResponse<String> response = house.post(callers, wish(callers, false));

        assertThat(response.statusCode()).as(callers).isEqualTo(200);
        assertThat(response.body()).isEqualTo(said);
      }
    }
  }

  private static final String CHAT_REPLY =
      "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"detail\":\"the model is overloaded\"}",
        "{\"error\":\"the model is overloaded\"}",
        "{\"choices\":[],\"output\":null,\"candidates\":[],\"content\":null}",
        "{\"detail\":1,\"detail\":2}"
      })
  void aRelayedReplyThatHoldsNoAnswerGoesToTheNextTarget(String said) throws Exception {
    for (String callers : List.of(CHAT, RESPONSES, MESSAGES, GEMINI_WHOLE)) {
      String to = callers.replace("/a/m:", "/both:");
      try (var odd = new ScriptedVendor(json(said.length() > 2 ? 200 : 202, said));
          var good = new ScriptedVendor(json(200, CHAT_REPLY));
          var house =
              new House(
                  Callers.NONE,
                  List.of(House.route("both", "a/m", "b/m"), House.route("one", "a/m")),
                  House.vendor("a", odd.port(), spoken(callers)),
                  House.vendor("b", good.port(), ProtocolName.OPENAI_CHAT))) {
        HttpResponse<String> response =
            house.post(to, wish(callers, false).replace("\"a/m\"", "\"both\""));

        assertThat(response.statusCode()).as(callers).isEqualTo(200);
        assertThat(response.headers().firstValue("x-understudy-target")).contains("b/m");
        response = house.post(callers, wish(callers, false));
        assertThat(response.statusCode()).isGreaterThanOrEqualTo(500);
        if (said.contains("error")) {
          assertThat(response.body()).contains("the model is overloaded");
        }
      }
    }
  }

  private static ProtocolName spoken(String callers) {
    return SPOKEN.getOrDefault(callers, ProtocolName.GEMINI);
  }

  /** A name twice at the top of what is said, and once more within. */
  private static String twice(String json) {
    return json.replaceFirst(
        "[{]", "{\"model\":\"other\",\"x\":{\"y\":1,\"y\":2},\"model\":\"other\",");
  }

  @Test
  void aReplyInWhichANameOccursTwiceIsTheCallersToRead() throws Exception {
    String messages =
        "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"hello\"}],"
            + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}";
    String responses =
        "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"role\":"
            + "\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"hello\",\"annotations\":[]}]}],"
            + "\"usage\":{\"input_tokens\":0,\"output_tokens\":0,\"total_tokens\":0}}";
    String gemini =
        "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hello\"}]},\"finishReason\":\"STOP\"}],"
            + "\"usageMetadata\":{\"promptTokenCount\":0,\"candidatesTokenCount\":0,\"totalTokenCount\":0}}";
    for (var reply :
        Map.of(CHAT, CHAT_REPLY, RESPONSES, responses, MESSAGES, messages, GEMINI_WHOLE, gemini)
            .entrySet()) {
      String said = twice(reply.getValue());
      try (var vendor = new ScriptedVendor(json(200, said));
          var house = house(vendor, spoken(reply.getKey()))) {
        HttpResponse<String> response = house.post(reply.getKey(), wish(reply.getKey(), false));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(said);
        Attempt attempt = house.exchange().attempts().getFirst();
        assertThat(attempt.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
        assertThat(attempt.detail()).contains("a name occurs twice in its reply");
        assertThat(attempt.usage().estimated()).isTrue();
        assertThat(attempt.usage().tokens().of(Leaf.INPUT)).isPositive();
        assertThat(attempt.usage().tokens().of(Leaf.OUTPUT)).isPositive();
        assertThat(
                house
                    .post(
                        reply.getKey().equals(CHAT) ? MESSAGES : CHAT,
                        wish(CHAT, false).replace("{", "{\"max_tokens\":9,"))
                    .statusCode())
            .as("where it would have to be told in other words, both readings would have to be")
            .isEqualTo(502);
      }
    }
  }

  /** A relay looks at what it needs to know, and leaves the rest to the caller's library. */
  @Test
  void aRelayedReplyWithBytesThatAreNoUtf8IsPassedOn() throws Exception {
    byte[] said =
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"h\u00e9\"}]},\"finishReason\":\"STOP\"}]}"
            .getBytes(StandardCharsets.ISO_8859_1);
    ScriptedVendor.Script script =
        (seen, socket, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                  .formatted(said.length)
                  .getBytes(StandardCharsets.US_ASCII));
          out.write(said);
        };
    try (var vendor = new ScriptedVendor(script);
        var house = house(vendor, ProtocolName.GEMINI)) {
      HttpResponse<String> response = house.post(GEMINI_WHOLE, wish(GEMINI_WHOLE, false));

      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(response.body()).contains("finishReason");
    }
  }

  @Test
  void aStreamInWhichANameOccursTwiceIsTheCallersToRead() throws Exception {
    String words = twice(chunk("{\"role\":\"assistant\",\"content\":\"hello\"}", "null"));
    String last = chunk("{}", "\"stop\"");
    String usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n";
    for (boolean doubtful : new boolean[] {false, true}) {
      String stream = words + last + (doubtful ? twice(usage) : usage) + "data: [DONE]\n\n";
      try (var vendor = new ScriptedVendor(events(stream));
          var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
        String wish =
            wish(CHAT, true)
                .replace("{\"model", "{\"stream_options\":{\"include_usage\":true},\"model");

        assertThat(house.post(CHAT, wish).body()).isEqualTo(stream);
        var exchange = house.exchange();
        assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
        assertThat(exchange.usage().estimated()).isEqualTo(doubtful);
      }
    }
    String start = "event: message_start\ndata: ";
    String messages =
        start
            + twice(MESSAGES_STREAM.substring(start.length()))
            + end("end_turn", ",\"usage\":{\"output_tokens\":6}");
    try (var vendor = new ScriptedVendor(events(messages));
        var house = house(vendor, ProtocolName.ANTHROPIC_MESSAGES)) {
      assertThat(house.post(MESSAGES, wish(MESSAGES, true)).body()).isEqualTo(messages);
      assertThat(house.exchange().usage().estimated()).isTrue();
    }
  }

  /**
   * What broke off could be read in two ways, so that nobody can go on from what the caller has.
   */
  @Test
  void aStreamInWhichANameOccurredTwiceIsNotGoneOnWith() throws Exception {
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              ScriptedVendor.streamHead(out);
              ScriptedVendor.chunk(
                  out, twice(chunk("{\"role\":\"assistant\",\"content\":\"hello\"}", "null")));
              Thread.sleep(200);
              socket.close();
            });
        var good = new ScriptedVendor(json(200, CHAT_REPLY));
        var house =
            new House(
                Callers.NONE,
                List.of(House.route("both", "a/m", "b/m")),
                House.vendor("a", vendor.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("b", good.port(), ProtocolName.OPENAI_CHAT))) {
      HttpResponse<String> response =
          house.post(CHAT, wish(CHAT, true).replace("\"a/m\"", "\"both\""));

      assertThat(response.body()).contains("\"hello\"").contains("data: {\"error\"");
      assertThat(good.seen).isEmpty();
    }
  }

  /** Google's libraries look for events only, and would hear nothing at all. */
  @Test
  void aReplyInOnePieceIsNoAnswerToAWishForEvents() throws Exception {
    String whole =
        "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hello\"}]},\"finishReason\":\"STOP\"}],"
            + "\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":1,\"totalTokenCount\":4}}";
    try (var vendor = new ScriptedVendor(json(200, whole));
        var house = house(vendor, ProtocolName.GEMINI)) {
      assertThat(house.post(GEMINI, wish(GEMINI, true)).statusCode()).isEqualTo(502);
    }
    try (var vendor = new ScriptedVendor(json(200, "[" + whole + "]"));
        var house = house(vendor, ProtocolName.GEMINI)) {
      assertThat(house.post(GEMINI.replace("?alt=sse", ""), wish(GEMINI, true)).body())
          .isEqualTo("[" + whole + "]");
    }
  }

  /** The libraries look for a member {@code error}, and take a stream without it for a good one. */
  @Test
  void aRelayedStreamEndsAsAnErrorAlsoWhereTheVendorsWordsAreNone() throws Exception {
    try (var vendor =
            new ScriptedVendor(
                slowly(
                    chunk("{\"role\":\"assistant\",\"content\":\"hel\"}", "null"),
                    "data: {\"object\":\"error\",\"message\":\"out of memory\",\"code\":500}\n\n"));
        var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
      HttpResponse<String> response = house.post(CHAT, wish(CHAT, true));

      assertThat(HeardStream.of(ProtocolName.OPENAI_CHAT, response.body()).error)
          .contains("out of memory");
    }
    try (var vendor =
            new ScriptedVendor(
                slowly(
                    MESSAGES_STREAM,
                    "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"too much\"}}\n\n"));
        var house = house(vendor, ProtocolName.ANTHROPIC_MESSAGES)) {
      HttpResponse<String> response = house.post(MESSAGES, wish(MESSAGES, true));

      assertThat(HeardStream.of(ProtocolName.ANTHROPIC_MESSAGES, response.body()).error)
          .contains("too much");
    }
  }

  /** Google streams an array where no events are asked for; who breaks off in it leaves it open. */
  @Test
  void anArrayThatBreaksOffIsClosedBehindAnErrorOfItsOwn() throws Exception {
    String whole = GEMINI_STREAM.substring("data: ".length()).strip();
    String element = whole.replace(",\"finishReason\":\"STOP\"", "");
    for (String said : List.of("[" + element, "[" + element + "\n,\r\n")) {
      breaksOffAsAnArray(said, ProtocolName.GEMINI);
    }
    breaksOffAsAnArray(
        chunk("{\"role\":\"assistant\",\"content\":\"hello, whoever you are\"}", "null"),
        ProtocolName.OPENAI_CHAT);
  }

  @Test
  void anArrayThatIsWholeButForItsBracketGetsIt() throws Exception {
    String whole = GEMINI_STREAM.substring("data: ".length()).strip();
    try (var vendor = new ScriptedVendor(brokenOff("application/json", "[" + whole + "\n"));
        var house = house(vendor, ProtocolName.GEMINI)) {
      HttpResponse<String> response =
          house.post("/v1beta/models/a/m:streamGenerateContent", wish(GEMINI, true));

      assertThat(Json.parse(response.body()).size()).as(response.body()).isEqualTo(1);
      assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
    }
  }

  private static ScriptedVendor.Script brokenOff(String type, String said) {
    return (seen, socket, out) -> {
      out.write(
          ("HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\n\r\n" + said)
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      socket.close();
    };
  }

  private static void breaksOffAsAnArray(String said, ProtocolName vendors) throws Exception {
    String type = vendors.equals(ProtocolName.GEMINI) ? "application/json" : "text/event-stream";
    try (var vendor = new ScriptedVendor(brokenOff(type, said));
        var house = house(vendor, vendors)) {
      HttpResponse<String> response =
          house.post("/v1beta/models/a/m:streamGenerateContent", wish(GEMINI, true));

      var elements = Json.parse(response.body());
      assertThat(elements.isArray()).as(response.body()).isTrue();
      assertThat(elements.get(0).path("candidates").isMissingNode()).isFalse();
      assertThat(elements.get(elements.size() - 1).path("error").path("code").asInt())
          .isEqualTo(502);
    }
  }

  @Test
  void aStreamOfSeveralAnswersIsWholeWhenAllOfThemAre() throws Exception {
    String first = chunk("{\"content\":\"a\"}", "null");
    String second = chunk("{\"content\":\"b\"}", "\"stop\"").replace("\"index\":0", "\"index\":1");
    String usage =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n";
    for (boolean whole : new boolean[] {false, true}) {
      String end = whole ? chunk("{}", "\"stop\"") + usage : usage;
      try (var vendor = new ScriptedVendor(slowly(first + second, end));
          var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
        HttpResponse<String> response = house.post(CHAT, wish(CHAT, true));

        assertThat(response.body().contains("stream_cut")).isNotEqualTo(whole);
        assertThat(house.exchange().outcome())
            .isEqualTo(whole ? Attempt.Outcome.ANSWERED : Attempt.Outcome.BROKEN);
      }
    }
  }

  @Test
  void theRecordTellsTheKindOfAnErrorInAStreamAndNotItsWords() throws Exception {
    String quoting = "your prompt \\\"my secret plan\\\" was refused";
    for (String callers : List.of(CHAT, MESSAGES)) {
      for (String before : List.of("", chunk("{\"content\":\"hel\"}", "null"))) {
        try (var vendor =
                new ScriptedVendor(
                    events(
                        before
                            + "data: {\"error\":{\"message\":\"%s\",\"type\":\"server_error\"}}\n\n"
                                .formatted(quoting)));
            var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
          assertThat(house.post(callers, wish(callers, true)).body()).contains("my secret plan");
          assertThat(house.exchange().attempts().getFirst().detail()).contains("server_error");
        }
      }
    }
  }

  @Test
  void aWordOfAnAnswerThatIsNoJsonIsNotInTheRecord() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, "Confidentially: no"));
        var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
      assertThat(house.post(MESSAGES, wish(MESSAGES, false)).statusCode()).isEqualTo(502);
      assertThat(house.exchange().attempts().getFirst().detail().orElseThrow())
          .contains("not valid JSON at line 1")
          .doesNotContain("Confidentially");
    }
  }

  @Test
  void aToolCallWhoseEveryPieceHasAnotherIdIsOneCall() throws Exception {
    String call =
        "{\"tool_calls\":[{\"index\":0,\"id\":\"chatcmpl-tool-%s\",\"type\":\"function\",\"function\":%s}]}";
    try (var vendor =
            new ScriptedVendor(
                events(
                    chunk(call.formatted("a1", "{\"name\":\"get\"}"), "null"),
                    chunk(call.formatted("b2", "{\"arguments\":\"{\\\"a\\\"\"}"), "null"),
                    chunk(call.formatted("c3", "{\"arguments\":\": 1}\"}"), "null"),
                    chunk("{}", "\"tool_calls\""),
                    "data: [DONE]\n\n"));
        var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
      HttpResponse<String> response = house.post(MESSAGES, wish(MESSAGES, true));

      var heard = HeardStream.of(ProtocolName.ANTHROPIC_MESSAGES, response.body());
      assertThat(heard.error).isEmpty();
      assertThat(heard.calls.values()).hasToString("[{\"a\": 1}]");
      assertThat(response.body()).contains("chatcmpl-tool-a1");
    }
  }

  @Test
  void anAnswerThatWasInterruptedForLackOfRoomIsNotToldAsWhole() throws Exception {
    try (var vendor =
            new ScriptedVendor(
                events(
                    chunk("{\"role\":\"assistant\",\"content\":\"hel\"}", "null"),
                    chunk("{}", "\"insufficient_system_resource\""),
                    "data: [DONE]\n\n"));
        var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
      for (String callers : List.of(RESPONSES, MESSAGES, GEMINI)) {
        String body = house.post(callers, wish(callers, true)).body();

        assertThat(body).contains("insufficient_system_resource").contains("error");
        assertThat(house.exchange().outcome()).isNotEqualTo(Attempt.Outcome.ANSWERED);
      }
    }
  }

  @Test
  void aReasonToStopThatCallersHaveNoWordForIsALoss() throws Exception {
    String gemini = GEMINI_STREAM.replace("\"STOP\"", "\"MALFORMED_FUNCTION_CALL\"");
    try (var vendor = new ScriptedVendor(events(gemini));
        var house = house(vendor, ProtocolName.GEMINI)) {
      for (String callers : List.of(CHAT, RESPONSES, MESSAGES)) {
        HttpResponse<String> response =
            house.post(callers, wish(callers, true), "x-understudy-strict", "true");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).contains(": x-understudy-losses: reply.stop_reason\n");
        assertThat(house.exchange().losses()).containsExactly("reply.stop_reason");
      }
    }
    String paused = MESSAGES_STREAM + end("pause_turn", ",\"usage\":{\"output_tokens\":6}");
    try (var vendor = new ScriptedVendor(events(paused));
        var house = house(vendor, ProtocolName.ANTHROPIC_MESSAGES)) {
      assertThat(house.post(CHAT, wish(CHAT, true)).headers().firstValue("x-understudy-losses"))
          .contains("reply.stop_reason");
      assertThat(house.post(GEMINI, wish(GEMINI, true)).body()).contains("pause_turn");
    }
  }

  @Test
  void aCallThatWasCutOffIsNamedToCallersWhoCannotBeShownIt() throws Exception {
    String reply =
        "{\"id\":\"1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
            + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\","
            + "\"function\":{\"name\":\"get\",\"arguments\":\"{\\\"a\\\":\"}}]},\"finish_reason\":\"length\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";
    try (var vendor = new ScriptedVendor(json(200, reply));
        var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
      HttpResponse<String> response = house.post(GEMINI_WHOLE, wish(GEMINI_WHOLE, false));

      assertThat(response.headers().firstValue("x-understudy-losses"))
          .contains("reply.parts[0].tool_call");
      var candidate = Json.parseObject(response.body()).path("candidates").path(0);
      assertThat(candidate.path("finishReason").asString()).isEqualTo("MAX_TOKENS");
      assertThat(candidate.path("finishMessage").asString()).contains("get", "{\"a\":");
    }
  }

  /** What {@code message_start} says of the output is from before there was any. */
  @Test
  void aStreamOfMessagesWithoutItsLastCountIsEstimated() throws Exception {
    for (String callers : List.of(MESSAGES, CHAT)) {
      try (var vendor = new ScriptedVendor(events(MESSAGES_STREAM + end("end_turn", "")));
          var house = house(vendor, ProtocolName.ANTHROPIC_MESSAGES)) {
        assertThat(house.post(callers, wish(callers, true)).statusCode()).isEqualTo(200);
        var usage = house.exchange().usage();
        assertThat(usage.estimated()).isTrue();
        assertThat(usage.tokens().of(Leaf.INPUT)).isEqualTo(30);
        assertThat(usage.tokens().of(Leaf.OUTPUT)).isEqualTo(6);
      }
    }
  }

  @Test
  void theSideOfACallThatAVendorDoesNotCountIsEstimated() throws Exception {
    for (String callers : List.of(CHAT, MESSAGES)) {
      try (var vendor =
              new ScriptedVendor(
                  events(
                      chunk("{\"role\":\"assistant\",\"content\":\"hello\"}", "\"stop\"")
                          .replace("}\n\n", ",\"usage\":{\"completion_tokens\":4}}\n\n"),
                      "data: [DONE]\n\n"));
          var house = house(vendor, ProtocolName.OPENAI_CHAT)) {
        house.post(callers, wish(callers, true));
        var usage = house.exchange().usage();
        assertThat(usage.estimated()).isTrue();
        assertThat(usage.tokens().of(Leaf.OUTPUT)).isEqualTo(4);
        assertThat(usage.tokens().of(Leaf.INPUT)).isPositive();
      }
    }
  }

  /** The rest comes when the caller has what came before. */
  private static ScriptedVendor.Script slowly(String first, String rest) {
    return (seen, socket, out) -> {
      ScriptedVendor.streamHead(out);
      ScriptedVendor.chunk(out, first);
      Thread.sleep(200);
      ScriptedVendor.chunk(out, rest);
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    };
  }

  private static String end(String stop, String usage) {
    return MESSAGES_END.formatted(stop, usage);
  }

  private static String chunk(String delta, String finish) {
    return ("data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
            + "\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n")
        .formatted(delta, finish);
  }

  private static House house(ScriptedVendor vendor, ProtocolName protocol) throws Exception {
    return new House(Callers.NONE, List.of(), House.vendor("a", vendor.port(), protocol));
  }

  private static String wish(String path, boolean stream) {
    return switch (path) {
      case CHAT ->
          "{\"model\":\"a/m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
              .formatted(stream);
      case RESPONSES -> "{\"model\":\"a/m\",\"stream\":%s,\"input\":\"x\"}".formatted(stream);
      case MESSAGES ->
          "{\"model\":\"a/m\",\"stream\":%s,\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
              .formatted(stream);
      default -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}";
    };
  }
}
