package dev.understudy.settlement.focus;

import dev.understudy.chat.Leaf;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One thing a model is paid for, as the format names, counts and describes it. */
final class Item {
  /** How many tokens a price is for. */
  static final int TOKENS = 6;

  private final String name;
  private final Optional<Leaf> leaf;

  Item(String name) {
    this.name = name;
    leaf = Leaf.named(name);
  }

  boolean isTokens() {
    return leaf.isPresent();
  }

  Optional<Leaf> leaf() {
    return leaf;
  }

  /** Such as {@code Cache Read Input Tokens}. */
  String meter() {
    if (leaf.isEmpty()) {
      return title(name.replaceAll("[._]", " "));
    }
    Leaf one = leaf.get();
    var words = new StringBuilder();
    switch (one.cache()) {
      case NONE -> {}
      case READ -> words.append("Cache Read ");
      case WRITE -> words.append("Cache Write ");
      case WRITE_5M -> words.append("Cache Write 5 Minutes ");
      case WRITE_1H -> words.append("Cache Write 1 Hour ");
    }
    if (one.modality() != Leaf.Modality.TEXT) {
      words.append(title(one.modality())).append(' ');
    }
    switch (one.phase()) {
      case MAIN -> {}
      case REASONING -> words.append("Reasoning ");
      case TOOL_USE -> words.append("Tool Use ");
      case CITATION -> words.append("Citation ");
    }
    return words.append(title(one.direction())).append(" Tokens").toString();
  }

  /** What is counted: {@code Tokens}, {@code Requests}, {@code Seconds}, else {@code Units}. */
  String unit() {
    if (isTokens() || name.endsWith("_tokens")) {
      return "Tokens";
    }
    if (name.contains("request") || name.contains("search") || name.contains("call")) {
      return "Requests";
    }
    return name.contains("second") ? "Seconds" : "Units";
  }

  /**
   * What sets it apart, for {@code SkuPriceDetails}; what the draft of the next version names is
   * marked as our own until then.
   */
  Map<String, String> details() {
    Map<String, String> details = new TreeMap<>();
    leaf.ifPresent(one -> {
      details.put("x_TokenDirection", title(one.direction()));
      details.put("x_TokenModality", title(one.modality()));
      if (one.direction() == Leaf.Direction.INPUT) {
        details.put("x_TokenCacheAction", cacheAction(one));
      }
      if (one.phase() != Leaf.Phase.MAIN) {
        details.put("x_TokenPhase", title(one.phase()));
      }
    });
    return details;
  }

  static String cacheAction(Leaf leaf) {
    return switch (leaf.cache()) {
      case NONE -> "Uncached";
      case READ -> "Read";
      case WRITE, WRITE_5M, WRITE_1H -> "Write";
    };
  }

  static String title(Enum<?> value) {
    return title(value.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  private static String title(String words) {
    var titled = new StringBuilder();
    for (String word : words.strip().split(" +", -1)) {
      if (!titled.isEmpty()) {
        titled.append(' ');
      }
      if (!word.isEmpty()) {
        titled.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return titled.toString();
  }
}
