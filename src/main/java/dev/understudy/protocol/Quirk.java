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
  MISTRAL_NAMES
}
