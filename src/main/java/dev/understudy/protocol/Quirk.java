package dev.understudy.protocol;

/** A way in which a vendor departs from the protocol it speaks; which do is data, not code. */
public enum Quirk {
  /** Knows {@code max_tokens} only, not {@code max_completion_tokens}. */
  MAX_TOKENS,
  /** Has no {@code developer} role. */
  NO_DEVELOPER_ROLE,
  /** Refuses {@code stream_options}. */
  NO_STREAM_OPTIONS,
  /** Does not know {@code response_format: json_schema}, only {@code json_object}. */
  NO_JSON_SCHEMA,
  /** Wants earlier thoughts back as {@code reasoning_content} in assistant messages. */
  REASONING_CONTENT_BACK,
  /** Does not know {@code reasoning_effort}. */
  NO_REASONING_EFFORT,
  /** Does not know {@code parallel_tool_calls}. */
  NO_PARALLEL_TOOL_CALLS,
  /** Wants {@code random_seed} for {@code seed}, and {@code any} for a required tool choice. */
  MISTRAL_NAMES,
  /** Goes on with a last message of the assistant that is marked {@code prefix: true}. */
  PREFIX,
  /**
   * Goes on with a last message of the assistant if told {@code continue_final_message: true} and
   * {@code add_generation_prompt: false}.
   */
  CONTINUE_FINAL_MESSAGE,
  /** Takes {@code top_k} beside {@code top_p}. */
  TOP_K,
  /** Takes Anthropic's {@code cache_control} marks on content and tools. */
  CACHE_CONTROL,
  /** Takes text content as one string, not as a list of parts. */
  STRING_CONTENT,
  /** Takes {@code tool_choice: allowed_tools}; others are offered the allowed tools only. */
  ALLOWED_TOOLS,
  /** Takes {@code reasoning: {enabled, effort, max_tokens, exclude}} for all wishes to think. */
  REASONING_OBJECT,
  /** Switches thinking by {@code thinking: {type: enabled | disabled}}. */
  THINKING_TYPE,
  /** Switches thinking by {@code enable_thinking}, bounded by {@code thinking_budget}. */
  ENABLE_THINKING,
  /** Refuses what only OpenAI knows: {@code store, metadata, user, verbosity, …}. */
  NO_OPENAI_EXTRAS,
  /**
   * Vertex AI's edition of the Gemini API: knows {@code labels} and names of files, takes the
   * service tier as a header, and counts the tokens of a bare request.
   */
  VERTEX_AI
}
