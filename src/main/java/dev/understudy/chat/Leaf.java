package dev.understudy.chat;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One disjoint class of tokens: no token is counted in two leaves, and the leaves of a call add up
 * to all its tokens.
 *
 * <p>{@link Modality#TEXT} is also where tokens go whose modality the vendor does not say.
 */
public record Leaf(Direction direction, Modality modality, Cache cache, Phase phase)
    implements Comparable<Leaf> {

  public enum Direction {
    INPUT,
    OUTPUT
  }

  public enum Modality {
    TEXT,
    IMAGE,
    AUDIO,
    VIDEO,
    DOCUMENT
  }

  /** What the vendor's prompt cache did with the tokens; {@link #WRITE} is of unsaid duration. */
  public enum Cache {
    NONE,
    READ,
    WRITE,
    WRITE_5M,
    WRITE_1H
  }

  /** What the tokens were for: the prompt or answer proper, thoughts, or a tool the vendor ran. */
  public enum Phase {
    MAIN,
    REASONING,
    TOOL_USE,
    CITATION
  }

  public static final Leaf INPUT = input(Modality.TEXT);
  public static final Leaf OUTPUT = output(Modality.TEXT);
  public static final Leaf REASONING =
      new Leaf(Direction.OUTPUT, Modality.TEXT, Cache.NONE, Phase.REASONING);
  public static final Leaf CACHE_READ = cached(Modality.TEXT, Cache.READ);
  public static final Leaf CACHE_WRITE = cached(Modality.TEXT, Cache.WRITE);
  public static final Leaf CACHE_WRITE_5M = cached(Modality.TEXT, Cache.WRITE_5M);
  public static final Leaf CACHE_WRITE_1H = cached(Modality.TEXT, Cache.WRITE_1H);

  public static Leaf input(Modality modality) {
    return new Leaf(Direction.INPUT, modality, Cache.NONE, Phase.MAIN);
  }

  public static Leaf output(Modality modality) {
    return new Leaf(Direction.OUTPUT, modality, Cache.NONE, Phase.MAIN);
  }

  public static Leaf cached(Modality modality, Cache cache) {
    return new Leaf(Direction.INPUT, modality, cache, Phase.MAIN);
  }

  /** All names there are: they are written on the calls' path, and spelling one out is not free. */
  private static final String[][][][] NAMES = names();

  private static final Map<String, Leaf> BY_NAME = byName();

  /** Such as {@code input.text}, {@code input.text.write_1h}, {@code output.text.reasoning}. */
  public String name() {
    return NAMES[direction.ordinal()][modality.ordinal()][cache.ordinal()][phase.ordinal()];
  }

  /** The leaf of a name, if it is one. */
  public static Optional<Leaf> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private static Map<String, Leaf> byName() {
    var all = new HashMap<String, Leaf>();
    for (Direction direction : Direction.values()) {
      for (Modality modality : Modality.values()) {
        for (Cache cache : Cache.values()) {
          for (Phase phase : Phase.values()) {
            var leaf = new Leaf(direction, modality, cache, phase);
            all.put(leaf.name(), leaf);
          }
        }
      }
    }
    return all;
  }

  private static String[][][][] names() {
    var names =
        new String[Direction.values().length][Modality.values().length][Cache.values().length]
            [Phase.values().length];
    for (Direction direction : Direction.values()) {
      for (Modality modality : Modality.values()) {
        for (Cache cache : Cache.values()) {
          for (Phase phase : Phase.values()) {
            names[direction.ordinal()][modality.ordinal()][cache.ordinal()][phase.ordinal()] =
                name(direction, modality, cache, phase);
          }
        }
      }
    }
    return names;
  }

  private static String name(Direction direction, Modality modality, Cache cache, Phase phase) {
    var name = new StringBuilder(lower(direction)).append('.').append(lower(modality));
    if (cache != Cache.NONE) {
      name.append('.').append(lower(cache));
    }
    if (phase != Phase.MAIN) {
      name.append('.').append(lower(phase));
    }
    return name.toString();
  }

  @Override
  public int compareTo(Leaf other) {
    // By hand: this sorts the leaves of every call, and a chain of comparators costs ten times it.
    return Integer.compare(rank(), other.rank());
  }

  private int rank() {
    return ((direction.ordinal() * 8 + modality.ordinal()) * 8 + cache.ordinal()) * 8
        + phase.ordinal();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
