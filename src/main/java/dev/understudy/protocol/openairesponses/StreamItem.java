package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.json.Fields;
import dev.understudy.protocol.Losses;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * One item of a streamed answer while it is being made: pieces come in, and in the end the whole
 * item, which tells whatever the pieces left out.
 */
final class StreamItem {
  private final ItemParts parts;
  private final OutputItems items;
  private final Losses losses;
  private String type = "";

  /** The content part of a message that was opened last. */
  private int content = -1;

  /** The summary or content part of a thought that was begun last, and where its text begins. */
  private String section = "";

  private int sectionStart;
  private final Set<String> sections = new HashSet<>();

  StreamItem(ItemParts parts, OutputItems items, Losses losses) {
    this.parts = parts;
    this.items = items;
    this.losses = losses;
  }

  /** The item as it begins: only a tool's name is worth telling at once. */
  void added(ObjectNode item) {
    type = item.path("type").asString("");
    String callId = item.path("call_id").asString("");
    String tool = item.path("name").asString("");
    if (type.equals("function_call") && !callId.isEmpty() && !tool.isEmpty()) {
      parts.open(new PartStart.ToolCall(callId, tool, Optional.empty()));
    }
  }

  /** A piece of the item; returns false if the event is not known. */
  boolean piece(String event, Fields fields) {
    switch (event) {
      case "response.content_part.added" -> contentAdded(fields);
      case "response.content_part.done", "response.reasoning_summary_part.added" ->
          fields.ignore("part", "content_index", "summary_index");
      case "response.output_text.delta" -> {
        openText(fields);
        parts.delta(fields.text("delta").orElse(""), Logprobs.read(fields));
      }
      case "response.output_text.done" -> {
        fields.ignore("logprobs"); // said with the pieces, or by the whole item
        openText(fields);
        parts.complete(fields.text("text").orElse(""));
      }
      case "response.output_text.annotation.added" -> annotation(fields);
      case "response.refusal.delta" -> {
        openContent(fields, new PartStart.Refusal());
        parts.delta(fields.text("delta").orElse(""), List.of());
      }
      case "response.refusal.done" -> {
        openContent(fields, new PartStart.Refusal());
        parts.complete(fields.text("refusal").orElse(""));
      }
      case "response.function_call_arguments.delta" -> {
        String delta = fields.text("delta").orElse("");
        if (parts.isOpen()) {
          parts.delta(delta, List.of());
        } // else the name is not known yet, and the whole item will tell all of it
      }
      case "response.function_call_arguments.done" -> {
        fields.ignore("name", "call_id");
        String arguments = fields.text("arguments").orElse("");
        if (parts.isOpen()) {
          parts.complete(arguments);
        }
      }
      case "response.reasoning_summary_text.delta" ->
          thought("summary" + number(fields, "summary_index"), fields.text("delta").orElse(""));
      case "response.reasoning_text.delta" ->
          thought("content" + number(fields, "content_index"), fields.text("delta").orElse(""));
      case "response.reasoning_summary_text.done" ->
          thoughtDone("summary" + number(fields, "summary_index"), fields.text("text").orElse(""));
      case "response.reasoning_text.done" ->
          thoughtDone("content" + number(fields, "content_index"), fields.text("text").orElse(""));
      case "response.reasoning_summary_part.done" -> {
        String key = "summary" + number(fields, "summary_index");
        String text = fields.object("part").map(part -> partText(part)).orElse("");
        thoughtDone(key, text);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The whole item, as it is in the end. */
  void done(Fields item) {
    type = item.text("type").orElse(type);
    List<Part> whole = items.read(item);
    boolean agrees = true;
    if (type.equals("message")) {
      for (int i = Math.max(content, 0); i < whole.size(); i++) {
        agrees &= parts.finish(whole.get(i));
      }
    } else {
      for (Part part : whole) {
        agrees &= parts.finish(part);
      }
    }
    parts.close(Optional.empty());
    if (!agrees) {
      losses.add("output." + type, "the whole differs from the pieces that were streamed");
    }
  }

  /** The answer ended without telling the whole item. */
  void abandoned() {
    parts.close(Optional.empty());
  }

  private void contentAdded(Fields fields) {
    Fields part = fields.requiredObject("part");
    part.ignoreRest(); // empty as yet; what it holds in the end comes with the whole item
    switch (part.node().path("type").asString("")) {
      case "output_text" -> openText(fields);
      case "refusal" -> openContent(fields, new PartStart.Refusal());
      default -> fields.ignore("content_index"); // thoughts, or of a kind that comes whole
    }
  }

  private void openText(Fields fields) {
    openContent(fields, new PartStart.Text());
  }

  private void openContent(Fields fields, PartStart start) {
    int index = number(fields, "content_index");
    if (index > content) {
      content = index;
      parts.open(start);
    }
  }

  private void annotation(Fields fields) {
    fields.ignore("annotation_index");
    openText(fields);
    fields
        .object("annotation")
        .ifPresent(annotation -> {
          annotation.ignoreRest();
          parts.cited(Annotations.read(annotation.node(), parts.text()));
        });
  }

  private void thought(String key, String text) {
    if (text.isEmpty()) {
      return;
    }
    if (!parts.isOpen()) {
      parts.open(new PartStart.Reasoning());
    }
    if (!key.equals(section)) {
      if (!parts.text().isEmpty()) {
        parts.delta("\n\n", List.of());
      }
      section = key;
      sections.add(key);
      sectionStart = parts.text().length();
    }
    parts.delta(text, List.of());
  }

  private void thoughtDone(String key, String text) {
    if (!key.equals(section)) {
      if (sections.add(key)) {
        thought(key, text);
      }
      return;
    }
    String said = parts.text().toString().substring(sectionStart);
    if (text.startsWith(said)) {
      thought(key, text.substring(said.length()));
    }
  }

  private static String partText(Fields part) {
    part.ignore("type");
    return part.text("text").orElse("");
  }

  private static int number(Fields fields, String name) {
    return fields.integer(name).map(Long::intValue).orElse(0);
  }
}
