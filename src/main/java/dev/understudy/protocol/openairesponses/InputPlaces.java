package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.protocol.Places;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Where the parts of a conversation stood among the items they were gathered from: which items
 * became one message, the conversation does not tell.
 */
final class InputPlaces implements Places, PartPlaces {
  private final IdentityHashMap<Part, String> paths = new IdentityHashMap<>();
  private List<Message> messages = List.of();

  @Override
  public void note(Part part, String path) {
    paths.put(part, path);
  }

  /** From now on these are the messages that parts are counted in. */
  InputPlaces in(ChatRequest request) {
    messages = request.messages();
    return this;
  }

  @Override
  public Optional<String> of(int turn, int part, int inner) {
    List<Part> parts = turn < messages.size() ? messages.get(turn).parts() : List.of();
    int wanted = Math.max(part, 0);
    if (wanted >= parts.size()) {
      return Optional.empty();
    }
    Part piece = parts.get(wanted);
    if (part < 0) {
      return Optional.ofNullable(paths.get(piece)).map(InputPlaces::item);
    }
    if (inner >= 0 && piece instanceof Part.ToolResult result) {
      return inner < result.content().size()
          ? Optional.ofNullable(paths.get(result.content().get(inner)))
          : Optional.empty();
    }
    return Optional.ofNullable(paths.get(piece));
  }

  /** The item that a part stands in. */
  private static String item(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }
}
