package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerWordsTest {
  @ParameterizedTest
  @CsvSource({
    "anthropic-messages, sampling.topK, top_k",
    "gemini, top_k, generationConfig.topK",
    "gemini, sampling.stop, generationConfig.stopSequences",
    "openai-chat, thinking.budgetTokens, reasoning_effort",
    "openai-responses, output_config.effort, reasoning.effort",
    "anthropic-messages, parallelToolCalls, tool_choice.disable_parallel_tool_use",
    "anthropic-messages, labels.serviceTier, service_tier",
    "openai-chat, messages[2].content[0], messages[2].content[0]",
    "openai-chat, n, n"
  })
  void namesALossAsTheCallerWroteIt(String callers, String path, String expected) {
    assertThat(CallerWords.of(new ProtocolName(callers), path)).isEqualTo(expected);
  }
}
