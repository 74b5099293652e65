package dev.understudy.settlement.reconciliation;

import java.util.Locale;

/**
 * What a line of a bill counts, as coarsely as bills do.
 *
 * @param unit the vendor's unit, where it is none of tokens
 */
public record Meter(Kind kind, String unit) implements Comparable<Meter> {

  /** Tokens by what is done with them, or something else. */
  public enum Kind {
    INPUT,
    CACHED,
    WRITTEN,
    OUTPUT,
    OTHER
  }

  static final Meter INPUT = new Meter(Kind.INPUT, "");
  static final Meter CACHED = new Meter(Kind.CACHED, "");
  static final Meter WRITTEN = new Meter(Kind.WRITTEN, "");
  static final Meter OUTPUT = new Meter(Kind.OUTPUT, "");

  static Meter other(String unit) {
    return new Meter(Kind.OTHER, unit);
  }

  /** Of one of our leaves or units. */
  static Meter ofItem(String item) {
    if (item.startsWith("output.")) {
      return OUTPUT;
    }
    if (item.startsWith("input.")) {
      return item.contains(".read") ? CACHED : item.contains(".write") ? WRITTEN : INPUT;
    }
    return other(search(item) ? "search" : item);
  }

  /** Of a line's name; empty units are what cannot be understood. */
  static Meter ofWords(String words) {
    String lower = words.toLowerCase(Locale.ROOT);
    boolean cache = lower.contains("cache");
    if (search(lower)) {
      return other("search");
    }
    if (lower.contains("output") || lower.contains("completion")) {
      return OUTPUT;
    }
    if (cache && (lower.contains("write") || lower.contains("creation"))) {
      return WRITTEN;
    }
    if (cache) {
      return CACHED;
    }
    return lower.contains("input") || lower.contains("prompt") ? INPUT : other("");
  }

  private static boolean search(String words) {
    return words.contains("search");
  }

  boolean isUnderstood() {
    return kind != Kind.OTHER || !unit.isEmpty();
  }

  @Override
  public int compareTo(Meter other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : unit.compareTo(other.unit);
  }

  @Override
  public String toString() {
    return kind == Kind.OTHER ? unit : kind.name().toLowerCase(Locale.ROOT);
  }
}
