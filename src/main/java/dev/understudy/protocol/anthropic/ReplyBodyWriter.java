package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.Unplaced;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole answer for a caller. */
final class ReplyBodyWriter {
  private ReplyBodyWriter() {}

  static ObjectNode write(ChatReply reply, ReplyContext context, Losses losses) {
    var unplaced = new Unplaced(ProtocolName.ANTHROPIC_MESSAGES, losses);
    ObjectNode message = head(reply.id(), reply.model(), context);
    ArrayNode content = message.putArray("content");
    boolean callsTools = false;
    boolean refuses = false;
    int index = 0;
    for (Part part : reply.parts()) {
      callsTools |= part instanceof Part.ToolCall;
      refuses |= part instanceof Part.Refusal;
      unplaced.at(index);
      ReplyBlocks.whole(part, callId(context, index), unplaced).forEach(content::add);
      index++;
    }
    message.put("stop_reason", Stops.write(reply.stop(), callsTools, refuses));
    reply
        .stop()
        .sequence()
        .ifPresentOrElse(
            sequence -> message.put("stop_sequence", sequence),
            () -> message.putNull("stop_sequence"));
    message.set("usage", AnthropicUsage.write(reply.usage()));
    return message;
  }

  /** The members that every message begins with. */
  static ObjectNode head(String id, String model, ReplyContext context) {
    return Json.object()
        .put("id", id.startsWith("msg_") ? id : "msg_" + context.exchangeId())
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model.isEmpty() ? context.request().model() : model);
  }

  /** A name for the call in part {@code index}, should its vendor have given none. */
  static String callId(ReplyContext context, int index) {
    return "toolu_" + context.exchangeId() + "_" + index;
  }
}
