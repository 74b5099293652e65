package dev.understudy.sandbox;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a request asks of the sandbox's model, in no protocol's words.
 *
 * @param lastUserText what the user said last
 * @param toolResult the last tool's result if the conversation ends with one
 * @param tools the function tools that may be called, already narrowed to those the choice allows
 * @param mustCall whether the model has to call a tool
 * @param mayCallSeveral whether parallel calls are allowed
 * @param format the JSON that is asked for; an empty object for any JSON
 * @param thinks whether reasoning is asked for
 * @param maxTokens the bound on output tokens
 * @param opens a short text before tool calls, as some vendors' models write
 */
record Asked(
    String lastUserText,
    Optional<String> toolResult,
    List<OfferedTool> tools,
    boolean mustCall,
    boolean mayCallSeveral,
    Optional<JsonNode> format,
    boolean thinks,
    int maxTokens,
    List<String> stops,
    boolean opens) {

  static final int NO_MAX = Integer.MAX_VALUE;

  /** A tool on offer. */
  record OfferedTool(String name, JsonNode schema) {}

  Asked {
    tools = List.copyOf(tools);
    stops = List.copyOf(stops);
  }
}
