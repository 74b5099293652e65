package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.Seal;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads content blocks, of one conversation in their order, into parts.
 *
 * <p>A block that has no word in {@code chat} is kept whole as {@link Part.Foreign}; a mark for the
 * cache becomes a part behind the block that carries it.
 */
final class BlockReader {
  private final Optional<String> issuer;
  private final Map<String, String> toolsByCallId = new HashMap<>();

  private BlockReader(Optional<String> issuer) {
    this.issuer = issuer;
  }

  static BlockReader ofRequest() {
    return new BlockReader(Optional.empty());
  }

  /** A reader of the answer of {@code vendor}, who issues the seals in it. */
  static BlockReader ofReply(String vendor) {
    return new BlockReader(Optional.of(vendor));
  }

  /** Reads a member that is text or an array of blocks; an absent one has no parts. */
  List<Part> content(Fields owner, String name) {
    Optional<JsonNode> value = owner.raw(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get().isString()) {
      return List.of(new Part.Text(value.get().stringValue()));
    }
    if (!(value.get() instanceof ArrayNode)) {
      throw new Malformed(owner.pathOf(name), "text or an array of blocks is needed");
    }
    return blocks(owner.objects(name), List.of());
  }

  /**
   * Reads the blocks of one message.
   *
   * @param rawInputs the text of each block's {@code input} as it stood on the wire, where known
   */
  List<Part> blocks(List<Fields> blocks, List<Optional<String>> rawInputs) {
    var parts = new ArrayList<Part>();
    Optional<Seal> callSeal = Optional.empty();
    for (int i = 0; i < blocks.size(); i++) {
      Fields block = blocks.get(i);
      Optional<Part.CachePoint> mark = mark(block);
      Part part = part(block, i < rawInputs.size() ? rawInputs.get(i) : Optional.empty());
      if (part instanceof Part.ToolCall call && callSeal.isPresent()) {
        parts.removeLast();
        part = new Part.ToolCall(call.callId(), call.tool(), call.inputJson(), callSeal);
      }
      parts.add(part);
      mark.ifPresent(parts::add);
      callSeal = mark.isEmpty() ? callSeal(part) : Optional.empty();
    }
    return parts;
  }

  /** The seal of a tool call that is to follow, if {@code part} is no thought but its carrier. */
  private static Optional<Seal> callSeal(Part part) {
    return part instanceof Part.Reasoning(String text, var seal) && text.isEmpty()
        ? seal.filter(Seals::isOfCall)
        : Optional.empty();
  }

  static Optional<Part.CachePoint> mark(Fields marked) {
    return marked
        .object("cache_control")
        .map(control -> {
          control.ignore("type"); // "ephemeral" is the only one
          return new Part.CachePoint(control.text("ttl"));
        });
  }

  private Part part(Fields block, Optional<String> rawInput) {
    return switch (block.requiredText("type")) {
      case "text" -> new Part.Text(block.requiredText("text"), citations(block), List.of());
      case "image" ->
          MediaBlocks.source(block)
              .<Part>map(source -> new Part.Image(source, Optional.empty()))
              .orElseGet(() -> foreign(block));
      case "document" -> MediaBlocks.document(block).orElseGet(() -> foreign(block));
      case "search_result" -> MediaBlocks.searchResult(block).orElseGet(() -> foreign(block));
      case "tool_use" -> toolCall(block, rawInput);
      case "tool_result" -> toolResult(block);
      case "thinking" ->
          new Part.Reasoning(
              block.text("thinking").orElse(""), seal(block, "signature", Seals.SIGNATURE));
      case "redacted_thinking" -> new Part.Reasoning("", seal(block, "data", Seals.REDACTED));
      default -> foreign(block);
    };
  }

  private static List<Citation> citations(Fields block) {
    return block.objects("citations").stream()
        .map(citation -> {
          citation.ignoreRest();
          return Citations.read(citation.node());
        })
        .toList();
  }

  private Optional<Seal> seal(Fields block, String name, String bareKind) {
    String text = block.text(name).orElse("");
    return issuer.isPresent()
        ? Seals.read(text, bareKind, issuer.get())
        : Seals.read(text, bareKind);
  }

  private Part.ToolCall toolCall(Fields block, Optional<String> rawInput) {
    String id = block.requiredText("id");
    String tool = block.requiredText("name");
    toolsByCallId.put(id, tool);
    ignoreDirectCaller(block);
    JsonNode input = block.raw("input").orElseGet(Json::object);
    return new Part.ToolCall(id, tool, ToolInput.read(input, rawInput));
  }

  /** That the model itself calls a tool is what a call means; another caller is something else. */
  static void ignoreDirectCaller(Fields block) {
    if (block.node().get("caller") instanceof ObjectNode caller
        && caller.path("type").asString("").equals("direct")) {
      block.ignore("caller");
    }
  }

  private Part.ToolResult toolResult(Fields block) {
    String id = block.requiredText("tool_use_id");
    return new Part.ToolResult(
        id,
        Optional.ofNullable(toolsByCallId.get(id)),
        content(block, "content"),
        block.flag("is_error").orElse(false));
  }

  private static Part.Foreign foreign(Fields block) {
    block.ignoreRest();
    ObjectNode kept = block.node().deepCopy();
    kept.remove("cache_control");
    return new Part.Foreign(Seals.HOME, Json.text(kept));
  }
}
