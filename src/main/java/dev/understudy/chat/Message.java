package dev.understudy.chat;

import java.util.List;
import java.util.Optional;

/**
 * One turn of a conversation.
 *
 * @param name the speaker's name, where one of several speaks
 */
public record Message(Role role, List<Part> parts, Optional<String> name) {
  public Message {
    parts = List.copyOf(parts);
  }

  public Message(Role role, List<Part> parts) {
    this(role, parts, Optional.empty());
  }
}
