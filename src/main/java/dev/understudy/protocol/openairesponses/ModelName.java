package dev.understudy.protocol.openairesponses;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's name tells of its kind, where the API accepts a field from some models only.
 *
 * <p>Source: <a href="https://platform.openai.com/docs/models">models</a>. A model of a name that
 * is not known here is taken for the plainer kind.
 */
final class ModelName {
  private static final Pattern REASONING =
      Pattern.compile("(^|[/._-])(o[1-9]|gpt-([5-9]|[1-9][0-9])|gpt-oss|codex|grok-[4-9])");
  private static final Pattern VERSION = Pattern.compile("gpt-(\\d+)(?:\\.(\\d+))?");

  private ModelName() {}

  /** Whether the model thinks, and so may be asked for its sealed thoughts. */
  static boolean reasons(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    return REASONING.matcher(name).find()
        && !name.contains("chat-latest")
        && !name.contains("non-reasoning");
  }

  /** Whether prompts may be marked for the cache: GPT-5.6 and later. */
  static boolean marksCache(String model) {
    Matcher version = VERSION.matcher(model.toLowerCase(Locale.ROOT));
    if (!version.find()) {
      return false;
    }
    int major =
        Integer.parseInt(version.group(1).substring(0, Math.min(4, version.group(1).length())));
    String minor = version.group(2);
    return major > 5
        || (major == 5 && minor != null && minor.length() < 5 && Integer.parseInt(minor) >= 6);
  }
}
