package dev.understudy.sdks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cohere in a box for these tests: thinks when told to, calls tools, writes JSON, and breaks when
 * the model's name says so.
 *
 * @see <a href="https://docs.cohere.com/reference/chat">the API's reference</a>
 */
final class CohereBox implements AutoCloseable {
  private static final String THOUGHT = "The box thinks in place of Cohere.";
  private static final String ARGUMENTS = "{\"city\":\"Toronto\",\"days\":1}";
  private static final int CHARACTERS_PER_TOKEN = 4;

  private final HttpServer server;
  private volatile String seen = "";

  CohereBox() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v2/chat", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The last request's body. */
  String seen() {
    return seen;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      seen = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      JsonNode body = Json.parse(seen);
      String model = body.path("model").asString();
      if (model.contains("429")) {
        send(
            exchange,
            429,
            "application/json",
            "{\"message\":\"sandbox fault: rate limit reached\"}",
            0);
        return;
      }
      boolean stream = body.path("stream").asBoolean(false);
      boolean fails = model.contains("error");
      if (fails && !stream) {
        send(exchange, 500, "application/json", "{\"message\":\"internal server error\"}", 0);
        return;
      }
      ObjectNode reply = reply(body);
      if (fails) {
        reply.put("finish_reason", "ERROR");
      }
      String text = stream ? events(reply) : Json.text(reply);
      // Half of the body, and then the connection ends.
      int missing = model.contains("cut") ? text.length() / 2 : 0;
      send(exchange, 200, stream ? "text/event-stream" : "application/json", text, missing);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body, int missing)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes, 0, bytes.length - missing);
    exchange.getResponseBody().flush();
  }

  private static ObjectNode reply(JsonNode body) {
    JsonNode messages = body.path("messages");
    JsonNode last = messages.get(messages.size() - 1);
    boolean result = last.path("role").asString().equals("tool");
    String asked = userText(messages);
    ObjectNode reply = Json.object().put("id", "3f1c2d9e-0000-4000-8000-000000000001");
    ObjectNode message = reply.putObject("message").put("role", "assistant");
    ArrayNode content = message.putArray("content");
    if (body.path("thinking").path("type").asString("").equals("enabled")) {
      content.addObject().put("type", "thinking").put("thinking", THOUGHT);
    }
    String finish = "COMPLETE";
    if (!body.path("tools").isEmpty() && !result) {
      finish = "TOOL_CALL";
      calls(message, asked.contains("parallel") ? 2 : 1);
    } else {
      String text = "This is the sandbox's answer in place of Cohere: you said \"" + asked + "\".";
      if (result) {
        text = "This is the sandbox's answer in place of Cohere: the tool said " + last;
      }
      if (body.path("response_format").has("json_schema")) {
        text = ARGUMENTS;
      }
      int max = body.path("max_tokens").asInt(4_096) * CHARACTERS_PER_TOKEN;
      if (text.length() > max) {
        text = text.substring(0, max);
        finish = "MAX_TOKENS";
      }
      content.addObject().put("type", "text").put("text", text);
    }
    reply.put("finish_reason", finish);
    ObjectNode usage = reply.putObject("usage");
    usage.putObject("billed_units").put("input_tokens", 7).put("output_tokens", 20);
    usage.putObject("tokens").put("input_tokens", 70).put("output_tokens", 20);
    return reply;
  }

  private static void calls(ObjectNode message, int count) {
    message.put("tool_plan", "I will look at the weather.");
    for (int i = 0; i < count; i++) {
      ObjectNode call = message.withArray("tool_calls").addObject();
      call.put("id", "weather_box" + i).put("type", "function");
      call.putObject("function").put("name", Sdk.TOOL).put("arguments", ARGUMENTS);
    }
  }

  private static String userText(JsonNode messages) {
    String text = "";
    for (JsonNode message : messages) {
      if (message.path("role").asString().equals("user")) {
        JsonNode content = message.path("content");
        text = content.isString() ? content.stringValue() : content.path(0).path("text").asString();
      }
    }
    return text;
  }

  private static String events(ObjectNode reply) {
    List<ObjectNode> events = new ArrayList<>();
    ObjectNode start = event("message-start");
    start.set("id", reply.path("id"));
    start.putObject("delta").putObject("message").put("role", "assistant").put("tool_plan", "");
    events.add(start);
    JsonNode message = reply.path("message");
    if (message.has("tool_plan")) {
      ObjectNode plan = event("tool-plan-delta");
      plan.putObject("delta").putObject("message").set("tool_plan", message.path("tool_plan"));
      events.add(plan);
    }
    int index = 0;
    for (JsonNode block : message.path("content")) {
      String kind = block.path("type").asString();
      events.add(content("content-start", index, Json.object().put("type", kind).put(kind, "")));
      for (String piece : block.path(kind).asString().split("(?<= )")) {
        events.add(content("content-delta", index, Json.object().put(kind, piece)));
      }
      events.add(event("content-end").put("index", index++));
    }
    int number = 0;
    for (JsonNode call : message.path("tool_calls")) {
      ObjectNode opened = call.deepCopy().asObject();
      opened.withObject("function").put("arguments", "");
      events.add(call("tool-call-start", number, opened));
      for (String piece : call.path("function").path("arguments").asString().split("(?<=,)")) {
        ObjectNode more = Json.object();
        more.putObject("function").put("arguments", piece);
        events.add(call("tool-call-delta", number, more));
      }
      events.add(event("tool-call-end").put("index", number++));
    }
    ObjectNode end = event("message-end");
    ObjectNode delta = end.putObject("delta");
    delta.set("finish_reason", reply.path("finish_reason"));
    delta.set("usage", reply.path("usage"));
    events.add(end);
    var text = new StringBuilder();
    events.forEach(event ->
        text.append("event: ")
            .append(event.path("type").asString())
            .append("\ndata: ")
            .append(Json.text(event))
            .append("\n\n"));
    return text.toString();
  }

  private static ObjectNode event(String type) {
    return Json.object().put("type", type);
  }

  private static ObjectNode content(String type, int index, ObjectNode content) {
    return within(type, index, "content", content);
  }

  private static ObjectNode call(String type, int index, ObjectNode call) {
    return within(type, index, "tool_calls", call);
  }

  private static ObjectNode within(String type, int index, String name, ObjectNode value) {
    ObjectNode event = event(type).put("index", index);
    event.putObject("delta").putObject("message").set(name, value);
    return event;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
