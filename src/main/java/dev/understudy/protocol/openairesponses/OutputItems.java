package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the items of an answer as parts; fields that are not understood go to the losses. */
final class OutputItems {
  private final String vendor;
  private final Losses losses;

  OutputItems(String vendor, Losses losses) {
    this.vendor = vendor;
    this.losses = losses;
  }

  /** The parts of one item: several for a message, none for a thought that says nothing. */
  List<Part> read(Fields item) {
    List<Part> parts =
        switch (item.text("type").orElse("")) {
          case "message" -> message(item);
          case "function_call" -> List.of(call(item));
          case "reasoning" -> reasoning(item);
          default -> {
            item.ignoreRest();
            yield List.of(new Part.Foreign(ProtocolName.OPENAI_RESPONSES, Json.text(item.node())));
          }
        };
    losses.unread(item.unread());
    return parts;
  }

  private List<Part> message(Fields item) {
    item.ignore("id", "status", "role");
    if (item.text("phase").isPresent()) {
      losses.add("output.message.phase", "only this protocol tells commentary from the answer");
    }
    var parts = new ArrayList<Part>();
    for (Fields content : item.objects("content")) {
      parts.add(content(content));
    }
    return parts;
  }

  private static Part content(Fields content) {
    return switch (content.text("type").orElse("")) {
      case "output_text" -> ContentReader.text(content);
      case "refusal" -> new Part.Refusal(content.text("refusal").orElse(""));
      default -> {
        content.ignoreRest();
        yield new Part.Foreign(ProtocolName.OPENAI_RESPONSES, Json.text(content.node()));
      }
    };
  }

  private Part call(Fields item) {
    item.ignore("id", "status");
    if (item.text("namespace").isPresent()) {
      losses.add("output.function_call.namespace", "only this protocol groups tools");
    }
    return new Part.ToolCall(
        item.requiredText("call_id"), item.requiredText("name"), item.text("arguments").orElse(""));
  }

  private List<Part> reasoning(Fields item) {
    item.ignore("id", "status", "summary", "content", "encrypted_content");
    String text = ReasoningSeal.text(item.node());
    Optional<Seal> seal = ReasoningSeal.of(item.node(), Optional.of(vendor));
    return text.isEmpty() && seal.isEmpty() ? List.of() : List.of(new Part.Reasoning(text, seal));
  }
}
