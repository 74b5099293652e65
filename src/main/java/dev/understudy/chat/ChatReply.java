package dev.understudy.chat;

import java.util.List;

/**
 * A whole answer.
 *
 * @param id the vendor's name for the answer; empty where it gives none
 * @param model the model that answered, in the vendor's words; empty where not said
 */
public record ChatReply(String id, String model, List<Part> parts, Stop stop, Usage usage) {
  public ChatReply {
    parts = List.copyOf(parts);
  }
}
