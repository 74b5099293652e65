package dev.understudy.capacity;

import java.util.List;
import java.util.Optional;

/**
 * The names of the headers in which a kind of vendor says what is left.
 *
 * @param name as the catalogue writes it
 * @param fields what is counted, and in which headers
 * @param utilization the header that says how much of provisioned capacity is in use, in percent;
 *     empty if there is none
 * @param spilled the header that says that another deployment answered; empty if there is none
 */
public record HeaderDialect(String name, List<Field> fields, String utilization, String spilled) {

  /** One thing that is counted, by the names of the headers that may tell of it. */
  record Field(Dimension dimension, String limit, String remaining, String reset) {}

  public HeaderDialect {
    fields = List.copyOf(fields);
  }

  /** Says nothing, as DeepSeek, Bedrock and Gemini do. */
  public static final HeaderDialect NONE = dialect("none");

  /** {@code https://platform.openai.com/docs/guides/rate-limits}; xAI, Meta and others copy it. */
  private static final HeaderDialect OPENAI =
      dialect("openai", xRate(Dimension.REQUESTS, "requests"), xRate(Dimension.TOKENS, "tokens"));

  /**
   * As OpenAI, and beside them what provisioned deployments say, which leave those out: {@code
   * https://learn.microsoft.com/azure/foundry/openai/how-to/spillover-traffic-management}.
   */
  private static final HeaderDialect AZURE =
      new HeaderDialect(
          "azure",
          OPENAI.fields(),
          "azure-openai-deployment-utilization",
          "x-ms-spillover-from-deployment");

  /** {@code https://docs.anthropic.com/en/api/rate-limits#response-headers}. */
  private static final HeaderDialect ANTHROPIC =
      dialect(
          "anthropic",
          anthropic(Dimension.REQUESTS, "ratelimit-requests"),
          anthropic(Dimension.TOKENS, "ratelimit-tokens"),
          anthropic(Dimension.INPUT_TOKENS, "ratelimit-input-tokens"),
          anthropic(Dimension.OUTPUT_TOKENS, "ratelimit-output-tokens"),
          anthropic(Dimension.PROVISIONED, "priority-input-tokens"),
          anthropic(Dimension.PROVISIONED, "priority-output-tokens"));

  /** Its requests are those of the day: {@code https://console.groq.com/docs/rate-limits}. */
  private static final HeaderDialect GROQ =
      dialect("groq", xRate(Dimension.REQUESTS_DAY, "requests"), xRate(Dimension.TOKENS, "tokens"));

  /** As recorded; the unit and the window stand in the name, and there is no reset. */
  private static final HeaderDialect MISTRAL =
      dialect(
          "mistral",
          xRate(Dimension.REQUESTS, "req-minute"),
          xRate(Dimension.TOKENS, "tokens-minute"),
          xRate(Dimension.TOKENS_MONTH, "tokens-month"));

  /** {@code https://inference-docs.cerebras.ai/support/rate-limits}. */
  private static final HeaderDialect CEREBRAS =
      dialect(
          "cerebras",
          xRate(Dimension.REQUESTS, "requests-minute"),
          xRate(Dimension.TOKENS, "tokens-minute"),
          xRate(Dimension.REQUESTS_DAY, "requests-day"),
          xRate(Dimension.TOKENS_DAY, "tokens-day"));

  /** {@code https://openrouter.ai/docs/api-reference/limits}; the reset is in milliseconds. */
  private static final HeaderDialect OPENROUTER =
      dialect(
          "openrouter",
          new Field(
              Dimension.REQUESTS,
              "x-ratelimit-limit",
              "x-ratelimit-remaining",
              "x-ratelimit-reset"));

  /** All there are. */
  public static final List<HeaderDialect> ALL =
      List.of(NONE, OPENAI, AZURE, ANTHROPIC, GROQ, MISTRAL, CEREBRAS, OPENROUTER);

  /** A dialect by its name; empty if there is none of that name. */
  public static Optional<HeaderDialect> named(String name) {
    return ALL.stream().filter(dialect -> dialect.name().equals(name)).findFirst();
  }

  private static HeaderDialect dialect(String name, Field... fields) {
    return new HeaderDialect(name, List.of(fields), "", "");
  }

  private static Field xRate(Dimension dimension, String unit) {
    return new Field(
        dimension,
        "x-ratelimit-limit-" + unit,
        "x-ratelimit-remaining-" + unit,
        "x-ratelimit-reset-" + unit);
  }

  private static Field anthropic(Dimension dimension, String prefix) {
    String start = "anthropic-" + prefix;
    return new Field(dimension, start + "-limit", start + "-remaining", start + "-reset");
  }
}
