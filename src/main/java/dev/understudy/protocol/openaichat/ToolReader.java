package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the tools on offer, and which of them may or must be used. */
final class ToolReader {
  private ToolReader() {}

  static List<Tool> tools(Fields body) {
    var tools = new ArrayList<Tool>();
    for (Fields tool : body.objects("tools")) {
      if (tool.has("function")) {
        tool.ignore("type");
        Fields function = tool.requiredObject("function");
        tools.add(function(function));
        if (tool.text("name")
            .filter(n -> !function.text("name").equals(Optional.of(n)))
            .isPresent()) {
          tool.reject("name");
        }
        cachePoint(tool).ifPresent(point -> tools.add(new Tool.CachePoint(point.ttl())));
      } else {
        tools.add(new Tool.Foreign(ProtocolName.OPENAI_CHAT, Json.text(tool.node())));
        tool.ignoreRest();
      }
    }
    // The deprecated way: https://platform.openai.com/docs/api-reference/chat/create
    body.objects("functions").forEach(function -> tools.add(function(function)));
    return tools;
  }

  private static Tool function(Fields function) {
    return new Tool.Function(
        function.requiredText("name"),
        function.text("description"),
        function.rawJson("parameters"),
        function.flag("strict"));
  }

  static ToolChoice choice(Fields body, Losses losses) {
    String name = body.has("tool_choice") ? "tool_choice" : "function_call";
    if (!body.has(name)) {
      return new ToolChoice.Unsaid();
    }
    if (body.node().path(name).isString()) {
      return switch (body.requiredText(name)) {
        case "auto" -> new ToolChoice.Auto();
        case "none" -> new ToolChoice.None();
        case "required", "any" -> new ToolChoice.Required();
        default -> {
          body.reject(name);
          yield new ToolChoice.Unsaid();
        }
      };
    }
    Fields choice = body.requiredObject(name);
    if (choice.has("allowed_tools")) {
      choice.ignore("type");
      return allowed(choice.requiredObject("allowed_tools"), losses);
    }
    if (choice.has("function")) {
      choice.ignore("type");
      return new ToolChoice.Named(choice.requiredObject("function").requiredText("name"));
    }
    if (choice.has("name")) {
      choice.ignore("type");
      return new ToolChoice.Named(choice.requiredText("name"));
    }
    return new ToolChoice.Unsaid();
  }

  private static ToolChoice allowed(Fields allowed, Losses losses) {
    var names = new ArrayList<String>();
    for (Fields tool : allowed.objects("tools")) {
      tool.ignore("type");
      Optional<String> name = tool.object("function").flatMap(function -> function.text("name"));
      if (name.isPresent()) {
        names.add(name.get());
      } else {
        losses.add(tool.path(), "only functions can be allowed");
        tool.ignoreRest();
      }
    }
    boolean required = allowed.text("mode").filter("required"::equals).isPresent();
    return new ToolChoice.Among(names, required);
  }

  /** A mark behind what {@code at} holds, in Anthropic's words or in OpenAI's. */
  static Optional<Part.CachePoint> cachePoint(Fields at) {
    if (at.has("cache_control")) {
      Fields control = at.requiredObject("cache_control");
      control.ignore("type");
      return Optional.of(new Part.CachePoint(control.text("ttl")));
    }
    if (at.has("prompt_cache_breakpoint")) {
      at.requiredObject("prompt_cache_breakpoint").ignore("mode");
      return Optional.of(new Part.CachePoint(Optional.empty()));
    }
    return Optional.empty();
  }
}
