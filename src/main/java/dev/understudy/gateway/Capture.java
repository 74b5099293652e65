package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.exchange.Content;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.wire.Bytes;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps what one caller said and was answered, where an operator wants that in records: reads along
 * with the bytes that the caller gets, whoever wrote them.
 */
final class Capture {
  /** More of a reply is not kept to be read. */
  private static final int REPLY_BYTES_MAX = 256 << 10;

  /** What the JSON around a text takes, counted so that many short ones have a bound too. */
  private static final int AROUND = 60;

  private final int charsMax;
  private final Bytes reply = new Bytes();
  private boolean streamed;

  /**
   * @param charsMax how many characters of either side are kept
   */
  Capture(int charsMax) {
    this.charsMax = charsMax;
  }

  void piece(byte[] bytes, int offset, int length, boolean ofStream) {
    streamed |= ofStream;
    int room = Math.min(length, REPLY_BYTES_MAX - reply.size());
    if (room > 0) {
      reply.write(bytes, offset, room);
    }
  }

  /** What was said; a request or a reply that cannot be read is an empty list. */
  Content content(Asked asked, Supplier<Optional<ChatRequest>> request) {
    var input = new Written();
    if (asked.length() > Aside.BYTES_MAX) {
      // To read it would hold up the loop's other calls.
      ObjectNode part = input.message("user").addObject().put("type", "text");
      part.put("content", "(%d bytes, which are not captured)".formatted(asked.length()));
    } else {
      request.get().ifPresent(read -> read.messages().forEach(input::message));
    }
    var output = new Written();
    answered(Protocols.outbound(asked.door().protocol()), output);
    return new Content(Json.text(input.messages), Json.text(output.messages));
  }

  private void answered(Outbound protocol, Written output) {
    if (reply.size() == 0) {
      return;
    }
    Dialect dialect = Dialect.standard("");
    try {
      if (streamed) {
        protocol
            .streamReader(dialect, output::event, new Losses())
            .accept(reply.array(), 0, reply.size());
      } else {
        ReplyUnfold.unfold(
            protocol.readReply(reply.toByteArray(), dialect, new Losses()), output::event);
      }
    } catch (Malformed | IllegalStateException e) {
      // An error, or cut by the bound: what was read of it stands.
    }
    output.close();
  }

  /** Messages in OpenTelemetry's form, until the bound is reached. */
  private final class Written {
    private final ArrayNode messages = Json.array();
    private final StringBuilder text = new StringBuilder();
    private int left = charsMax;
    private @Nullable ArrayNode parts;
    private @Nullable PartStart open;

    ArrayNode message(String role) {
      ObjectNode message = messages.addObject().put("role", role);
      return message.putArray("parts");
    }

    void message(Message message) {
      if (left <= 0) {
        return;
      }
      ArrayNode into = message(message.role().name().toLowerCase(Locale.ROOT));
      message.parts().forEach(part -> part(part, into));
    }

    void event(ReplyEvent event) {
      switch (event) {
        case ReplyEvent.Opened(_, PartStart start) -> {
          close();
          open = start;
        }
        case ReplyEvent.Delta delta -> {
          if (text.length() < charsMax) {
            text.append(delta.text());
          }
        }
        case ReplyEvent.Closed _ -> close();
        case ReplyEvent.Ended(var stop) -> {
          close();
          if (messages.isEmpty()) {
            parts = message("assistant");
          }
          ((ObjectNode) messages.get(0))
              .put("finish_reason", stop.reason().name().toLowerCase(Locale.ROOT));
        }
        case ReplyEvent.Started _,
            ReplyEvent.Cited _,
            ReplyEvent.Counted _,
            ReplyEvent.Broken _,
            ReplyEvent.Heartbeat _ -> {}
      }
    }

    void close() {
      PartStart ended = open;
      if (ended == null) {
        return;
      }
      open = null;
      ArrayNode into = parts;
      if (into == null) {
        into = message("assistant");
        parts = into;
      }
      String said = text.toString();
      text.setLength(0);
      part(
          switch (ended) {
            case PartStart.Text _ -> new Part.Text(said);
            case PartStart.Reasoning _ -> new Part.Reasoning(said, Optional.empty());
            case PartStart.Refusal _ -> new Part.Refusal(said);
            case PartStart.ToolCall call -> new Part.ToolCall(call.callId(), call.tool(), said);
            case PartStart.Whole(Part whole) -> whole;
          },
          into);
    }

    private void part(Part part, ArrayNode into) {
      if (left <= 0) {
        return;
      }
      switch (part) {
        case Part.Text said -> text("text", said.text(), into);
        case Part.Refusal(String said) -> text("text", said, into);
        case Part.Reasoning(String thought, _) -> text("reasoning", thought, into);
        case Part.ToolCall call ->
            into.addObject()
                .put("type", "tool_call")
                .put("id", bounded(call.callId()))
                .put("name", bounded(call.tool()))
                .put("arguments", bounded(call.inputJson()));
        case Part.ToolResult result -> {
          ObjectNode response =
              into.addObject()
                  .put("type", "tool_call_response")
                  .put("id", bounded(result.callId()));
          ArrayNode content = response.putArray("response");
          result.content().forEach(each -> part(each, content));
        }
        // The kind alone: their bytes are no text.
        case Part.Image _ -> kind("image", into);
        case Part.Audio _ -> kind("audio", into);
        case Part.Video _ -> kind("video", into);
        case Part.Document _ -> kind("document", into);
        case Part.Foreign _ -> kind("foreign", into);
        case Part.CachePoint _ -> {}
      }
    }

    private void text(String type, String said, ArrayNode into) {
      if (!said.isEmpty()) {
        into.addObject().put("type", type).put("content", bounded(said));
      }
    }

    private void kind(String modality, ArrayNode into) {
      left -= AROUND;
      into.addObject().put("type", "blob").put("modality", modality);
    }

    private String bounded(String said) {
      // A key that the bound cuts is still known by its beginning.
      String plain =
          Redaction.of(said.length() > 2 * charsMax ? said.substring(0, 2 * charsMax) : said);
      int room = Math.max(0, left);
      left -= plain.length() + AROUND;
      return plain.length() <= room ? plain : plain.substring(0, room) + "…";
    }
  }
}
