package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A streamed answer as a caller's library would put it together, with everything about it that such
 * a library would not bear.
 */
final class HeardStream {
  final StringBuilder text = new StringBuilder();

  /** The input of each tool call. */
  final Map<Integer, StringBuilder> calls = new LinkedHashMap<>();

  final List<String> complaints = new ArrayList<>();
  String error = "";
  String answeredBy = "";
  boolean ended;
  long outputTokens = -1;
  private String id = "";
  private String wholeText = "";
  private int starts;
  private int open = -1;
  private int blocks;
  private long number;

  static HeardStream of(ProtocolName protocol, String body) {
    var heard = new HeardStream();
    for (String frame : body.split("\r?\n\r?\n")) {
      if (!frame.isBlank()) {
        heard.frame(protocol, frame);
      }
    }
    if (heard.ended && protocol.equals(ProtocolName.OPENAI_RESPONSES)) {
      heard.expect(heard.wholeText.contentEquals(heard.text), "the whole differs from its pieces");
    }
    return heard;
  }

  private void expect(boolean holds, String complaint) {
    if (!holds) {
      complaints.add(complaint);
    }
  }

  private void frame(ProtocolName protocol, String frame) {
    String event = "";
    String data = "";
    for (String line : frame.split("\r?\n")) {
      if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (!line.startsWith(":") && !line.isBlank()) {
        complaints.add("a line that belongs to no event: " + line);
      }
    }
    if (data.isEmpty()) {
      return;
    }
    if (data.equals("[DONE]")) {
      expect(error.isEmpty(), "[DONE] after an error");
      return;
    }
    JsonNode json;
    try {
      json = Json.parse(data);
    } catch (Malformed e) {
      complaints.add("an event that is no JSON: " + data);
      return;
    }
    if (json.path(dev.understudy.protocol.Continued.MEMBER).isObject()) {
      answeredBy = json.path("understudy").path("answered_by").toString();
    }
    // OpenAI says an error twice there.
    boolean again = json.path("type").asString("").equals("response.failed");
    expect(error.isEmpty() || again, "something after an error");
    if (protocol.equals(ProtocolName.OPENAI_CHAT)) {
      chat(json);
    } else if (protocol.equals(ProtocolName.OPENAI_RESPONSES)) {
      responses(event, json);
    } else if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      messages(event, json);
    } else {
      gemini(json);
    }
  }

  private void same(String heard) {
    expect(id.isEmpty() || id.equals(heard), "another id: " + heard + " after " + id);
    id = heard;
  }

  private void chat(JsonNode chunk) {
    if (chunk.has("error")) {
      error = chunk.path("error").path("message").asString("?");
      return;
    }
    same(chunk.path("id").asString("") + chunk.path("created"));
    JsonNode choice = chunk.path("choices").path(0);
    JsonNode delta = choice.path("delta");
    expect(!ended || choice.isMissingNode(), "a choice after the end");
    if (delta.has("role")) {
      starts++;
      expect(starts == 1, "a second role");
    }
    text.append(delta.path("content").asString(""));
    for (JsonNode call : delta.path("tool_calls")) {
      calls
          .computeIfAbsent(call.path("index").asInt(-1), _ -> new StringBuilder())
          .append(call.path("function").path("arguments").asString(""));
    }
    ended |= choice.path("finish_reason").isString();
    if (chunk.path("usage").isObject()) {
      outputTokens = chunk.path("usage").path("completion_tokens").asLong(-1);
    }
  }

  private void responses(String event, JsonNode json) {
    expect(json.path("type").asString("").equals(event), "an event of another name");
    if (event.equals("error") || event.equals("response.failed")) {
      error = json.findPath("message").asString("?");
      return;
    }
    expect(json.path("sequence_number").asLong(-1) == number, "number out of order in " + event);
    number++;
    switch (event) {
      case "response.created" -> {
        starts++;
        same(json.path("response").path("id").asString(""));
      }
      case "response.output_item.added" -> {
        expect(json.path("output_index").asInt(-1) == blocks, "an item out of order");
        if (json.path("item").path("type").asString("").equals("function_call")) {
          calls.put(blocks, new StringBuilder());
        }
      }
      case "response.output_item.done" -> blocks++;
      case "response.output_text.delta" -> {
        expect(json.path("output_index").asInt(-1) == blocks, "text of another item");
        text.append(json.path("delta").asString(""));
      }
      case "response.function_call_arguments.delta" ->
          calls.get(json.path("output_index").asInt(-1)).append(json.path("delta").asString(""));
      case "response.completed", "response.incomplete" -> {
        ended = true;
        JsonNode response = json.path("response");
        same(response.path("id").asString(""));
        var whole = new StringBuilder();
        for (JsonNode item : response.path("output")) {
          for (JsonNode content : item.path("content")) {
            whole.append(content.path("text").asString(""));
          }
        }
        wholeText = whole.toString();
        outputTokens = response.path("usage").path("output_tokens").asLong(-1);
        if (response.path("understudy").isObject()) {
          answeredBy = response.path("understudy").path("answered_by").toString();
        }
      }
      default -> {}
    }
    expect(starts == 1, "not begun once");
  }

  private void messages(String event, JsonNode json) {
    expect(json.path("type").asString("").equals(event), "an event of another name");
    int index = json.path("index").asInt(-1);
    switch (event) {
      case "error" -> error = json.path("error").path("message").asString("?");
      case "message_start" -> {
        starts++;
        expect(starts == 1, "a second start");
      }
      case "content_block_start" -> {
        expect(open < 0 && index == blocks, "block " + index + " out of order");
        open = index;
        if (json.path("content_block").path("type").asString("").equals("tool_use")) {
          calls.put(index, new StringBuilder());
        }
      }
      case "content_block_delta" -> {
        expect(open == index, "a delta of another block");
        text.append(json.path("delta").path("text").asString(""));
        if (calls.containsKey(index)) {
          calls.get(index).append(json.path("delta").path("partial_json").asString(""));
        }
      }
      case "content_block_stop" -> {
        expect(open == index, "the end of another block");
        open = -1;
        blocks++;
      }
      case "message_delta" -> {
        expect(open < 0, "the end with a block open");
        outputTokens = json.path("usage").path("output_tokens").asLong(-1);
      }
      case "message_stop" -> {
        expect(!ended, "a second end");
        ended = true;
      }
      default -> {}
    }
  }

  private void gemini(JsonNode chunk) {
    if (chunk.has("error")) {
      error = chunk.path("error").path("message").asString("?");
      return;
    }
    same(chunk.path("responseId").asString(""));
    JsonNode candidate = chunk.path("candidates").path(0);
    expect(!ended, "something after the end");
    for (JsonNode part : candidate.path("content").path("parts")) {
      if (!part.path("thought").asBoolean(false)) {
        text.append(part.path("text").asString(""));
      }
      if (part.has("functionCall")) {
        calls.put(
            calls.size(), new StringBuilder(Json.text(part.path("functionCall").path("args"))));
      }
    }
    ended |= candidate.path("finishReason").isString();
    if (chunk.path("usageMetadata").isObject()) {
      outputTokens = chunk.path("usageMetadata").path("candidatesTokenCount").asLong(-1);
    }
  }
}
