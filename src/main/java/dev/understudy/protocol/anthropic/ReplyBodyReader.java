package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.FailedReply;
import dev.understudy.protocol.Losses;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a vendor's whole answer. */
final class ReplyBodyReader {
  private ReplyBodyReader() {}

  static ChatReply read(byte[] bytes, String vendor, Losses losses) {
    ObjectNode node = Json.parseObject(bytes);
    Fields body = Fields.of(node);
    if (Failures.isError(node)) {
      throw new FailedReply(Failures.readEvent(node, vendor));
    }
    String type = body.requiredText("type");
    if (!type.equals("message")) {
      throw new Malformed("type", "must be message");
    }
    body.ignore("role"); // always the assistant's
    Optional<JsonNode> usage = body.raw("usage");
    var reply =
        new ChatReply(
            body.text("id").orElse(""),
            body.text("model").orElse(""),
            BlockReader.ofReply(vendor).blocks(body.objects("content"), RawInputs.of(bytes)),
            Stops.read(body.text("stop_reason"), body.text("stop_sequence")),
            usage
                .filter(ObjectNode.class::isInstance)
                .map(said -> AnthropicUsage.read((ObjectNode) said))
                .orElse(Usage.UNSAID));
    losses.unread(body.unread());
    return reply;
  }
}
