package dev.understudy.protocol.anthropic;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a Claude model takes, told by its name.
 *
 * <p>Facts are from the vendor's pages "Models overview", "Extended thinking", "Adaptive thinking",
 * "Effort" and "Mid-conversation system messages" (platform.claude.com/docs). A name without a
 * version, as other vendors of this protocol have, is a model of version 0: it is taken for one
 * that knows the protocol's oldest rules.
 *
 * @param family such as {@code opus}; empty if the name has none
 * @param major 0 if the name has no version
 */
record ClaudeModel(String family, int major, int minor) {
  /** What an answer may be long when neither caller nor name says anything, in tokens. */
  static final long MAX_TOKENS_UNKNOWN = 8_192;

  private static final List<String> FAMILIES =
      List.of("opus", "sonnet", "haiku", "fable", "mythos", "instant");
  private static final List<String> EFFORTS = List.of("low", "medium", "high", "xhigh", "max");

  /**
   * Reads {@code claude-opus-4-8}, {@code claude-3-7-sonnet-20250219}, Bedrock's names and so on.
   */
  static ClaudeModel of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int start = lower.indexOf("claude");
    if (start < 0) {
      return new ClaudeModel("", 0, 0);
    }
    String family = "";
    int major = 0;
    int minor = 0;
    String[] words = lower.substring(start).split("[^a-z0-9]+", -1);
    for (int i = 1; i < words.length; i++) {
      if (FAMILIES.contains(words[i])) {
        family = words[i];
      } else if (major == 0 && isVersion(words[i])) {
        major = Integer.parseInt(words[i]);
        minor =
            i + 1 < words.length && isVersion(words[i + 1]) ? Integer.parseInt(words[i + 1]) : 0;
      }
    }
    return new ClaudeModel(family, major, minor);
  }

  /** Dates such as 20250929 stand where versions do. */
  private static boolean isVersion(String word) {
    return word.length() <= 2
        && word.chars().allMatch(c -> c >= '0' && c <= '9')
        && !word.isEmpty();
  }

  boolean isKnown() {
    return major > 0;
  }

  boolean isSince(int otherMajor, int otherMinor) {
    return major > otherMajor || (major == otherMajor && minor >= otherMinor);
  }

  /** The longest answer the model gives, thoughts included, in tokens; empty if not known. */
  OptionalLong maxTokensMax() {
    if (!isKnown()) {
      return OptionalLong.empty();
    }
    if (isSince(4, 6)) {
      return OptionalLong.of(128_000);
    }
    if (family.equals("opus") && major == 4 && minor < 5) {
      return OptionalLong.of(32_000);
    }
    if (isSince(3, 7)) {
      return OptionalLong.of(64_000);
    }
    return OptionalLong.of(isSince(3, 5) ? 8_192 : 4_096);
  }

  /**
   * {@code max_tokens} for a caller who sets no bound: the API demands one.
   *
   * <p>As much as the model gives, but not more than 64 000; and for models before 4.5 not more
   * than 32 000, because they refuse a prompt that together with {@code max_tokens} is larger than
   * their window, where later ones simply stop.
   */
  long maxTokensDefault() {
    long most = isSince(4, 5) ? 64_000 : 32_000;
    return isKnown() ? Math.min(most, maxTokensMax().orElse(most)) : MAX_TOKENS_UNKNOWN;
  }

  /** Models before 3.7 do not think. An unknown model may. */
  boolean thinks() {
    return !isKnown() || isSince(3, 7);
  }

  boolean thinksAdaptively() {
    return isSince(4, 6);
  }

  /** From 5 on a model thinks unless it is told not to. */
  boolean thinksUnasked() {
    return isSince(5, 0);
  }

  /** {@code thinking.type: enabled} is refused from 4.7 on. */
  boolean takesBudget() {
    return !isSince(4, 7);
  }

  boolean alwaysThinks() {
    return family.equals("fable")
        || family.equals("mythos")
        || (family.equals("opus") && isSince(5, 5));
  }

  /** {@code temperature}, {@code top_p} and {@code top_k} are refused from 4.7 on. */
  boolean takesSampling() {
    return !isSince(4, 7);
  }

  /** From 4.1 on only one of {@code temperature} and {@code top_p} may be set. */
  boolean takesTemperatureWithTopP() {
    return !isSince(4, 1);
  }

  /** Models that always think refuse to be made to call a tool. */
  boolean canBeMadeToCall() {
    return !alwaysThinks();
  }

  /** Whether a message of the role {@code system} may stand among the others. */
  boolean takesSystemMessages() {
    return isSince(4, 8);
  }

  boolean takesEffort() {
    return isSince(4, 6) || (family.equals("opus") && isSince(4, 5));
  }

  /** The nearest effort, not above the wish, that the model knows. */
  String effort(String wish) {
    int level = Math.max(0, EFFORTS.indexOf(wish.equals("minimal") ? "low" : wish));
    if (!isSince(4, 6)) {
      level = Math.min(level, EFFORTS.indexOf("high"));
    } else if (!isSince(4, 7) && level == EFFORTS.indexOf("xhigh")) {
      level = EFFORTS.indexOf("high");
    }
    return EFFORTS.get(level);
  }
}
