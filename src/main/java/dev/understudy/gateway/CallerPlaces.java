package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Tool;
import dev.understudy.protocol.Places;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds where in the caller's own request a piece of the conversation stands. Writers count the
 * messages, parts and tools of the conversation, in which instructions are a message, a mark for
 * the cache is a part of its own, and results of tools that follow each other are one turn.
 */
final class CallerPlaces {
  private static final Pattern PIECE =
      Pattern.compile(
          "messages\\[(\\d{1,6})](?:\\.(?:parts|content)\\[(\\d{1,6})](?:\\.(?:parts|content)\\[(\\d{1,6})])?)?(.*)");

  /** How writers name what seals a thought. */
  private static final Set<String> SEALS = Set.of(".seal", ".signature");

  private static final Pattern TOOL = Pattern.compile("tools\\[(\\d{1,6})](.*)");

  private final ProtocolName callers;
  private final ChatRequest request;
  private final Supplier<Places> places;

  /**
   * Made for one request.
   *
   * @param places where pieces stand that the conversation does not tell of; asked for only if
   *     needed
   */
  CallerPlaces(ProtocolName callers, ChatRequest request, Supplier<Places> places) {
    this.callers = callers;
    this.request = request;
    this.places = places;
  }

  /** The path as the caller would write it; as it is where that cannot be told. */
  String of(String path) {
    boolean chat = callers.equals(ProtocolName.OPENAI_CHAT);
    boolean messages = callers.equals(ProtocolName.ANTHROPIC_MESSAGES);
    Matcher tool = TOOL.matcher(path);
    if (tool.matches()) {
      return tool(path, number(tool, 1), tool.group(2));
    }
    Matcher piece = PIECE.matcher(path);
    if (!piece.matches() || number(piece, 1) >= request.messages().size()) {
      return path;
    }
    int turn = number(piece, 1);
    List<Part> parts = request.messages().get(turn).parts();
    int part = piece.group(2) == null ? -1 : number(piece, 2);
    if (part >= parts.size()) {
      return path;
    }
    String rest = part < 0 ? piece.group(4) : member(parts.get(part), piece.group(4));
    if (callers.equals(ProtocolName.OPENAI_RESPONSES)) {
      int inner = piece.group(3) == null ? -1 : number(piece, 3);
      return places.get().of(turn, part, inner).map(place -> place + rest).orElse(path);
    }
    if (chat) {
      return chatPlace(turn, part) + rest;
    }
    String words = messages ? "content" : "parts";
    String place =
        messages ? turn("system", "messages", turn) : turn("systemInstruction", "contents", turn);
    if (part < 0) {
      return place + rest;
    }
    boolean instructions = messages && place.equals("system");
    place += marked(instructions ? "" : "." + words, parts, part);
    if (piece.group(3) != null && parts.get(part) instanceof Part.ToolResult result) {
      place += marked("." + words, result.content(), number(piece, 3));
    }
    return place + rest;
  }

  /** What a call is made with, and what seals a thought, has a name of its own everywhere. */
  private String member(Part part, String rest) {
    boolean responses = callers.equals(ProtocolName.OPENAI_RESPONSES);
    if (part instanceof Part.ToolCall && rest.equals(".input")) {
      return responses
          ? ".arguments"
          : callers.equals(ProtocolName.OPENAI_CHAT)
              ? ".function.arguments"
              : callers.equals(ProtocolName.GEMINI) ? ".functionCall.args" : rest;
    }
    return responses && part instanceof Part.Reasoning && SEALS.contains(rest)
        ? ".encrypted_content"
        : rest;
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private String tool(String path, int index, String rest) {
    List<Tool> tools = request.tools();
    if (index >= tools.size()) {
      return path;
    }
    int before = 0;
    for (Tool tool : tools.subList(0, index)) {
      before += tool instanceof Tool.CachePoint ? 0 : 1;
    }
    return tools.get(index) instanceof Tool.CachePoint
        ? "tools[" + Math.max(0, before - 1) + "].cache_control" + rest
        : "tools[" + before + "]" + rest;
  }

  /** Instructions stand beside the conversation in these protocols, and are its first message. */
  private String turn(String instructions, String all, int turn) {
    boolean beside = request.messages().getFirst().role() == Role.SYSTEM;
    if (beside && turn == 0) {
      return instructions;
    }
    return all + "[" + (beside ? turn - 1 : turn) + "]";
  }

  /** A block, or the mark that it bears. */
  private static String marked(String words, List<Part> parts, int part) {
    int at = Math.min(part, parts.size());
    int before = 0;
    for (Part other : parts.subList(0, at)) {
      before += other instanceof Part.CachePoint ? 0 : 1;
    }
    return at < parts.size() && parts.get(at) instanceof Part.CachePoint
        ? words + "[" + Math.max(0, before - 1) + "].cache_control"
        : words + "[" + before + "]";
  }

  /**
   * Each result is a message, each call an element of {@code tool_calls}, and thoughts stand
   * beside.
   */
  private String chatPlace(int turn, int part) {
    int index = 0;
    for (Message message : request.messages().subList(0, turn)) {
      index += Math.max(1, results(message.parts()));
    }
    if (part < 0) {
      return "messages[" + index + "]";
    }
    List<Part> parts = request.messages().get(turn).parts();
    Part piece = parts.get(part);
    if (piece instanceof Part.ToolResult) {
      return "messages[" + (index + results(parts.subList(0, part))) + "].content";
    }
    String place = "messages[" + index + "].";
    if (piece instanceof Part.Reasoning) {
      return place + "reasoning_details";
    }
    boolean call = piece instanceof Part.ToolCall;
    long before =
        parts.subList(0, part).stream()
            .filter(other ->
                call
                    ? other instanceof Part.ToolCall
                    : !(other instanceof Part.ToolCall || other instanceof Part.Reasoning))
            .count();
    return place + (call ? "tool_calls[" : "content[") + before + "]";
  }

  private static int results(List<Part> parts) {
    return (int) parts.stream().filter(Part.ToolResult.class::isInstance).count();
  }
}
