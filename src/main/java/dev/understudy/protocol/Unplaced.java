package dev.understudy.protocol;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import tools.jackson.databind.node.ObjectNode;

/** Names what an answer holds and the protocol of its caller has no place for. */
public final class Unplaced {
  private static final int WORD_MAX = 40;

  private final ProtocolName callers;
  private final Losses losses;
  private int index;

  public Unplaced(ProtocolName callers, Losses losses) {
    this.callers = callers;
    this.losses = losses;
  }

  /** The losses that follow are of this part of the answer. */
  public void at(int part) {
    index = part;
  }

  /** Follows a stream: which part the losses are of. */
  public void follow(ReplyEvent event) {
    if (event instanceof ReplyEvent.Opened(int part, _)) {
      index = part;
    }
  }

  /** The whole part stays behind. */
  public void part(Part part) {
    String reason =
        part instanceof Part.Foreign(var origin, _)
            ? "only callers of " + origin + " have a place for it"
            : "answers of this protocol have no place for it";
    losses.add(path() + word(part), reason);
  }

  /** A field of the part stays behind. */
  public void field(String name, String reason) {
    losses.add(path() + name, reason);
  }

  /** What a citation of another protocol says beyond a page, its title and its words. */
  public void placeOf(Citation citation) {
    if (!citation.origin().equals(callers) && citation.url().isEmpty()) {
      field("citations", "where in its source it stands is not told");
    }
  }

  private String path() {
    return "parts[" + index + "].";
  }

  private static String word(Part part) {
    return switch (part) {
      case Part.Text _ -> "text";
      case Part.Image _ -> "image";
      case Part.Audio _ -> "audio";
      case Part.Video _ -> "video";
      case Part.Document _ -> "document";
      case Part.ToolCall _ -> "tool_call";
      case Part.ToolResult _ -> "tool_result";
      case Part.Reasoning _ -> "reasoning";
      case Part.Refusal _ -> "refusal";
      case Part.CachePoint _ -> "cache_point";
      case Part.Foreign(_, String json) -> kind(json);
    };
  }

  /** A vendor's own word for its block: its type, or the name of what it holds. */
  private static String kind(String json) {
    try {
      ObjectNode block = Json.parseObject(json);
      String type = block.path("type").asString("");
      String word =
          type.isEmpty() && !block.isEmpty() ? block.propertyNames().iterator().next() : type;
      String plain = word.replaceAll("[^A-Za-z0-9_]", "");
      return plain.isEmpty() ? "block" : plain.substring(0, Math.min(plain.length(), WORD_MAX));
    } catch (Malformed e) {
      return "block";
    }
  }
}
