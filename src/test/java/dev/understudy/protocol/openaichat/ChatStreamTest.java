package dev.understudy.protocol.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.wire.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams as files, each beside the same answer in one piece. */
final class ChatStreamTest {
  private static final Path FIXTURES = Path.of("src/test/resources/protocol/openaichat");
  private static final OpenAiChatOutbound OUTBOUND = new OpenAiChatOutbound();
  private static final OpenAiChatInbound INBOUND = new OpenAiChatInbound();
  private static final Dialect ACME = Dialect.standard("acme");

  static Stream<Path> streams() throws IOException {
    return fixtures("streams");
  }

  static Stream<Path> broken() throws IOException {
    return fixtures("broken");
  }

  private static Stream<Path> fixtures(String folder) throws IOException {
    try (var files = Files.list(FIXTURES.resolve(folder))) {
      return files.filter(path -> path.toString().endsWith(".sse")).sorted().toList().stream();
    }
  }

  private static List<ReplyEvent> read(byte[] body, int cut, Losses losses) {
    var events = new ArrayList<ReplyEvent>();
    var grammar = new EventGrammar();
    var reader = OUTBOUND.streamReader(ACME, event -> events.add(grammar.check(event)), losses);
    reader.accept(body, 0, cut);
    reader.accept(body, cut, body.length - cut);
    reader.end();
    return events;
  }

  private static ChatReply fold(List<ReplyEvent> events) {
    var fold = new ReplyFold();
    events.forEach(fold);
    return fold.reply().orElseThrow();
  }

  private static ReplyContext context(boolean usage) {
    String request =
        "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":%b},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            .formatted(usage);
    return new ReplyContext(
        INBOUND.readRequest(InboundCall.of(Json.parseObject(request)), new Losses()),
        "x1",
        1L,
        true,
        "acme");
  }

  private static String written(List<ReplyEvent> events, boolean usage) {
    var writer = INBOUND.streamWriter(context(usage), new Losses());
    var out = new Bytes();
    events.forEach(event -> writer.write(event, out));
    return new String(out.take(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("streams")
  void aStreamIsTheSameAnswerAsTheWhole(Path file) throws IOException {
    var losses = new Losses();
    ChatReply streamed = fold(read(Files.readAllBytes(file), 0, losses));

    byte[] whole = Files.readAllBytes(Path.of(file.toString().replace(".sse", ".json")));
    ChatReply reply = OUTBOUND.readReply(whole, ACME, losses);

    assertThat(streamed).isEqualTo(reply);
    assertThat(losses.kept()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("streams")
  void aStreamIsTheSameWhereverItIsCut(Path file) throws IOException {
    byte[] body = Files.readAllBytes(file);
    List<ReplyEvent> whole = read(body, 0, new Losses());
    for (int cut = 1; cut < body.length; cut++) {
      assertThat(read(body, cut, new Losses())).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void whatIsWrittenReadsAsTheSameAnswer(Path file) throws IOException {
    ChatReply reply = fold(read(Files.readAllBytes(file), 0, new Losses()));
    String streamed = written(read(Files.readAllBytes(file), 0, new Losses()), true);
    var out = new Bytes();
    INBOUND.writeReply(reply, context(true), new Losses(), out);

    ChatReply fromStream = fold(read(streamed.getBytes(StandardCharsets.UTF_8), 0, new Losses()));
    ChatReply fromWhole = OUTBOUND.readReply(out.take(), ACME, new Losses());

    assertThat(fromStream.parts()).hasSameSizeAs(reply.parts()).isEqualTo(fromWhole.parts());
    assertThat(fromStream.stop()).isEqualTo(fromWhole.stop());
    assertThat(fromStream.usage().tokens()).isEqualTo(reply.usage().tokens());
    assertThat(fromStream.stop().reason()).isEqualTo(reply.stop().reason());
    assertThat(streamed).endsWith("data: [DONE]\n\n");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aStreamThatBreaksIsNeverACleanEnd(Path file) throws IOException {
    List<ReplyEvent> events = read(Files.readAllBytes(file), 0, new Losses());

    assertThat(events.getLast()).isInstanceOf(ReplyEvent.Broken.class);
    assertThat(events).noneMatch(ReplyEvent.Ended.class::isInstance);
    assertThat(written(events, true)).contains("data: {\"error\":{").doesNotContain("[DONE]");
  }

  @Test
  void usageIsTheLastChunkAndOnlyForThoseWhoAsked() throws IOException {
    byte[] body = Files.readAllBytes(FIXTURES.resolve("streams/text.sse"));
    List<ReplyEvent> events = read(body, 0, new Losses());

    assertThat(written(events, true))
        .contains(
            "\"finish_reason\":\"stop\"}]}\n\ndata: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m1\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,");
    assertThat(written(events, false)).doesNotContain("usage").endsWith("data: [DONE]\n\n");
  }

  @Test
  void theLastDeltaOfASealedThoughtHoldsAllOfIt() {
    var seal =
        new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "signature", "c2ln");
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.Opened(0, new PartStart.Reasoning()),
            new ReplyEvent.Delta(0, "The sky "),
            new ReplyEvent.Delta(0, "is blue."),
            new ReplyEvent.Closed(0, Optional.of(seal)));

    assertThat(written(events, false).split("\n\n"))
        .hasSize(3)
        .satisfies(chunks -> {
          assertThat(chunks[0]).contains("\"reasoning_content\":\"The sky \"");
          assertThat(chunks[1])
              .contains("\"reasoning_content\":\"is blue.\"")
              .doesNotContain("reasoning_details");
          assertThat(chunks[2])
              .contains("\"reasoning_details\"", "\"text\":\"The sky is blue.\"", "~us1.");
        });
  }

  @Test
  void aHeartbeatIsAComment() {
    assertThat(written(List.of(new ReplyEvent.Heartbeat()), false)).isEqualTo(": heartbeat\n\n");
  }

  @Test
  void toolsMustBeRunWhateverTheVendorCallsTheEnd() throws IOException {
    byte[] body = Files.readAllBytes(FIXTURES.resolve("streams/whole-calls-all-numbered-0.sse"));

    assertThat(fold(read(body, 0, new Losses())).stop())
        .isEqualTo(new Stop(Stop.Reason.TOOL_CALLS, "stop"));
  }
}
