package dev.understudy.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Requests;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.wire.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the tests of this protocol share: fixtures, and the two sides with their arguments filled
 * in.
 */
final class Fixtures {
  static final Dialect ANTHROPIC = Dialect.standard("anthropic");
  static final AnthropicInbound INBOUND = new AnthropicInbound();
  static final AnthropicOutbound OUTBOUND = new AnthropicOutbound();

  /** Larger than any stream here, and small enough to be added to. */
  static final int WHOLE = 1 << 30;

  private Fixtures() {}

  static byte[] bytes(String name) {
    try (var in = Fixtures.class.getResourceAsStream("/protocol/anthropic/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode json(String name) {
    return Json.parseObject(bytes(name));
  }

  static ChatRequest read(String json) {
    return INBOUND.readRequest(InboundCall.of(Json.parseObject(json)), new Losses());
  }

  static ChatRequest request(String model, Message... messages) {
    return Requests.plain(model, List.of(messages));
  }

  static ChatRequest with(ChatRequest request, Thinking thinking, Sampling sampling) {
    return new ChatRequest(
        request.model(),
        request.messages(),
        request.tools(),
        request.toolChoice(),
        request.parallelToolCalls(),
        request.format(),
        thinking,
        sampling,
        request.labels(),
        request.stream(),
        request.usageInStream());
  }

  static Message user(Part... parts) {
    return new Message(Role.USER, List.of(parts));
  }

  static Message assistant(Part... parts) {
    return new Message(Role.ASSISTANT, List.of(parts));
  }

  static Message system(String text) {
    return new Message(Role.SYSTEM, List.of(new Part.Text(text)));
  }

  static ObjectNode write(ChatRequest request, Losses losses) {
    return Json.parseObject(OUTBOUND.writeRequest(request, ANTHROPIC, losses).json());
  }

  static List<String> paths(Losses losses) {
    return losses.kept().stream().map(Losses.Loss::path).toList();
  }

  static ReplyContext context() {
    return new ReplyContext(
        request("claude-sonnet-4-5", user(new Part.Text("hi"))), "x1", 0, true, "anthropic");
  }

  static byte[] replyBytes(ChatReply reply) {
    var out = new Bytes();
    INBOUND.writeReply(reply, context(), new Losses(), out);
    return out.take();
  }

  static ObjectNode reply(ChatReply reply) {
    return Json.parseObject(replyBytes(reply));
  }

  static byte[] stream(ChatReply reply) {
    var out = new Bytes();
    var writer = INBOUND.streamWriter(context(), new Losses());
    ReplyUnfold.unfold(reply, event -> writer.write(event, out));
    return out.take();
  }

  /** The events of a stream that arrives in pieces of {@code step} bytes, held to the grammar. */
  static List<ReplyEvent> events(byte[] stream, int step) {
    return events(stream, step, new Losses());
  }

  static List<ReplyEvent> events(byte[] stream, int step, Losses losses) {
    var events = new ArrayList<ReplyEvent>();
    var grammar = new EventGrammar();
    ReplyReader reader =
        OUTBOUND.streamReader(ANTHROPIC, event -> events.add(grammar.check(event)), losses);
    for (int i = 0; i < stream.length; i += step) {
      reader.accept(stream, i, Math.min(step, stream.length - i));
    }
    reader.end();
    return events;
  }

  static List<ReplyEvent> events(String stream) {
    return events(stream.getBytes(UTF_8), WHOLE);
  }

  static ReplyFold fold(byte[] stream) {
    var fold = new ReplyFold();
    events(stream, WHOLE).forEach(fold);
    return fold;
  }
}
