package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the messages of a request for a vendor.
 *
 * <p>A tool's result can only be text here; what else a tool brought follows in a message of the
 * user, after all results of that turn. Marks for prompt caches are left out where the vendor does
 * not take them, and that is no loss: such vendors cache by themselves.
 */
final class MessageWriter {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private final Dialect dialect;
  private final Losses losses;
  private final ContentWriter contents;
  private final ArrayNode written = Json.array();
  private ArrayNode moved = Json.array();

  /** What a mark for the cache would be put on. */
  private @Nullable ObjectNode last;

  MessageWriter(Dialect dialect, Losses losses) {
    this.dialect = dialect;
    this.losses = losses;
    this.contents = new ContentWriter(dialect, losses);
  }

  ArrayNode write(List<Message> messages) {
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      String path = "messages[" + i + "]";
      if (message.role() == Role.ASSISTANT) {
        assistant(message, path);
      } else {
        spoken(message, path);
      }
    }
    flushMoved();
    written.forEach(message -> simplify((ObjectNode) message));
    return written;
  }

  private void spoken(Message message, String path) {
    ObjectNode target = null;
    for (int i = 0; i < message.parts().size(); i++) {
      Part part = message.parts().get(i);
      String at = path + ".content[" + i + "]";
      switch (part) {
        case Part.ToolResult result -> toolResult(result, at);
        case Part.CachePoint(var ttl) -> cachePoint(ttl, at);
        case Part.ToolCall _, Part.Reasoning _ ->
            losses.add(at, "only an assistant's message can hold it");
        case Part.Text _,
            Part.Image _,
            Part.Audio _,
            Part.Video _,
            Part.Document _,
            Part.Refusal _,
            Part.Foreign _ -> {
          if (message.role() != Role.USER && !(part instanceof Part.Text)) {
            losses.add(at, "instructions can only be text");
            continue;
          }
          Optional<ObjectNode> content = contents.part(part, at);
          if (content.isPresent()) {
            target = target == null ? open(message, path) : target;
            last = content.get();
            target.withArray("content").add(last);
          }
        }
      }
    }
    boolean results = message.parts().stream().anyMatch(Part.ToolResult.class::isInstance);
    if (target == null && !results) {
      open(message, path);
    }
  }

  private ObjectNode open(Message message, String path) {
    flushMoved();
    ObjectNode target = written.addObject();
    target.put(
        "role",
        switch (message.role()) {
          case SYSTEM -> "system";
          case DEVELOPER -> dialect.has(Quirk.NO_DEVELOPER_ROLE) ? "system" : "developer";
          case USER -> "user";
          case ASSISTANT -> "assistant";
        });
    target.putArray("content");
    name(message, path, target);
    return target;
  }

  private void name(Message message, String path, ObjectNode target) {
    if (message.name().isPresent()) {
      if (NAME.matcher(message.name().get()).matches()) {
        target.put("name", message.name().get());
      } else {
        losses.add(path + ".name", "names are letters, digits, _ and - here");
      }
    }
  }

  private void toolResult(Part.ToolResult result, String path) {
    ObjectNode target = written.addObject();
    target.put("role", "tool");
    target.put("tool_call_id", CallIds.fit(result.callId(), dialect));
    ArrayNode content = target.putArray("content");
    boolean failed = result.failed();
    ArrayNode media = Json.array();
    for (int i = 0; i < result.content().size(); i++) {
      String at = path + ".content[" + i + "]";
      Optional<ObjectNode> part = contents.part(result.content().get(i), at);
      if (part.isEmpty()) {
        continue;
      }
      if (part.get().path("type").asString("").equals("text")) {
        content.add(part.get());
      } else {
        losses.add(at, "moved to a message of the user: a tool's result can only be text");
        media.add(part.get());
      }
    }
    if (!media.isEmpty()) {
      moved.add(ContentWriter.text("From the result of tool call " + result.callId() + ":"));
      moved.addAll(media);
      if (content.isEmpty()) {
        content.add(ContentWriter.text("The result follows in the next message of the user."));
      }
    }
    if (failed) {
      String first = content.isEmpty() ? "" : content.get(0).path("text").asString("");
      ObjectNode marked = ContentWriter.text("Error: " + first);
      if (content.isEmpty()) {
        content.add(marked);
      } else {
        content.set(0, marked);
      }
    }
    last = content.isEmpty() ? null : (ObjectNode) content.get(content.size() - 1);
  }

  private void flushMoved() {
    if (!moved.isEmpty()) {
      ObjectNode target = written.addObject();
      target.put("role", "user");
      target.set("content", moved);
      moved = Json.array();
    }
  }

  private void assistant(Message message, String path) {
    flushMoved();
    ObjectNode target = Json.object();
    target.put("role", "assistant");
    ArrayNode content = target.putArray("content");
    for (int i = 0; i < message.parts().size(); i++) {
      String at = path + ".content[" + i + "]";
      assistantPart(message.parts().get(i), at, target, content);
    }
    name(message, path, target);
    boolean calls = target.has("tool_calls");
    if (content.isEmpty()) {
      target.putNull("content");
    }
    // A message of thoughts alone, which do not travel, says nothing; vendors refuse it.
    if (!content.isEmpty()
        || calls
        || target.has("audio")
        || target.has("refusal")
        || target.has(Thoughts.DETAIL)) {
      written.add(target);
    }
  }

  private void assistantPart(Part part, String path, ObjectNode target, ArrayNode content) {
    switch (part) {
      case Part.Text text -> {
        if (!text.citations().isEmpty()) {
          losses.add(path + ".citations", "citations of earlier answers are not taken back");
        }
        last = ContentWriter.text(text.text());
        content.add(last);
      }
      case Part.Refusal(String text) ->
          target.put("refusal", target.path("refusal").asString("") + text);
      case Part.Reasoning thought -> thought(thought, path, target, content);
      case Part.ToolCall call -> toolCall(call, path, target);
      case Part.Audio(Source.FileId(var origin, var id, _), _)
          when origin.equals(ProtocolName.OPENAI_CHAT) ->
          target.putObject("audio").put("id", id);
      case Part.Audio(_, var transcript) -> {
        losses.add(path, "an assistant's sound is told by its transcript");
        transcript.ifPresent(text -> content.add(ContentWriter.text(text)));
      }
      case Part.CachePoint(var ttl) -> cachePoint(ttl, path);
      case Part.Foreign(var origin, var json) -> {
        if (origin.equals(ProtocolName.OPENAI_CHAT) && Json.parse(json) instanceof ObjectNode own) {
          (own.has("custom") ? target.withArray("tool_calls") : content).add(own);
        } else {
          losses.add(path, "a part that only " + origin + " has");
        }
      }
      case Part.Image _, Part.Video _, Part.Document _, Part.ToolResult _ ->
          losses.add(path, "an assistant's message cannot hold it");
    }
  }

  private void thought(Part.Reasoning thought, String path, ObjectNode target, ArrayNode content) {
    boolean back = dialect.has(Quirk.REASONING_CONTENT_BACK) && !thought.text().isEmpty();
    boolean home =
        thought
            .seal()
            .filter(seal -> seal.isAtHome(ProtocolName.OPENAI_CHAT, dialect.vendor()))
            .isPresent();
    if (home) {
      Thoughts.writeDetail(target, thought);
    } else if (thought.seal().isPresent()) {
      losses.add(path + ".seal", "signed reasoning goes home only");
    }
    if (back && dialect.has(Quirk.MISTRAL_NAMES)) {
      ObjectNode part = content.addObject();
      part.put("type", "thinking");
      part.putArray("thinking").add(ContentWriter.text(thought.text()));
    } else if (back) {
      String before = target.path("reasoning_content").asString("");
      target.put("reasoning_content", before + thought.text());
    } else if (!home && !thought.text().isEmpty()) {
      losses.add(path, "this vendor does not take thoughts back");
    }
  }

  private void toolCall(Part.ToolCall call, String path, ObjectNode target) {
    ObjectNode function = Json.object();
    function.put("name", call.tool());
    // Vendors parse this; a call without input is an empty object to them.
    function.put("arguments", call.inputJson().isBlank() ? "{}" : call.inputJson());
    ObjectNode one = target.withArray("tool_calls").addObject();
    one.put("id", CallIds.fit(call.callId(), dialect));
    one.put("type", "function");
    one.set("function", function);
    last = one;
    if (call.seal().isPresent()) {
      Seal seal = call.seal().get();
      if (seal.isAtHome(ProtocolName.OPENAI_CHAT, dialect.vendor())) {
        Thoughts.writeSignature(one, seal);
      } else {
        losses.add(path + ".seal", "signed reasoning goes home only");
      }
    }
  }

  private void cachePoint(Optional<String> ttl, String path) {
    if (dialect.has(Quirk.CACHE_CONTROL)) {
      if (last != null) {
        cacheControl(last, ttl);
      }
    } else if (ttl.isPresent()) {
      losses.add(path, "this vendor decides itself how long it caches");
    }
  }

  static void cacheControl(ObjectNode at, Optional<String> ttl) {
    ObjectNode control = at.putObject("cache_control");
    control.put("type", "ephemeral");
    ttl.ifPresent(text -> control.put("ttl", text));
  }

  /** One bare text is a string, which every vendor takes; so are all texts, where it must be. */
  private void simplify(ObjectNode message) {
    JsonNode content = message.get("content");
    if (!(content instanceof ArrayNode parts)) {
      return;
    }
    boolean bare = true;
    for (JsonNode part : parts) {
      bare &= part.path("type").asString("").equals("text") && part.size() == 2;
    }
    if (!bare || (parts.size() > 1 && !dialect.has(Quirk.STRING_CONTENT))) {
      return;
    }
    boolean assistant = message.path("role").asString("").equals("assistant");
    var text = new StringBuilder();
    for (Iterator<JsonNode> all = parts.iterator(); all.hasNext(); ) {
      text.append(all.next().path("text").asString(""));
      // An assistant's texts are pieces of one; others were written as paragraphs of their own.
      text.append(all.hasNext() && !assistant ? "\n\n" : "");
    }
    message.put("content", text.toString());
  }
}
