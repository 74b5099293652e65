package dev.understudy.settlement.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** By what figures are told apart. */
public enum Dimension {
  /** The vendor's name in the settings. */
  VENDOR,
  /** Who made the model. */
  DEVELOPER,
  /** Who runs it: the vendor as bills name it; oneself where one runs it. */
  HOST,
  MODEL,
  ROUTE,
  ORGANISATION,
  TEAM,
  KEY,
  PURPOSE,
  REGION,
  /** The class of service. */
  TIER,
  /** The item that is paid for, such as {@code input.text.read}. */
  ITEM,
  DAY,
  MONTH;

  /** As command lines and pages spell it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@code vendor,model}.
   *
   * @throws IllegalArgumentException if one is unknown, or said twice
   */
  public static List<Dimension> parse(String words) {
    var found = new ArrayList<Dimension>();
    for (String word : words.split(",", -1)) {
      Dimension one = named(word.strip());
      if (found.contains(one)) {
        throw new IllegalArgumentException(one.word() + " is said twice");
      }
      found.add(one);
    }
    return found;
  }

  private static Dimension named(String word) {
    var known = new ArrayList<String>();
    for (Dimension one : values()) {
      if (one.word().equals(word)) {
        return one;
      }
      known.add(one.word());
    }
    throw new IllegalArgumentException(
        "unknown \"%s\"; known: %s, and tag:NAME".formatted(word, String.join(", ", known)));
  }
}
