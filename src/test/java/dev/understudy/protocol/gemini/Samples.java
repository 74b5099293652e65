package dev.understudy.protocol.gemini;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What the tests of this protocol share: fixtures, and short ways to read and write. */
final class Samples {
  static final Dialect GOOGLE = Dialect.standard("google");

  private Samples() {}

  static byte[] file(String name) {
    try (var in = Samples.class.getResourceAsStream("/protocol/gemini/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ChatRequest request(String json) {
    return request(json, new Losses());
  }

  static ChatRequest request(String json, Losses losses) {
    return new GeminiInbound()
        .readRequest(
            new InboundCall(Json.parseObject(json), Optional.of("gemini-2.5-pro"), false, true),
            losses);
  }

  static ChatRequest ask(String model, List<Message> messages) {
    return new ChatRequest(
        model,
        messages,
        List.of(),
        new ToolChoice.Unsaid(),
        Optional.empty(),
        new ReplyFormat.Text(),
        Thinking.UNSAID,
        Sampling.UNSAID,
        Labels.NONE,
        false,
        true);
  }

  static Message user(Part... parts) {
    return new Message(Role.USER, List.of(parts));
  }

  static Message model(Part... parts) {
    return new Message(Role.ASSISTANT, List.of(parts));
  }

  static ObjectNode written(ChatRequest request, Losses losses) {
    return Json.parseObject(new GeminiOutbound().writeRequest(request, GOOGLE, losses).json());
  }

  static ReplyContext context(boolean sse) {
    return new ReplyContext(ask("gemini-2.5-pro", List.of()), "x1", 0, sse, "google");
  }

  static ChatReply reply(byte[] body) {
    return new GeminiOutbound().readReply(body, GOOGLE, new Losses());
  }

  /** Folds a stream that arrives in pieces of {@code step} bytes, holding it to the grammar. */
  static ReplyFold fold(byte[] body, int step) {
    var fold = new ReplyFold();
    var grammar = new EventGrammar();
    var reader =
        new GeminiOutbound()
            .streamReader(GOOGLE, event -> fold.accept(grammar.check(event)), new Losses());
    for (int i = 0; i < body.length; i += step) {
      reader.accept(body, i, Math.min(step, body.length - i));
    }
    reader.end();
    return fold;
  }
}
