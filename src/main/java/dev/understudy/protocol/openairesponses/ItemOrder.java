package dev.understudy.protocol.openairesponses;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets the items of a streamed answer speak one after another.
 *
 * <p>One item has the floor; what is said of others meanwhile waits. When it is done, the waiting
 * item of the lowest number follows.
 */
final class ItemOrder {
  private static final String ADDED = "response.output_item.added";
  private static final String DONE = "response.output_item.done";

  private record Said(String type, ObjectNode event) {}

  private final Supplier<StreamItem> newItem;
  private final Losses losses;
  private final TreeMap<Integer, List<Said>> waiting = new TreeMap<>();
  private final Set<Integer> finished = new HashSet<>();
  private @Nullable StreamItem current;
  private int currentIndex = -1;

  /** The item that was spoken of last, for vendors that do not number every event. */
  private int lastIndex;

  ItemOrder(Supplier<StreamItem> newItem, Losses losses) {
    this.newItem = newItem;
    this.losses = losses;
  }

  void added(Optional<Integer> index, JsonNode item) {
    int next = current == null && waiting.isEmpty() && finished.isEmpty() ? 0 : lastIndex + 1;
    say(index.orElse(next), new Said(ADDED, object(item)));
  }

  void piece(Optional<Integer> index, String type, ObjectNode event) {
    say(index.orElse(lastIndex), new Said(type, event));
  }

  void done(Optional<Integer> index, JsonNode item) {
    say(index.orElse(lastIndex), new Said(DONE, object(item)));
  }

  /** The answer ended with this output: items that are not complete are completed from it. */
  void finish(JsonNode output) {
    for (int i = 0; i < output.size(); i++) {
      if (!finished.contains(i)) {
        say(i, new Said(DONE, object(output.get(i))));
      }
    }
    while (current != null) {
      current.abandoned();
      giveUpTheFloor();
    }
  }

  private void say(int index, Said said) {
    lastIndex = index;
    if (finished.contains(index)) {
      return;
    }
    if (current == null) {
      takeTheFloor(index);
    }
    if (index == currentIndex) {
      hear(said);
    } else {
      waiting.computeIfAbsent(index, _ -> new ArrayList<>()).add(said);
    }
  }

  private void takeTheFloor(int index) {
    current = newItem.get();
    currentIndex = index;
  }

  private void hear(Said said) {
    StreamItem item = current;
    if (item == null) {
      return;
    }
    switch (said.type()) {
      case ADDED -> item.added(said.event());
      case DONE -> {
        item.done(Fields.of(said.event(), "output[" + currentIndex + "]"));
        giveUpTheFloor();
      }
      default -> {
        Fields fields = Fields.of(said.event(), said.type());
        fields.ignore("type", "sequence_number", "obfuscation", "item_id", "output_index");
        if (item.piece(said.type(), fields)) {
          losses.unread(fields.unread());
        } else {
          losses.add(said.type(), "an event that is not known");
        }
      }
    }
  }

  private void giveUpTheFloor() {
    finished.add(currentIndex);
    current = null;
    Map.Entry<Integer, List<Said>> next = waiting.pollFirstEntry();
    if (next != null) {
      takeTheFloor(next.getKey());
      for (Said said : next.getValue()) {
        if (!finished.contains(next.getKey())) {
          hear(said);
        }
      }
    }
  }

  private static ObjectNode object(JsonNode item) {
    return item instanceof ObjectNode object ? object : Json.object();
  }
}
