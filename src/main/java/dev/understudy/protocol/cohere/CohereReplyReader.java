package dev.understudy.protocol.cohere;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Stop.Reason;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads an answer of Cohere's that came in one piece. */
final class CohereReplyReader {
  private CohereReplyReader() {}

  static ChatReply read(byte[] body, Dialect dialect, Losses losses) {
    Fields reply = Fields.of(Json.parseObject(body));
    Fields message = reply.requiredObject("message");
    message.ignore("role");
    var parts = new ArrayList<Part>();
    message
        .text("tool_plan")
        .filter(plan -> !plan.isEmpty())
        .ifPresent(plan -> parts.add(thought(plan, CohereSeal.TOOL_PLAN, dialect)));
    content(reply, message, parts, dialect);
    for (Fields call : message.objects("tool_calls")) {
      parts.add(toolCall(call));
    }
    Usage usage = reply.object("usage").map(CohereUsage::read).orElse(Usage.UNSAID);
    Stop stop = stop(reply.requiredText("finish_reason"));
    String id = reply.text("id").orElse("");
    losses.unread(reply.unread());
    return new ChatReply(id, "", parts, stop, usage);
  }

  private static void content(Fields reply, Fields message, List<Part> parts, Dialect dialect) {
    List<Fields> blocks = message.objects("content");
    List<Fields> citations = message.objects("citations");
    List<TokenLogprob> logprobs = logprobs(reply, "logprobs");
    int firstText = firstText(blocks);
    for (int i = 0; i < blocks.size(); i++) {
      Fields block = blocks.get(i);
      switch (block.requiredText("type")) {
        case "text" -> {
          String text = block.requiredText("text");
          parts.add(
              new Part.Text(
                  text, of(citations, i, firstText, text), i == firstText ? logprobs : List.of()));
        }
        case "thinking" ->
            parts.add(thought(block.requiredText("thinking"), CohereSeal.THINKING, dialect));
        default -> {
          block.ignoreRest();
          parts.add(new Part.Foreign(ProtocolName.COHERE_CHAT, Json.text(block.node())));
        }
      }
    }
  }

  /** The citations of the block at {@code index}; those that name none belong to the first text. */
  private static List<Citation> of(List<Fields> all, int index, int firstText, String text) {
    var found = new ArrayList<Citation>();
    for (Fields citation : all) {
      boolean here =
          citation.integer("content_index").map(at -> at == index).orElse(index == firstText);
      if (here && isOfText(citation)) {
        found.add(citation(citation, text));
      }
    }
    return found;
  }

  private static int firstText(List<Fields> blocks) {
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).requiredText("type").equals("text")) {
        return i;
      }
    }
    return -1;
  }

  private static Part thought(String text, String kind, Dialect dialect) {
    return new Part.Reasoning(text, Optional.of(CohereSeal.of(kind, dialect)));
  }

  private static Part toolCall(Fields call) {
    call.ignore("type");
    Fields function = call.requiredObject("function");
    String input = function.text("arguments").filter(text -> !text.isBlank()).orElse("{}");
    return new Part.ToolCall(call.requiredText("id"), function.requiredText("name"), input);
  }

  /** Whether a citation is about the answer and not about a thought or a plan. */
  static boolean isOfText(Fields citation) {
    return citation.text("type").map("TEXT_CONTENT"::equals).orElse(true);
  }

  /**
   * Reads a citation of {@code text}. Cohere counts characters as Unicode code points; a place
   * beyond the text is left out.
   */
  static Citation citation(Fields citation, String text) {
    Optional<Long> start = utf16(citation.integer("start"), text);
    Optional<Long> end = utf16(citation.integer("end"), text);
    citation.ignore("text", "content_index", "type");
    Optional<String> url = Optional.empty();
    Optional<String> title = Optional.empty();
    Optional<String> cited = Optional.empty();
    for (Fields source : citation.objects("sources")) {
      source.ignoreRest();
      // What a document or a tool's output holds is the caller's own; these names are usual.
      for (String holder : List.of("document", "tool_output")) {
        var held = source.node().path(holder);
        url = url.or(() -> word(held.path("url")));
        title = title.or(() -> word(held.path("title")));
        cited = cited.or(() -> word(held.path("text")).or(() -> word(held.path("snippet"))));
      }
    }
    return new Citation(
        url, title, cited, start, end, ProtocolName.COHERE_CHAT, Json.text(citation.node()));
  }

  private static Optional<String> word(JsonNode node) {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }

  private static Optional<Long> utf16(Optional<Long> codePoints, String text) {
    return codePoints
        .filter(count -> count >= 0 && count <= text.codePointCount(0, text.length()))
        .map(count -> (long) text.offsetByCodePoints(0, Math.toIntExact(count)));
  }

  /** Pieces of one token each; a piece of several tokens has no place here and stays unread. */
  static List<TokenLogprob> logprobs(Fields holder, String name) {
    var found = new ArrayList<TokenLogprob>();
    if (!(holder.node().path(name) instanceof ArrayNode)) {
      return found;
    }
    for (Fields item : holder.objects(name)) {
      var values = item.node().path("logprobs");
      if (values.size() == 1 && values.get(0).isNumber()) {
        item.ignore("logprobs", "token_ids");
        found.add(
            new TokenLogprob(
                item.text("text").orElse(""),
                values.get(0).decimalValue(),
                Optional.empty(),
                List.of()));
      }
    }
    return found;
  }

  static Stop stop(String reason) {
    Reason known =
        switch (reason) {
          case "COMPLETE" -> Reason.END;
          case "STOP_SEQUENCE" -> Reason.STOP_SEQUENCE;
          case "MAX_TOKENS" -> Reason.MAX_TOKENS;
          case "TOOL_CALL" -> Reason.TOOL_CALLS;
          case "ERROR_TOXIC" -> Reason.CONTENT_FILTER;
          case "ERROR_LIMIT" -> Reason.CONTEXT_WINDOW;
          // ERROR, TIMEOUT, and what may come.
          default -> Reason.OTHER;
        };
    return new Stop(known, reason);
  }
}
