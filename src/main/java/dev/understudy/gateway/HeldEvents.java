package dev.understudy.gateway;

import dev.understudy.chat.ReplyEvent;
import java.util.ArrayList;
import java.util.List;

/** Events from an answer's first tool call on, until all of it has come. */
final class HeldEvents {
  /** So much is held back at the most. */
  private static final int CHARACTERS_MAX = 1 << 20;

  private static final int EVENTS_MAX = 100_000;

  private final List<ReplyEvent> held = new ArrayList<>();
  private int characters;

  void add(ReplyEvent event) {
    held.add(event);
    if (event instanceof ReplyEvent.Delta delta) {
      characters += delta.text().length();
    }
  }

  boolean isTooLong() {
    return characters > CHARACTERS_MAX || held.size() > EVENTS_MAX;
  }

  /** All of them; none is left. */
  List<ReplyEvent> take() {
    var all = List.copyOf(held);
    held.clear();
    return all;
  }
}
