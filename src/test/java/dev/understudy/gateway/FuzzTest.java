package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Exchange;
import dev.understudy.vendor.Timeouts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bytes that nobody thought of, from callers and from vendors: always an answer or a closed
 * connection, and never anything in the log.
 */
class FuzzTest {
  private static final Timeouts SHORT =
      new Timeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofSeconds(3),
          Duration.ofSeconds(10));

  private static final List<String> VENDORS = List.of("chat", "responses", "messages", "gemini");

  private static final Map<String, String> REQUESTS =
      Map.of(
          "/v1/chat/completions",
          """
          {"model":"%s/m","stream":%s,"temperature":0.5,"stop":["a"],"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"hé"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"ok"}],"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}}],"tool_choice":"auto","response_format":{"type":"json_object"}}\
          """,
          "/v1/responses",
          """
          {"model":"%s/m","stream":%s,"instructions":"s","input":[{"role":"user","content":[{"type":"input_text","text":"h"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="}]},{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"ok"},{"type":"reasoning","id":"r","summary":[],"encrypted_content":"x"}],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"reasoning":{"effort":"low"},"text":{"format":{"type":"text"}}}\
          """,
          "/v1/messages",
          """
          {"model":"%s/m","stream":%s,"max_tokens":2000,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"h"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"sig"},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"ok"}]}]}],"tools":[{"name":"f","input_schema":{"type":"object"}}],"thinking":{"type":"enabled","budget_tokens":1024}}\
          """,
          "/v1beta/models/%s%%2Fm:%s",
          """
          {"contents":[{"role":"user","parts":[{"text":"h"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"eA=="}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"r":1}}}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT"}}]}],"generationConfig":{"temperature":0.5,"thinkingConfig":{"thinkingBudget":100}}}\
          """);

  private static final Map<String, String> STREAMS =
      Map.of(
          "chat",
          """
          data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hé"},"finish_reason":null}]}

          data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{\\"a\\":"}}]},"finish_reason":null}]}

          data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]},"finish_reason":"tool_calls"}]}

          data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}

          data: [DONE]

          """,
          "messages",
          """
          event: message_start
          data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}

          event: content_block_start
          data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

          event: content_block_delta
          data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

          event: content_block_stop
          data: {"type":"content_block_stop","index":0}

          event: content_block_start
          data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

          event: content_block_delta
          data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}

          event: content_block_stop
          data: {"type":"content_block_stop","index":1}

          event: message_delta
          data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":4}}

          event: message_stop
          data: {"type":"message_stop"}

          """,
          "gemini",
          """
          data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hé"}]},"index":0}],"modelVersion":"m","responseId":"r"}

          data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"totalTokenCount":7}}

          """,
          "responses",
          """
          event: response.created
          data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}

          event: response.output_item.added
          data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

          event: response.content_part.added
          data: {"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}

          event: response.output_text.delta
          data: {"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hé"}

          event: response.output_item.done
          data: {"type":"response.output_item.done","sequence_number":4,"output_index":0,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hé","annotations":[]}]}}

          event: response.completed
          data: {"type":"response.completed","sequence_number":5,"response":{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hé","annotations":[]}]}],"usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7}}}

          """);

  private static final String[] WORDS = {
    "null",
    "true",
    "-1",
    "1e999",
    "99999999999999999999",
    "{}",
    "[]",
    "\"\"",
    "\"x\"",
    "[[]]",
    "{\"a\":null}",
    "0.1",
    "\"\\ud800\"",
    ",",
    "\n\n",
    "data: ",
    "\r",
    "\"index\":7"
  };

  private final List<String> complaints = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          if (record.getLevel().intValue() >= java.util.logging.Level.SEVERE.intValue()) {
            complaints.add(record.getMessage() + " " + trace(record.getThrown()));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private static String trace(@org.jspecify.annotations.Nullable Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    var text = new StringBuilder(thrown.toString());
    for (int i = 0; i < Math.min(6, thrown.getStackTrace().length); i++) {
      text.append("\n    ").append(thrown.getStackTrace()[i]);
    }
    return text.toString();
  }

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    Logger.getLogger("").removeHandler(handler);
  }

  @Test
  void whateverACallersBodyHoldsHeIsAnswered() throws Exception {
    var random = new Random(SEED + 1);
    try (var vendor =
            new ScriptedVendor(
                ScriptedVendor.json(400, "{\"error\":{\"message\":\"no\",\"type\":\"x\"}}"));
        var house = house(vendor, vendor, vendor, vendor)) {
      for (int i = 0; i < ROUNDS; i++) {
        String to = VENDORS.get(random.nextInt(VENDORS.size()));
        var asked = REQUESTS.entrySet().stream().skip(random.nextInt(4)).findFirst().orElseThrow();
        String path = asked.getKey().formatted(to, i % 5 == 0 ? "countTokens" : "generateContent");
        byte[] body = mutated(bytes(asked.getValue().formatted(to, random.nextBoolean())), random);
        try (var caller = new Raw(house.gateway.port())) {
          caller.send(
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n");
          Raw.Reply reply = caller.send(body).reply();

          assertThat(reply.status())
              .as("%s to %s: %s gives %s".formatted(path, to, text(body), reply.body()))
              .isIn(200, 400, 404, 405, 502);
        }
      }
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void whateverACallerSendsTheConnectionEnds() throws Exception {
    var random = new Random(SEED + 2);
    try (var vendor = new ScriptedVendor(ScriptedVendor.json(200, BadInputTest.OK));
        var house = house(vendor, vendor, vendor, vendor)) {
      for (int i = 0; i < ROUNDS; i++) {
        var asked = REQUESTS.entrySet().stream().skip(random.nextInt(4)).findFirst().orElseThrow();
        String request =
            Raw.post(
                asked.getKey().formatted("chat", "generateContent"),
                asked.getValue().formatted("chat", false),
                "X-A: b");
        try (var caller = new Raw(house.gateway.port())) {
          int head = request.indexOf("\r\n\r\n") + 4;
          byte[] all = request.getBytes(StandardCharsets.ISO_8859_1);
          byte[] start = mutated(java.util.Arrays.copyOf(all, head), random);
          caller.send(start).send(java.util.Arrays.copyOfRange(all, head, all.length));
          caller.socket.shutdownOutput();
          caller.rest();
        } catch (IOException e) {
          // Refused before all was sent.
        }
      }
      assertThat(complaints).isEmpty();
      try (var caller = new Raw(house.gateway.port())) {
        caller.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(caller.reply().status()).isEqualTo(200);
      }
      assertThat(house.gateway.bodyBytesHeld()).isZero();
    }
  }

  @Test
  void whateverAVendorStreamsTheCallerHearsAnEnd() throws Exception {
    var random = new Random(SEED + 3);
    var streams = new java.util.concurrent.ConcurrentHashMap<String, byte[]>();
    try (var chat = new ScriptedVendor(playing("chat", streams));
        var responses = new ScriptedVendor(playing("responses", streams));
        var messages = new ScriptedVendor(playing("messages", streams));
        var gemini = new ScriptedVendor(playing("gemini", streams));
        var house = house(chat, responses, messages, gemini)) {
      for (int i = 0; i < ROUNDS; i++) {
        String to = VENDORS.get(random.nextInt(VENDORS.size()));
        byte[] stream = mutated(bytes(STREAMS.get(to)), random);
        streams.put(to, stream);
        var asked = REQUESTS.entrySet().stream().skip(random.nextInt(4)).findFirst().orElseThrow();
        String path = asked.getKey().formatted(to, "streamGenerateContent?alt=sse");
        try (var caller = new Raw(house.gateway.port())) {
          Raw.Reply reply =
              caller.send(Raw.post(path, asked.getValue().formatted(to, true))).reply();

          assertThat(reply.status())
              .as("%s to %s: %s gives %s".formatted(path, to, text(stream), reply.body()))
              .isIn(200, 400, 502);
        }
        Exchange exchange = house.exchange();
        assertThat(exchange.toString())
            .as("%s to %s: %s".formatted(path, to, text(stream)))
            .doesNotContain("internal error");
        assertThat(complaints).as("%s to %s: %s".formatted(path, to, text(stream))).isEmpty();
      }
      assertThat(house.gateway.openCalls()).isZero();
    }
  }

  private static final long SEED = Long.getLong("understudy.fuzz.seed", 0);
  private static final int ROUNDS = Integer.getInteger("understudy.fuzz.rounds", 600);

  private static ScriptedVendor.Script playing(String name, Map<String, byte[]> streams) {
    return (seen, socket, out) -> {
      byte[] stream = streams.get(name);
      ScriptedVendor.streamHead(out);
      int half = stream.length / 2;
      for (byte[] part :
          List.of(
              java.util.Arrays.copyOf(stream, half),
              java.util.Arrays.copyOfRange(stream, half, stream.length))) {
        if (part.length > 0) {
          out.write(
              (Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
          out.write(part);
          out.write(bytes("\r\n"));
        }
      }
      out.write(bytes("0\r\n\r\n"));
    };
  }

  private static House house(
      ScriptedVendor chat, ScriptedVendor responses, ScriptedVendor messages, ScriptedVendor gemini)
      throws IOException {
    return new House(
        Callers.NONE,
        List.of(),
        House.vendor("chat", chat.port(), ProtocolName.OPENAI_CHAT, SHORT),
        House.vendor("responses", responses.port(), ProtocolName.OPENAI_RESPONSES, SHORT),
        House.vendor("messages", messages.port(), ProtocolName.ANTHROPIC_MESSAGES, SHORT),
        House.vendor("gemini", gemini.port(), ProtocolName.GEMINI, SHORT));
  }

  /** Replaces values, removes, repeats, cuts and flips, once or a few times. */
  private static byte[] mutated(byte[] original, Random random) {
    byte[] all = original;
    for (int n = 1 + random.nextInt(3); n > 0 && all.length > 4; n--) {
      int from = random.nextInt(all.length);
      int to = Math.min(all.length, from + 1 + random.nextInt(20));
      var out = new ByteArrayOutputStream();
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          // A value in place of another: what parses, and is not what was expected.
          int colon = find(all, from, (byte) ':');
          int end = valueEnd(all, colon + 1);
          out.write(all, 0, colon + 1);
          out.writeBytes(bytes(WORDS[random.nextInt(WORDS.length)]));
          out.write(all, end, all.length - end);
        }
        case 2 -> {
          out.write(all, 0, from);
          out.write(all, to, all.length - to);
        }
        case 3 -> {
          out.write(all, 0, to);
          out.write(all, from, all.length - from);
        }
        case 4 -> {
          byte[] flipped = all.clone();
          flipped[from] ^= (byte) (1 << random.nextInt(8));
          out.writeBytes(flipped);
        }
        default -> {
          out.write(all, 0, from);
          out.writeBytes(bytes(WORDS[random.nextInt(WORDS.length)]));
          out.write(all, from, all.length - from);
        }
      }
      all = out.toByteArray();
    }
    return all;
  }

  private static int find(byte[] all, int from, byte wanted) {
    for (int i = 0; i < all.length; i++) {
      int at = (from + i) % all.length;
      if (all[at] == wanted) {
        return at;
      }
    }
    return 0;
  }

  private static int valueEnd(byte[] all, int from) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; i < all.length; i++) {
      byte b = all[i];
      if (quoted) {
        quoted = b != '"' || all[i - 1] == '\\';
      } else if (b == '"') {
        quoted = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        if (--depth < 0) {
          return i;
        }
      } else if (b == ',' && depth == 0) {
        return i;
      }
    }
    return all.length;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
