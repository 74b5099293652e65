package dev.understudy.protocol;

/**
 * How a vendor's usage object counts, where vendors of one protocol differ. Chosen by vendor and
 * protocol, never by the names of the fields found.
 */
public enum UsageConvention {
  /** As the protocol's author counts. */
  STANDARD,
  /** xAI: Chat's {@code completion_tokens} leaves reasoning out; Responses includes it. */
  XAI,
  /** DeepSeek: {@code prompt_cache_hit_tokens} and {@code prompt_cache_miss_tokens}. */
  DEEPSEEK,
  /** Moonshot: {@code cached_tokens} stands beside the totals. */
  MOONSHOT,
  /** Perplexity: reasoning and citation tokens come on top. */
  PERPLEXITY,
  /** OpenRouter: as OpenAI, with the cost beside. */
  OPENROUTER,
  /** Mistral: audio of the prompt comes on top of {@code prompt_tokens}. */
  MISTRAL,
  /** Google's OpenAI-compatible address: thoughts are in {@code total_tokens} alone. */
  GOOGLE
}
