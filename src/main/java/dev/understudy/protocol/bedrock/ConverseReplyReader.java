package dev.understudy.protocol.bedrock;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.Optional;

/** Reads an answer of Converse that came in one piece. */
final class ConverseReplyReader {
  private ConverseReplyReader() {}

  static ChatReply read(byte[] body, Dialect dialect, Losses losses) {
    Fields reply = Fields.of(Json.parseObject(body));
    Fields message = reply.requiredObject("output").requiredObject("message");
    message.ignore("role");
    var parts = new ArrayList<Part>();
    for (Fields block : message.objects("content")) {
      parts.add(ConverseBlock.read(block, dialect));
    }
    Optional<Fields> additional = reply.object("additionalModelResponseFields");
    Stop stop = ConverseStop.read(reply.requiredText("stopReason"), additional);
    Usage usage = usage(reply);
    String model = invokedModel(reply);
    additional.ifPresent(Fields::ignoreRest);
    losses.unread(reply.unread());
    return new ChatReply("", model, parts, stop, usage);
  }

  /** Reads what stands beside the content, in a whole answer and in a stream's metadata alike. */
  static Usage usage(Fields about) {
    about.ignore("metrics", "performanceConfig");
    Optional<String> tier = about.object("serviceTier").flatMap(t -> t.text("type"));
    return about.object("usage").map(usage -> ConverseUsage.read(usage, tier)).orElse(Usage.UNSAID);
  }

  /** Which model a prompt router chose; empty where none did. Guardrail reports are not carried. */
  static String invokedModel(Fields about) {
    about.ignore("trace");
    var invoked = about.node().path("trace").path("promptRouter").path("invokedModelId");
    return invoked.isString() ? invoked.stringValue() : "";
  }
}
