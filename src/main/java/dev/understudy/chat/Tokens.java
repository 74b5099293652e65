package dev.understudy.chat;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Counts of tokens by leaf. A leaf that is absent was not reported; zero was reported as zero.
 *
 * @param byLeaf counts, none negative
 */
public record Tokens(SortedMap<Leaf, Long> byLeaf) {
  public static final Tokens NONE = new Tokens(new TreeMap<>());

  public Tokens {
    for (Map.Entry<Leaf, Long> entry : byLeaf.entrySet()) {
      if (entry.getValue() < 0) {
        throw new IllegalArgumentException(
            "%s is negative: %d".formatted(entry.getKey().name(), entry.getValue()));
      }
    }
    byLeaf = Collections.unmodifiableSortedMap(new TreeMap<>(byLeaf));
  }

  /** These counts and one more leaf; a count for a leaf that is there already is replaced. */
  public Tokens with(Leaf leaf, long count) {
    var more = new TreeMap<>(byLeaf);
    more.put(leaf, count);
    return new Tokens(more);
  }

  /**
   * The sums that are asked for of every call, in one look.
   *
   * @param input all tokens that went in, cached ones included
   * @param cacheRead those of them that came from the vendor's cache
   * @param output all tokens that came out, thoughts included
   */
  public record Totals(long input, long cacheRead, long output) {}

  public Totals totals() {
    long input = 0;
    long cacheRead = 0;
    long output = 0;
    for (Map.Entry<Leaf, Long> entry : byLeaf.entrySet()) {
      long count = entry.getValue();
      switch (entry.getKey().direction()) {
        case INPUT -> input = Math.addExact(input, count);
        case OUTPUT -> output = Math.addExact(output, count);
      }
      if (entry.getKey().cache() == Leaf.Cache.READ) {
        cacheRead = Math.addExact(cacheRead, count);
      }
    }
    return new Totals(input, cacheRead, output);
  }

  public boolean isEmpty() {
    return byLeaf.isEmpty();
  }

  /** The count of one leaf, zero when absent. */
  public long of(Leaf leaf) {
    return byLeaf.getOrDefault(leaf, 0L);
  }

  public long sum(Predicate<Leaf> which) {
    long sum = 0;
    for (Map.Entry<Leaf, Long> entry : byLeaf.entrySet()) {
      if (which.test(entry.getKey())) {
        sum = Math.addExact(sum, entry.getValue());
      }
    }
    return sum;
  }

  /** All tokens that went in, cached ones included. */
  public long input() {
    return sum(leaf -> leaf.direction() == Leaf.Direction.INPUT);
  }

  /** All tokens that came out, thoughts included. */
  public long output() {
    return sum(leaf -> leaf.direction() == Leaf.Direction.OUTPUT);
  }

  public long cacheRead() {
    return sum(leaf -> leaf.cache() == Leaf.Cache.READ);
  }

  public long cacheWrite() {
    return sum(leaf ->
        switch (leaf.cache()) {
          case WRITE, WRITE_5M, WRITE_1H -> true;
          case NONE, READ -> false;
        });
  }

  public long reasoning() {
    return sum(leaf -> leaf.phase() == Leaf.Phase.REASONING);
  }
}
