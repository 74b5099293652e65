package dev.understudy.protocol.bedrock;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose model a Bedrock model id names, as far as that decides what {@code
 * additionalModelRequestFields} may hold.
 *
 * <p>Ids are {@code developer.model-version}, with a region before ({@code us.}, {@code global.})
 * for inference profiles. An ARN of an application's own profile does not say whose model it is.
 *
 * <table>
 * <caption>Fields by family, from each family's page in the Bedrock user guide</caption>
 * <tr><th>family<th>top k<th>thinking
 * <tr><td>CLAUDE<td>{@code top_k}<td>{@code thinking: {type, budget_tokens, display}}
 * <tr><td>NOVA<td>{@code inferenceConfig.topK}<td>none
 * <tr><td>NOVA_2<td>{@code inferenceConfig.topK}<td>{@code reasoningConfig: {type,
 * maxReasoningEffort}}
 * <tr><td>GPT_OSS<td>none<td>{@code reasoning_effort}
 * <tr><td>QWEN<td>none<td>{@code reasoning_config}
 * <tr><td>MISTRAL<td>{@code top_k}<td>none
 * <tr><td>COHERE<td>{@code k}<td>none
 * <tr><td>OTHER, UNKNOWN<td>none<td>none
 * </table>
 */
enum ConverseFamily {
  CLAUDE("anthropic.claude"),
  NOVA_2("amazon.nova-2"),
  NOVA("amazon.nova"),
  GPT_OSS("openai.gpt-oss"),
  QWEN("qwen."),
  MISTRAL("mistral."),
  COHERE("cohere."),
  /** A known developer without such fields. */
  OTHER(""),
  /** The id does not say. */
  UNKNOWN("");

  private static final Pattern CLAUDE_VERSION =
      Pattern.compile("claude-(?:opus|sonnet|haiku|fable)-(\\d{1,2})(?:-(\\d{1,2}))?(?!\\d)");

  private final String mark;

  ConverseFamily(String mark) {
    this.mark = mark;
  }

  static ConverseFamily of(String model) {
    String id = model.toLowerCase(Locale.ROOT);
    for (ConverseFamily family : values()) {
      if (!family.mark.isEmpty() && (id.startsWith(family.mark) || isWithin(id, family.mark))) {
        return family;
      }
    }
    return id.startsWith("arn:") && !id.contains("foundation-model/") ? UNKNOWN : OTHER;
  }

  private static boolean isWithin(String id, String mark) {
    return id.contains("." + mark) || id.contains("/" + mark);
  }

  /** Prompt caching by marks is documented for these; other models refuse the mark. */
  boolean takesCachePoints() {
    return switch (this) {
      case CLAUDE, NOVA, NOVA_2, UNKNOWN -> true;
      case GPT_OSS, QWEN, MISTRAL, COHERE, OTHER -> false;
    };
  }

  /**
   * The version of a Claude model as major × 100 + minor, such as 406 for 4.6; 0 for names of the
   * old kind ({@code claude-3-5-sonnet}), 307 for 3.7.
   */
  static int claudeVersion(String model) {
    if (model.contains("claude-3-7")) {
      return 307;
    }
    Matcher version = CLAUDE_VERSION.matcher(model);
    if (!version.find()) {
      return 0;
    }
    int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
    return Integer.parseInt(version.group(1)) * 100 + minor;
  }
}
