package dev.understudy.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.anthropic.Recordings.Recording;
import dev.understudy.protocol.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What vendors really sent and were sent, read and written again. */
final class RecordingsTest {
  private static final Dialect ANTHROPIC = Dialect.standard("anthropic");

  /** Fields of requests that are known to stay behind, by their last name, and why. */
  private static final Set<String> REQUEST_FIELDS_LEFT =
      Set.of(
          "container", // names a machine of the vendor
          "mcp_servers", // servers that only the vendor calls
          "context_management", // edits that only the vendor makes
          "task_budget", // beta; no other protocol bounds a whole task
          "defer_loading"); // only means something to the vendor's own tool search

  /** Further differences between a request and the same written again, each meaning the same. */
  private static final Set<String> REQUEST_FIELDS_CHANGED =
      Set.of(
          "+ .messages[].content[].cache_control", // a mark on the request is put on its last block
          "- .cache_control",
          "- .messages[].content[].content[].type = \"search_result\"", // is a document with
          "- .messages[].content[].content[].source", // its address as context
          "- .messages[].content[].content[].content",
          "+ .messages[].content[].content[].type = \"document\"",
          "+ .messages[].content[].content[].context",
          "+ .messages[].content[].content[].source",
          "+ .thinking.type = \"adaptive\"", // an effort asks 4.6 to 4.8 to think
          "- .system[].text = \"\"", // empty text says nothing
          "- .system[].type");

  /** Searches write to the cache later; the split is that of the first iteration only. */
  private static final String LATER_WRITES =
      "cache_creation sums to \\d+, less than cache_creation_input_tokens \\d+";

  /** Fields of replies that are known to stay behind, and why. */
  private static final Set<String> REPLY_FIELDS_LEFT =
      Set.of(
          "container", // a machine of the vendor's
          "context_management", // edits the vendor made to the prompt
          "stop_details", // the category of a refusal
          "caller"); // code on the vendor's machine called the tool

  private final AnthropicInbound inbound = new AnthropicInbound();
  private final AnthropicOutbound outbound = new AnthropicOutbound();

  @Test
  void everyRequestThatWasAnsweredReadsAndNamesWhatStaysBehind() {
    var left = new TreeMap<String, String>();
    for (Recording recording : Recordings.messages()) {
      if (recording.isOk()) {
        var losses = new Losses();
        read(recording, losses);
        losses.kept().forEach(loss -> left.put(lastName(loss.path()), recording.id()));
      }
    }
    assertThat(REQUEST_FIELDS_LEFT).containsAll(left.keySet());
  }

  @Test
  void everyRequestIsTheSameWhenWrittenAndReadAgain() {
    for (Recording recording : Recordings.messages()) {
      if (recording.isOk()) {
        ChatRequest first = read(recording, new Losses());
        byte[] written = outbound.writeRequest(first, ANTHROPIC, new Losses()).json();
        ChatRequest second =
            inbound.readRequest(InboundCall.of(Json.parseObject(written)), new Losses());
        byte[] again = outbound.writeRequest(second, ANTHROPIC, new Losses()).json();
        assertThat(new String(again, UTF_8))
            .as(recording.id())
            .isEqualTo(new String(written, UTF_8));
      }
    }
  }

  @Test
  void writingARequestForItsOwnProtocolKeepsEveryFieldButListedOnes() {
    var differences = new TreeMap<String, String>();
    for (Recording recording : Recordings.messages()) {
      if (recording.isOk()) {
        ChatRequest request = read(recording, new Losses());
        var written =
            Json.parseObject(outbound.writeRequest(request, ANTHROPIC, new Losses()).json());
        var before = new TreeSet<String>();
        var after = new TreeSet<String>();
        Leaves.collect(Normal.request(recording.request()), before);
        Leaves.collect(Normal.request(written), after);
        before.stream()
            .filter(leaf -> !after.contains(leaf))
            .forEach(leaf -> differences.put("- " + leaf, recording.id()));
        after.stream()
            .filter(leaf -> !before.contains(leaf))
            .forEach(leaf -> differences.put("+ " + leaf, recording.id()));
      }
    }
    differences.keySet().removeIf(leaf -> REQUEST_FIELDS_LEFT.stream().anyMatch(leaf::contains));
    differences
        .keySet()
        .removeIf(leaf -> REQUEST_FIELDS_CHANGED.stream().anyMatch(leaf::startsWith));
    assertThat(differences).isEmpty();
  }

  @Test
  void everyReplyReadsAndNamesWhatStaysBehind() {
    var left = new TreeMap<String, String>();
    for (Recording recording : Recordings.messages()) {
      if (recording.isOk()) {
        var losses = new Losses();
        ChatReply reply = reply(recording, losses);
        losses.kept().forEach(loss -> left.put(lastName(loss.path()), recording.id()));
        assertThat(reply.id()).as(recording.id()).startsWith("msg_");
        assertThat(reply.stop().reason()).as(recording.id()).isNotEqualTo(Stop.Reason.OTHER);
        assertThat(reply.usage().violations())
            .as(recording.id())
            .allMatch(violation -> violation.matches(LATER_WRITES));
      }
    }
    assertThat(REPLY_FIELDS_LEFT).containsAll(left.keySet());
  }

  @Test
  void everyReplyIsTheSameWhenWrittenAndReadAgain() {
    for (Recording recording : Recordings.messages()) {
      if (recording.isOk()) {
        ChatReply first = reply(recording, new Losses());
        var out = new Bytes();
        inbound.writeReply(first, context(recording), new Losses(), out);
        ChatReply second = outbound.readReply(out.take(), ANTHROPIC, new Losses());
        assertThat(Normal.reply(second)).as(recording.id()).isEqualTo(Normal.reply(first));
      }
    }
  }

  @Test
  void everyReplyIsTheSameWhenWrittenAsAStreamAndReadAgain() {
    for (Recording recording : Recordings.messages()) {
      if (recording.isOk()) {
        ChatReply first = reply(recording, new Losses());
        var out = new Bytes();
        var writer = inbound.streamWriter(context(recording), new Losses());
        ReplyUnfold.unfold(first, event -> writer.write(event, out));
        byte[] stream = out.take();
        ChatReply second = fold(stream, stream.length).reply().orElseThrow();
        assertThat(Normal.reply(second)).as(recording.id()).isEqualTo(Normal.reply(first));
      }
    }
  }

  @Test
  void aStreamGivesTheSameEventsWhereverItIsCut() {
    var random = new Random(7);
    for (Recording recording : Recordings.messages()) {
      if (recording.isOk() && recording.isStream()) {
        byte[] stream = recording.body();
        List<ReplyEvent> whole = events(stream, stream.length);
        assertThat(events(stream, 1 + random.nextInt(64))).as(recording.id()).isEqualTo(whole);
        if (stream.length < 6_000) {
          assertThat(events(stream, 1)).as(recording.id()).isEqualTo(whole);
        }
      }
    }
  }

  @Test
  void everyFailureTellsItsTypeAndMessage() {
    for (Recording recording : Recordings.messages()) {
      if (!recording.isOk()) {
        var failure = outbound.readFailure(recording.status(), recording.body(), ANTHROPIC);
        assertThat(failure.status()).isEqualTo(recording.status());
        assertThat(failure.type()).as(recording.id()).isNotEqualTo("error").isNotEmpty();
        assertThat(recording.response().toString()).contains(failure.message());
        assertThat(failure.vendor()).contains("anthropic");
      }
    }
  }

  @Test
  void everyTokenCountReads() {
    for (Recording recording : Recordings.counts()) {
      if (recording.isOk()) {
        var losses = new Losses();
        ChatRequest request = inbound.readCountRequest(InboundCall.of(recording.request()), losses);
        assertThat(losses.kept()).as(recording.id()).isEmpty();
        assertThat(outbound.readCount(recording.body())).isPresent();
        var written =
            Json.parseObject(outbound.writeCountRequest(request, ANTHROPIC, losses).json());
        assertThat(written.has("max_tokens")).isFalse();
      }
    }
  }

  private ChatRequest read(Recording recording, Losses losses) {
    var call = new InboundCall(recording.request(), recording.pathModel(), false, true);
    return inbound.readRequest(call, losses);
  }

  private ChatReply reply(Recording recording, Losses losses) {
    byte[] body = recording.body();
    if (!recording.isStream()) {
      return outbound.readReply(body, ANTHROPIC, losses);
    }
    var fold = new ReplyFold();
    var grammar = new EventGrammar();
    ReplyReader reader =
        outbound.streamReader(ANTHROPIC, event -> fold.accept(grammar.check(event)), losses);
    reader.accept(body, 0, body.length);
    reader.end();
    assertThat(fold.failure()).as(recording.id()).isEmpty();
    return fold.reply().orElseThrow();
  }

  private ReplyFold fold(byte[] stream, int step) {
    var fold = new ReplyFold();
    events(stream, step).forEach(fold);
    return fold;
  }

  private List<ReplyEvent> events(byte[] stream, int step) {
    var events = new ArrayList<ReplyEvent>();
    ReplyReader reader = outbound.streamReader(ANTHROPIC, events::add, new Losses());
    for (int i = 0; i < stream.length; i += step) {
      reader.accept(stream, i, Math.min(step, stream.length - i));
    }
    reader.end();
    return events;
  }

  private ReplyContext context(Recording recording) {
    return new ReplyContext(read(recording, new Losses()), "x1", 0, true, "anthropic");
  }

  private static String lastName(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
