package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Script.Finish;
import dev.understudy.sandbox.Script.ToolCall;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One response, whole or as events. */
final class ResponsesReply {
  private final Call call;
  private final ObjectNode request;
  private final Script script;
  private final Accent accent;
  private final int inputTokens;
  private final boolean goesOn;
  private final ArrayNode output = Json.array();
  private final List<Frame> frames = new ArrayList<>();
  private int sequence;

  ResponsesReply(
      Call call,
      ObjectNode request,
      Script script,
      Accent accent,
      int inputTokens,
      boolean goesOn) {
    this.call = call;
    this.request = request;
    this.script = script;
    this.accent = accent;
    this.inputTokens = inputTokens;
    this.goesOn = goesOn;
    if (!script.thought().isEmpty()) {
      output.add(reasoning());
    }
    if (!script.text().isEmpty() || script.calls().isEmpty()) {
      output.add(message(script.text(), finished() ? "completed" : "incomplete"));
    }
    script.calls().forEach(one -> output.add(functionCall(one, one.arguments(), "completed")));
  }

  static String id(Call call, Accent accent) {
    return accent == Accent.XAI ? call.ids().uuid("reply") : "resp_" + call.ids().hex("reply", 50);
  }

  String id() {
    return id(call, accent);
  }

  ArrayNode output() {
    return output;
  }

  ObjectNode whole() {
    return response(finished() ? "completed" : "incomplete", output);
  }

  List<Frame> events() {
    frame("response.created", "response", response("in_progress", Json.array()));
    frame("response.in_progress", "response", response("in_progress", Json.array()));
    int index = 0;
    for (JsonNode item : output) {
      switch (item.path("type").asString()) {
        case "reasoning" -> reasoning(item, index);
        case "message" -> message(item, index);
        default -> functionCall(item, index, script.calls().get(callsBefore(index)));
      }
      index++;
    }
    frame(finished() ? "response.completed" : "response.incomplete", "response", whole());
    return frames;
  }

  private int callsBefore(int index) {
    return index - (output.size() - script.calls().size());
  }

  private boolean finished() {
    return script.finish() != Finish.LENGTH;
  }

  private boolean summarised() {
    JsonNode reasoning = request.path("reasoning");
    return accent == Accent.XAI
        || !reasoning.path("summary").asString("").isEmpty()
        || !reasoning.path("generate_summary").asString("").isEmpty();
  }

  private ObjectNode reasoning() {
    ObjectNode item = Json.object();
    item.put("id", itemId("rs", 0)).put("type", "reasoning");
    ArrayNode summary = item.putArray("summary");
    if (summarised()) {
      summary.addObject().put("type", "summary_text").put("text", script.thought());
    }
    if (accent == Accent.XAI) {
      item.put("status", "completed");
    }
    for (JsonNode wanted : request.path("include")) {
      if (wanted.asString("").equals("reasoning.encrypted_content")) {
        item.put("encrypted_content", Ids.sealed(call.profile().vendor(), script.thought()));
      }
    }
    return item;
  }

  private ObjectNode message(String text, String status) {
    ObjectNode item = Json.object();
    item.put("id", itemId("msg", 0)).put("type", "message").put("status", status);
    item.putArray("content").add(textPart(text));
    return item.put("role", "assistant");
  }

  private static ObjectNode textPart(String text) {
    ObjectNode part = Json.object().put("type", "output_text");
    part.putArray("annotations");
    part.putArray("logprobs");
    return part.put("text", text);
  }

  private ObjectNode functionCall(ToolCall one, String arguments, String status) {
    return Json.object()
        .put("id", itemId("fc", one.index()))
        .put("type", "function_call")
        .put("status", status)
        .put("arguments", arguments)
        .put("call_id", "call_" + call.ids().letters("call" + one.index(), 24))
        .put("name", one.tool());
  }

  private void reasoning(JsonNode item, int index) {
    ObjectNode opening = ((ObjectNode) item).deepCopy();
    opening.putArray("summary");
    added(opening, index, 0);
    for (JsonNode part : item.path("summary")) {
      ObjectNode empty = Json.object().put("type", "summary_text").put("text", "");
      place("response.reasoning_summary_part.added", item, index, "summary_index")
          .set("part", empty);
      flush(0);
      for (String piece : pieces(part.path("text").asString())) {
        place("response.reasoning_summary_text.delta", item, index, "summary_index")
            .put("delta", piece);
        flush(TokenCount.of(piece));
      }
      place("response.reasoning_summary_text.done", item, index, "summary_index")
          .set("text", part.path("text"));
      flush(0);
      place("response.reasoning_summary_part.done", item, index, "summary_index").set("part", part);
      flush(0);
    }
    done(item, index);
  }

  private void message(JsonNode item, int index) {
    ObjectNode opening = ((ObjectNode) item).deepCopy();
    opening.put("status", "in_progress").putArray("content");
    added(opening, index, 0);
    place("response.content_part.added", item, index, "content_index").set("part", textPart(""));
    flush(0);
    for (String piece : pieces(script.text())) {
      ObjectNode delta = place("response.output_text.delta", item, index, "content_index");
      delta.put("delta", piece).putArray("logprobs");
      flush(TokenCount.of(piece));
    }
    ObjectNode text = place("response.output_text.done", item, index, "content_index");
    text.put("text", script.text()).putArray("logprobs");
    flush(0);
    place("response.content_part.done", item, index, "content_index")
        .set("part", textPart(script.text()));
    flush(0);
    done(item, index);
  }

  private void functionCall(JsonNode item, int index, ToolCall one) {
    added(functionCall(one, "", "in_progress"), index, TokenCount.of(one.tool()));
    for (String piece : pieces(one.arguments())) {
      place("response.function_call_arguments.delta", item, index, "").put("delta", piece);
      flush(TokenCount.of(piece));
    }
    place("response.function_call_arguments.done", item, index, "")
        .put("arguments", one.arguments());
    flush(0);
    done(item, index);
  }

  private List<String> pieces(String text) {
    return TokenCount.pieces(text, call.pace().tokensPerEvent());
  }

  private ObjectNode pending = Json.object();

  private ObjectNode place(String type, JsonNode item, int index, String part) {
    pending = Json.object().put("type", type);
    pending.set("item_id", item.path("id"));
    pending.put("output_index", index);
    if (!part.isEmpty()) {
      pending.put(part, 0);
    }
    return pending;
  }

  private void flush(int tokens) {
    frames.add(frame(pending.put("sequence_number", sequence++), tokens));
  }

  private void added(ObjectNode item, int index, int tokens) {
    pending = Json.object().put("type", "response.output_item.added").put("output_index", index);
    pending.set("item", item);
    flush(tokens);
  }

  private void done(JsonNode item, int index) {
    pending = Json.object().put("type", "response.output_item.done").put("output_index", index);
    pending.set("item", item);
    flush(0);
  }

  private void frame(String type, String field, ObjectNode value) {
    pending = Json.object().put("type", type);
    pending.set(field, value);
    flush(0);
  }

  static Frame frame(ObjectNode json, int tokens) {
    return Frame.of(
        "event: %s\ndata: %s\n\n".formatted(json.path("type").asString(), Json.text(json)), tokens);
  }

  private String itemId(String prefix, int number) {
    return prefix + "_" + call.ids().hex(prefix + number, 48);
  }

  private ObjectNode response(String status, ArrayNode items) {
    ObjectNode response = Json.object();
    long now = Call.nowSeconds();
    boolean ended = !status.equals("in_progress");
    response.put("id", id()).put("object", "response").put("created_at", now);
    response.put("status", status).put("background", false);
    copy(response, "completed_at", status.equals("completed") ? number(now) : nothing());
    response.set("error", nothing());
    if (status.equals("incomplete")) {
      response.putObject("incomplete_details").put("reason", "max_output_tokens");
    } else {
      response.set("incomplete_details", nothing());
    }
    for (String echoed :
        List.of("instructions", "max_output_tokens", "max_tool_calls", "previous_response_id")) {
      copy(response, echoed, nothing());
    }
    response.set("model", request.path("model"));
    response.set("output", items);
    copy(response, "parallel_tool_calls", JsonNodeFactory.instance.booleanNode(true));
    ObjectNode reasoning = response.putObject("reasoning");
    reasoning.set("effort", orNull(request.path("reasoning").path("effort")));
    reasoning.set("summary", orNull(request.path("reasoning").path("summary")));
    response.put("service_tier", "default");
    copy(response, "store", JsonNodeFactory.instance.booleanNode(true));
    copy(response, "temperature", JsonNodeFactory.instance.numberNode(1.0));
    ObjectNode text = response.putObject("text");
    JsonNode format = request.path("text").path("format");
    text.set("format", format.isObject() ? format : Json.object().put("type", "text"));
    copy(response, "tool_choice", JsonNodeFactory.instance.stringNode("auto"));
    copy(response, "tools", Json.array());
    copy(response, "top_p", JsonNodeFactory.instance.numberNode(1.0));
    copy(response, "truncation", JsonNodeFactory.instance.stringNode("disabled"));
    response.set("usage", ended ? usage() : nothing());
    response.set("user", nothing());
    copy(response, "metadata", Json.object());
    return response;
  }

  private ObjectNode usage() {
    ObjectNode usage = Json.object();
    usage.put("input_tokens", inputTokens);
    usage
        .putObject("input_tokens_details")
        .put("cached_tokens", OpenAiWords.cached(inputTokens, goesOn, 128));
    // Unlike its chat completions, xAI's responses count the reasoning with the output.
    usage.put("output_tokens", script.outputTokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", script.thoughtTokens());
    usage.put("total_tokens", inputTokens + script.outputTokens());
    if (accent == Accent.XAI) {
      usage.put("num_sources_used", 0).put("num_server_side_tools_used", 0);
    }
    return usage;
  }

  private void copy(ObjectNode response, String field, JsonNode otherwise) {
    JsonNode asked = request.path(field);
    response.set(field, asked.isMissingNode() ? otherwise : asked);
  }

  private static JsonNode orNull(JsonNode node) {
    return node.isMissingNode() ? nothing() : node;
  }

  private static JsonNode nothing() {
    return JsonNodeFactory.instance.nullNode();
  }

  private static JsonNode number(long value) {
    return JsonNodeFactory.instance.numberNode(value);
  }
}
