package dev.understudy.protocol.bedrock;

import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Cited;
import dev.understudy.chat.ReplyEvent.Closed;
import dev.understudy.chat.ReplyEvent.Delta;
import dev.understudy.chat.ReplyEvent.Opened;
import dev.understudy.chat.Seal;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns Converse's content blocks into parts.
 *
 * <p>Blocks of text and of reasoning have no start; their first delta is one. A change of kind
 * within a block is a boundary too, because a part is of one kind.
 */
final class ConverseBlocks {
  private enum Kind {
    NOTHING,
    TEXT,
    REASONING,
    REDACTED,
    TOOL_CALL,
    /** Kept until it is complete, then told as one part. */
    WHOLE
  }

  private final Dialect dialect;
  private final Consumer<ReplyEvent> events;
  private Kind open = Kind.NOTHING;
  private int block = -1;
  private int part = -1;
  private boolean hasInput;
  private final StringBuilder signature = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StringBuilder input = new StringBuilder();
  private ObjectNode whole = Json.object();

  ConverseBlocks(Dialect dialect, Consumer<ReplyEvent> events) {
    this.dialect = dialect;
    this.events = events;
  }

  void start(int index, Fields start) {
    enter(index);
    closeOpen();
    if (start.has("toolUse")) {
      Fields call = start.requiredObject("toolUse");
      if (ConverseBlock.isServerTool(call.node().path("type"))) {
        call.ignoreRest();
        keep(start);
        return;
      }
      call.ignore("type");
      hasInput = false;
      open(
          Kind.TOOL_CALL,
          new PartStart.ToolCall(
              call.requiredText("toolUseId"), call.requiredText("name"), Optional.empty()));
    } else {
      keep(start);
    }
  }

  void delta(int index, Fields delta) {
    enter(index);
    if (open == Kind.WHOLE) {
      more(delta);
    } else if (delta.has("text")) {
      switchTo(Kind.TEXT, new PartStart.Text());
      tell(delta.requiredText("text"));
    } else if (delta.has("toolUse")) {
      if (open != Kind.TOOL_CALL) {
        throw new Malformed("delta.toolUse", "no tool call is open");
      }
      String json = delta.requiredObject("toolUse").text("input").orElse("");
      hasInput |= !json.isBlank();
      tell(json);
    } else if (delta.has("reasoningContent")) {
      reasoning(delta.requiredObject("reasoningContent"));
    } else if (delta.has("citation")) {
      switchTo(Kind.TEXT, new PartStart.Text());
      events.accept(new Cited(part, ConverseBlock.citation(delta.requiredObject("citation"))));
    }
    // Any other kind stays unread and is told as a loss.
  }

  void stop(int index) {
    if (index == block) {
      closeOpen();
    }
  }

  void closeOpen() {
    switch (open) {
      case NOTHING -> {}
      case TEXT -> events.accept(new Closed(part));
      case REASONING -> {
        Optional<Seal> seal =
            signature.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    ConverseSeal.of(ConverseSeal.SIGNATURE, signature.toString(), dialect));
        signature.setLength(0);
        events.accept(new Closed(part, seal));
      }
      case REDACTED -> {
        String data = Base64.getEncoder().encodeToString(bytes.toByteArray());
        bytes.reset();
        events.accept(
            new Closed(part, Optional.of(ConverseSeal.of(ConverseSeal.REDACTED, data, dialect))));
      }
      case TOOL_CALL -> {
        // A call without input sends no piece of it, or an empty one.
        if (!hasInput) {
          tell("{}");
        }
        events.accept(new Closed(part));
      }
      case WHOLE -> tellWhole();
    }
    open = Kind.NOTHING;
  }

  /** Blocks come one after another; a piece of an earlier one cannot be placed any more. */
  private void enter(int index) {
    if (index < block) {
      throw new Malformed("contentBlockIndex", "block %d after block %d".formatted(index, block));
    }
    if (index > block) {
      closeOpen();
      block = index;
    }
  }

  private void reasoning(Fields content) {
    content
        .text("redactedContent")
        .ifPresent(data -> {
          switchTo(Kind.REDACTED, new PartStart.Reasoning());
          decode(data);
        });
    content
        .text("text")
        .ifPresent(text -> {
          switchTo(Kind.REASONING, new PartStart.Reasoning());
          tell(text);
        });
    content
        .text("signature")
        .ifPresent(text -> {
          switchTo(Kind.REASONING, new PartStart.Reasoning());
          signature.append(text);
        });
  }

  private void switchTo(Kind kind, PartStart start) {
    if (open != kind) {
      closeOpen();
      open(kind, start);
    }
  }

  private void open(Kind kind, PartStart start) {
    open = kind;
    part++;
    events.accept(new Opened(part, start));
  }

  private void tell(String text) {
    if (!text.isEmpty()) {
      events.accept(new Delta(part, text));
    }
  }

  /** Begins a block that is told when it is complete: a vendor's own tool, a result, an image. */
  private void keep(Fields start) {
    start.ignoreRest();
    whole = start.node().deepCopy();
    input.setLength(0);
    bytes.reset();
    open = Kind.WHOLE;
  }

  private void more(Fields delta) {
    delta.ignoreRest();
    ObjectNode node = delta.node();
    JsonNode call = node.path("toolUse").path("input");
    if (call.isString()) {
      input.append(call.stringValue());
    }
    if (whole.get("toolResult") instanceof ObjectNode result) {
      for (JsonNode piece : node.path("toolResult")) {
        result.withArray("content").add(piece);
      }
    }
    JsonNode image = node.path("image").path("source").path("bytes");
    if (image.isString()) {
      decode(image.stringValue());
    }
  }

  private void tellWhole() {
    if (whole.get("toolUse") instanceof ObjectNode call) {
      String json = input.isEmpty() ? "{}" : input.toString();
      try {
        call.set("input", Json.parse(json));
      } catch (Malformed e) {
        call.put("input", json);
      }
    }
    if (whole.get("image") instanceof ObjectNode image && bytes.size() > 0) {
      image
          .putObject("source")
          .put("bytes", Base64.getEncoder().encodeToString(bytes.toByteArray()));
      bytes.reset();
    }
    part++;
    events.accept(
        new Opened(
            part,
            new PartStart.Whole(ConverseBlock.read(whole, dialect, Fields.of(Json.object())))));
    events.accept(new Closed(part));
  }

  private void decode(String base64) {
    try {
      bytes.writeBytes(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new Malformed("delta", "a piece is not base64");
    }
  }
}
