package dev.understudy.protocol.bedrock;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes {@code toolConfig}: what the model may ask for, and whether it must. */
final class ConverseTools {
  private final ChatRequest request;
  private final ConverseFamily family;
  private final Losses losses;

  ConverseTools(ChatRequest request, ConverseFamily family, Losses losses) {
    this.request = request;
    this.family = family;
    this.losses = losses;
  }

  void write(ObjectNode body) {
    ArrayNode tools = Json.array();
    boolean none = request.toolChoice() instanceof ToolChoice.None;
    Set<String> used = usedTools();
    if (!none) {
      offered(tools);
    } else if (!used.isEmpty()) {
      // Converse has no "none", and refuses tool blocks in the history without a toolConfig.
      offered(tools);
      losses.add(
          "tool_choice", "Converse has no none, and earlier calls need their tools on offer");
    }
    if (tools.isEmpty() && !used.isEmpty()) {
      losses.add("tools", "tools of earlier calls are named again, as Converse demands");
      used.forEach(name -> stub(name, tools));
    }
    if (tools.isEmpty()) {
      return;
    }
    ObjectNode config = body.putObject("toolConfig");
    config.set("tools", tools);
    choice(config);
    if (request.parallelToolCalls().isPresent() && !request.parallelToolCalls().get()) {
      losses.add("parallel_tool_calls", "Converse cannot forbid several calls at once");
    }
  }

  private void offered(ArrayNode tools) {
    List<Tool> all = request.tools();
    for (int i = 0; i < all.size(); i++) {
      String path = "tools[" + i + "]";
      switch (all.get(i)) {
        case Tool.Function function -> {
          if (isAllowed(function.name())) {
            function(function, tools);
          }
        }
        case Tool.CachePoint(var ttl) -> {
          // Nova caches messages and instructions, not tools.
          if (family == ConverseFamily.NOVA || family == ConverseFamily.NOVA_2) {
            losses.add(path, "this model does not cache tools");
          } else if (!tools.isEmpty()) {
            ConverseContent.cachePoint(ttl, family, path, tools, losses);
          }
        }
        case Tool.Foreign(ProtocolName origin, String json) -> {
          if (origin.equals(ProtocolName.BEDROCK_CONVERSE)) {
            tools.add(Json.parse(json));
          } else {
            losses.add(path, "a tool that only " + origin + " knows");
          }
        }
      }
    }
  }

  private boolean isAllowed(String name) {
    return !(request.toolChoice() instanceof ToolChoice.Among(List<String> names, _))
        || names.contains(name);
  }

  private static void function(Tool.Function function, ArrayNode tools) {
    ObjectNode spec = tools.addObject().putObject("toolSpec");
    spec.put("name", function.name());
    function
        .description()
        .filter(text -> !text.isBlank())
        .ifPresent(text -> spec.put("description", text));
    ObjectNode input = spec.putObject("inputSchema");
    if (function.schemaJson().isPresent()) {
      input.set("json", Json.parse(function.schemaJson().get()));
    } else {
      input.set("json", anything());
    }
    function.strict().ifPresent(strict -> spec.put("strict", strict));
  }

  private static void stub(String name, ArrayNode tools) {
    ObjectNode spec = tools.addObject().putObject("toolSpec");
    spec.put("name", name);
    spec.putObject("inputSchema").set("json", anything());
  }

  private static ObjectNode anything() {
    ObjectNode schema = Json.object();
    schema.put("type", "object");
    schema.putObject("properties");
    return schema;
  }

  private void choice(ObjectNode config) {
    switch (request.toolChoice()) {
      case ToolChoice.Unsaid _, ToolChoice.None _ -> {}
      case ToolChoice.Auto _ -> config.putObject("toolChoice").putObject("auto");
      case ToolChoice.Required _ -> config.putObject("toolChoice").putObject("any");
      case ToolChoice.Named(String tool) ->
          config.putObject("toolChoice").putObject("tool").put("name", tool);
      case ToolChoice.Among(_, boolean required) ->
          config.putObject("toolChoice").putObject(required ? "any" : "auto");
    }
  }

  /** The tools that occur in the conversation so far, in order. */
  private Set<String> usedTools() {
    var names = new LinkedHashSet<String>();
    boolean results = false;
    for (var message : request.messages()) {
      for (Part part : message.parts()) {
        if (part instanceof Part.ToolCall call) {
          names.add(call.tool());
        } else if (part instanceof Part.ToolResult result) {
          results = true;
          result.tool().ifPresent(names::add);
        }
      }
    }
    if (results && names.isEmpty()) {
      names.add("tool");
    }
    return names;
  }
}
