package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names what a vendor's side could not carry as the caller wrote it. Writers of requests know what
 * is lost by the conversation's words or their own; who reads the header knows only the caller's.
 */
final class CallerWords {
  private static final List<ProtocolName> COLUMNS =
      List.of(
          ProtocolName.OPENAI_CHAT,
          ProtocolName.OPENAI_RESPONSES,
          ProtocolName.ANTHROPIC_MESSAGES,
          ProtocolName.GEMINI);

  private static final String THINKING = "generationConfig.thinkingConfig";

  /** For each thing one may wish for, its name in the protocols of {@link #COLUMNS}. */
  private static final Map<String, List<String>> WORDS =
      Map.ofEntries(
          row("top_k", "top_k", "top_k", "top_k", "generationConfig.topK"),
          row("top_p", "top_p", "top_p", "top_p", "generationConfig.topP"),
          row("seed", "seed", "seed", "seed", "generationConfig.seed"),
          row("stop", "stop", "stop", "stop_sequences", "generationConfig.stopSequences"),
          row(
              "temperature",
              "temperature",
              "temperature",
              "temperature",
              "generationConfig.temperature"),
          row(
              "frequency_penalty",
              "frequency_penalty",
              "frequency_penalty",
              "frequency_penalty",
              "generationConfig.frequencyPenalty"),
          row(
              "presence_penalty",
              "presence_penalty",
              "presence_penalty",
              "presence_penalty",
              "generationConfig.presencePenalty"),
          row("logprobs", "logprobs", "include", "logprobs", "generationConfig.responseLogprobs"),
          row(
              "top_logprobs",
              "top_logprobs",
              "top_logprobs",
              "top_logprobs",
              "generationConfig.logprobs"),
          row(
              "max_tokens",
              "max_completion_tokens",
              "max_output_tokens",
              "max_tokens",
              "generationConfig.maxOutputTokens"),
          row(
              "parallel_tool_calls",
              "parallel_tool_calls",
              "parallel_tool_calls",
              "tool_choice.disable_parallel_tool_use",
              "toolConfig"),
          row("thinking", "reasoning_effort", "reasoning", "thinking", THINKING),
          row(
              "effort",
              "reasoning_effort",
              "reasoning.effort",
              "output_config.effort",
              THINKING + ".thinkingLevel"),
          row(
              "budget",
              "reasoning_effort",
              "reasoning.effort",
              "thinking.budget_tokens",
              THINKING + ".thinkingBudget"),
          row(
              "summary",
              "reasoning_effort",
              "reasoning.summary",
              "thinking.display",
              THINKING + ".includeThoughts"),
          row(
              "format",
              "response_format",
              "text.format",
              "output_config.format",
              "generationConfig.responseMimeType"),
          row("user", "user", "user", "metadata.user_id", "labels"),
          row("service_tier", "service_tier", "service_tier", "service_tier", "serviceTier"),
          row("verbosity", "verbosity", "text.verbosity", "verbosity", "verbosity"));

  /** What writers call the same things. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("stop_sequences", "stop"),
          Map.entry("reasoning", "thinking"),
          Map.entry("thinking.enabled", "thinking"),
          Map.entry("thinking.type", "thinking"),
          Map.entry("thinking.effort", "effort"),
          Map.entry("reasoning.effort", "effort"),
          Map.entry("reasoning_effort", "effort"),
          Map.entry("output_config.effort", "effort"),
          Map.entry("thinking.budget", "budget"),
          Map.entry("thinking.budget_tokens", "budget"),
          Map.entry("reasoning.budget", "budget"),
          Map.entry("thinking.display", "summary"),
          Map.entry("thinking.summary", "summary"),
          Map.entry("reasoning.summary", "summary"),
          Map.entry("response_format", "format"),
          Map.entry("response_format.strict", "format"),
          Map.entry("response_format.json_schema", "format"),
          Map.entry("text.format", "format"),
          Map.entry("text.verbosity", "verbosity"));

  private CallerWords() {}

  private static Map.Entry<String, List<String>> row(String wish, String... words) {
    return Map.entry(wish, List.of(words));
  }

  /** The path as a caller of that protocol would write it; as it is where there is no better. */
  static String of(ProtocolName callers, String path) {
    String plain = snake(path.replaceFirst("^(sampling|labels)\\.", ""));
    List<String> words = WORDS.get(SAME.getOrDefault(plain, plain));
    int column = COLUMNS.indexOf(callers);
    return words == null || column < 0 ? path : words.get(column);
  }

  private static String snake(String camel) {
    return camel.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
