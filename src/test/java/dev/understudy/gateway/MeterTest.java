package dev.understudy.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReadAlong;
import dev.understudy.protocol.Recordings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lean meters must say what the protocols' own readers say, stream by stream. */
class MeterTest {
  private static final Path FIXTURES = Path.of("src/test/resources/protocol");

  /** One stream and the protocol it is of. */
  record Streamed(String name, ProtocolName protocol, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Streamed> fixtures() throws IOException {
    var found = new ArrayList<Streamed>();
    add(found, "openaichat", ProtocolName.OPENAI_CHAT);
    add(found, "anthropic", ProtocolName.ANTHROPIC_MESSAGES);
    add(found, "openairesponses", ProtocolName.OPENAI_RESPONSES);
    add(found, "gemini", ProtocolName.GEMINI);
    for (String[] odd : ODD_GEMINI) {
      found.add(new Streamed(odd[0], ProtocolName.GEMINI, odd[1].getBytes(UTF_8)));
    }
    for (String[] odd : ODD_MESSAGES) {
      found.add(new Streamed(odd[0], ProtocolName.ANTHROPIC_MESSAGES, odd[1].getBytes(UTF_8)));
    }
    return found;
  }

  private static void add(List<Streamed> found, String folder, ProtocolName protocol)
      throws IOException {
    try (Stream<Path> files = Files.walk(FIXTURES.resolve(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".sse")).sorted().toList()) {
        found.add(new Streamed(file.getFileName().toString(), protocol, Files.readAllBytes(file)));
      }
    }
  }

  /** What recorded streams of Gemini do not show. */
  private static final String[][] ODD_GEMINI = {
    {
      "gemini array",
      "[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a}]{\"}]}}]}\n,\n{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":1,\"totalTokenCount\":4},\"modelVersion\":\"m\",\"responseId\":\"r\"}]"
    },
    {"gemini array cut", "[{\"candidates\":[{\"finishReason\":\"STOP\"}]},\n{\"candidates\":["},
    {
      "gemini never finished",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n\n"
    },
    {
      "gemini blocked",
      "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\",\"blockReasonMessage\":\"no\"},\"usageMetadata\":{\"promptTokenCount\":3,\"totalTokenCount\":3}}\n\n"
    },
    {"gemini blocked without words", "data: {\"promptFeedback\":{\"blockReason\":\"OTHER\"}}\n\n"},
    {
      "gemini feedback only",
      "data: {\"promptFeedback\":{\"safetyRatings\":[]},\"candidates\":[{\"finishReason\":\"MAX_TOKENS\"}]}\n\n"
    },
    {
      "gemini error",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n\ndata: {\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}\n\n"
    },
    {
      "gemini two candidates",
      "data: {\"candidates\":[{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"SAFETY\"},{\"index\":0,\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}\n\n"
    },
    {
      "gemini second candidate alone",
      "data: {\"candidates\":[{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"SAFETY\"}]}\n\ndata: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n"
    },
    {
      "gemini snake",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finish_reason\":\"stop\"}],\"usage_metadata\":{\"promptTokenCount\":3,\"totalTokenCount\":3},\"model_version\":\"m\",\"response_id\":\"r\"}\n\n"
    },
    {
      "gemini numbers",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":0}]}\n\ndata: {\"candidates\":[{\"finishReason\":2}]}\n\n"
    },
    {
      "gemini empty texts",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"STOP\"}]}\n\n"
    },
    {
      "gemini empty thought",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\",\"thought\":true}]},\"finishReason\":\"STOP\"}]}\n\n"
    },
    {
      "gemini signature alone",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\",\"thoughtSignature\":\"YQ==\"}]},\"finishReason\":\"STOP\"}]}\n\n"
    },
    {
      "gemini no parts",
      "data: {\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":\"MALFORMED_FUNCTION_CALL\",\"finishMessage\":\"x\"}]}\n\n"
    },
    {
      "gemini call",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":[{}]}}}]},\"finishReason\":\"STOP\"}]}\n\n"
    },
    {
      "gemini with the mark of Chat",
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}\n\ndata: [DONE]\n\n"
    },
    {"gemini malformed", "data: {\"candidates\":[{\"content\":}]}\n\n"},
    {"gemini name twice", "data: {\"candidates\":[],\"candidates\":[]}\n\n"},
  };

  private static final String MESSAGE =
      "data: {\"type\":\"message_start\",\"message\":{\"id\":\"i\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n"
          + "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
          + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"ab\"}}\n\n"
          + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n";

  private static final String STOP =
      "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
          + "data: {\"type\":\"message_stop\"}\n\n";

  /** What no recorded stream of Messages shows. */
  private static final String[][] ODD_MESSAGES = {
    {"messages without the last count", MESSAGE + STOP},
    {
      "messages with an empty last count",
      MESSAGE
          + "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":null}}\n\n"
          + STOP
    },
    {"messages with the mark of Chat before the end", MESSAGE + "data: [DONE]\n\n" + STOP},
    {"messages with the mark of Chat", MESSAGE + STOP + "data: [DONE]\n\n"},
    {"messages with nonsense after the end", MESSAGE + STOP + "data: bye\n\n"},
    {
      "messages with an error that does not say it is one",
      MESSAGE + "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"no\"}}\n\n"
    },
    {"messages with an unknown event", MESSAGE + "data: {\"error\":null}\n\n" + STOP},
  };

  @ParameterizedTest
  @MethodSource("fixtures")
  void saysWhatTheReaderSays(Streamed stream) {
    var softly = new SoftAssertions();
    compare(stream, softly);
    softly.assertAll();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void doesNotMindWhereAStreamIsCut(Streamed stream) {
    byte[] bytes = stream.bytes();
    String whole = told(read(meter(stream), bytes, bytes.length));

    for (int size : new int[] {1, 2, 3, 7, 64, 1_000}) {
      assertThat(told(read(meter(stream), bytes, size))).isEqualTo(whole);
    }
  }

  @Test
  void saysOfEveryRecordedStreamWhatTheReaderSays() {
    var softly = new SoftAssertions();
    var count = new AtomicInteger();
    Recordings.each(
        file -> file.matches(".*-(chat|messages|responses|generate)\\.jsonl"),
        recording -> {
          if (!recording.stream()
              || !(recording.isSse() || recording.api().equals("generate"))
              || recording.status() != 200
              || recording.vendor().equals("cohere")) {
            return;
          }
          ProtocolName protocol = protocol(recording.api());
          if (!protocol.text().equals("none")) {
            compare(new Streamed(recording.id(), protocol, recording.body()), softly);
            count.incrementAndGet();
          }
        });
    softly.assertAll();
    assertThat(count.get()).isGreaterThan(500);
  }

  /** A call without a name is no answer to a translator; to a relay it is the caller's to judge. */
  private static final String NOT_LOOKED_AT = "nameless-call.sse";

  @Test
  void saysOfEveryRecordedReplyInOnePieceWhatTheReaderSays() {
    var softly = new SoftAssertions();
    var count = new AtomicInteger();
    Recordings.each(
        file -> file.matches(".*-(chat|messages|responses|generate)\\.jsonl"),
        recording -> {
          if (recording.stream() || recording.status() != 200) {
            return;
          }
          ProtocolName protocol = protocol(recording.api());
          if (!protocol.text().equals("none") && !recording.vendor().equals("cohere")) {
            byte[] body = recording.body();
            Outbound outbound = Protocols.outbound(protocol);
            Meter slow = new ReadAlong(outbound, DIALECT);
            slow.whole(body, 0, body.length);
            Meter fast = outbound.meter(DIALECT);
            fast.whole(body, 0, body.length);
            // Whether there was content matters to streams alone, whose head is held back.
            softly
                .assertThat(told(fast).replaceFirst("content [a-z]+", ""))
                .as(recording.id())
                .isEqualTo(told(slow).replaceFirst("content [a-z]+", ""));
            softly.assertThat(fast.fault()).as(recording.id()).isEqualTo(slow.fault());
            count.incrementAndGet();
          }
        });
    softly.assertAll();
    assertThat(count.get()).isGreaterThan(1_000);
  }

  private static ProtocolName protocol(String api) {
    return switch (api) {
      case "chat", "openai-chat" -> ProtocolName.OPENAI_CHAT;
      case "responses", "openai-responses" -> ProtocolName.OPENAI_RESPONSES;
      case "messages", "anthropic-messages" -> ProtocolName.ANTHROPIC_MESSAGES;
      case "generate" -> ProtocolName.GEMINI;
      default -> new ProtocolName("none");
    };
  }

  private static void compare(Streamed stream, SoftAssertions softly) {
    if (stream.name().equals(NOT_LOOKED_AT)) {
      return;
    }
    byte[] bytes = stream.bytes();
    Outbound protocol = Protocols.outbound(stream.protocol());
    Meter slow = read(new ReadAlong(protocol, DIALECT), bytes, bytes.length);
    Meter fast = read(meter(stream), bytes, bytes.length);
    softly.assertThat(told(fast)).as(stream.name()).isEqualTo(told(slow));
    if (slow.contentBytes() > 0) {
      softly.assertThat(fast.contentBytes()).as(stream.name()).isPositive();
    }
  }

  private static final Dialect DIALECT = Dialect.standard("vendor");

  private static Meter meter(Streamed stream) {
    Outbound protocol = Protocols.outbound(stream.protocol());
    Meter meter = protocol.meter(DIALECT);
    assertThat(meter).isNotInstanceOf(ReadAlong.class);
    return meter;
  }

  private static Meter read(Meter meter, byte[] bytes, int pieces) {
    for (int at = 0; at < bytes.length; at += pieces) {
      meter.accept(bytes, at, Math.min(pieces, bytes.length - at));
    }
    meter.end();
    return meter;
  }

  /** What counts for the record; a broken stream's usage is estimated anyway. */
  private static String told(Meter meter) {
    return "complete %s, content %s, error %s, usage %s, stop %s, id %s, model %s"
        .formatted(
            meter.isComplete(),
            meter.hasContent(),
            meter
                .failure()
                .map(f -> f.vendorJson().isPresent() ? f.type() : "of ours")
                .orElse("none"),
            meter.isComplete() ? meter.usage() : "",
            meter.isComplete() ? meter.stopReason() : "",
            meter.isComplete() ? meter.replyId() : "",
            meter.isComplete() ? meter.model() : "");
  }
}
