package dev.understudy.gain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A division of outcomes into parts, so that each is judged by what was learned from the others;
 * outcomes of one group stay together.
 */
final class Folds {
  private final int count;
  private final int[] of;

  private Folds(int count, int[] of) {
    this.count = count;
    this.of = of;
  }

  /**
   * Divides by chance.
   *
   * @param groups one for each outcome
   */
  static Folds of(List<String> groups, int count, long seed) {
    List<String> different = groups.stream().distinct().toList();
    int[] order = IntStream.range(0, different.size()).toArray();
    shuffle(order, new SplittableRandom(seed));
    Map<String, Integer> byGroup = new HashMap<>();
    for (int i = 0; i < order.length; i++) {
      byGroup.put(different.get(order[i]), i % count);
    }
    int[] of = new int[groups.size()];
    for (int i = 0; i < of.length; i++) {
      of[i] = byGroup.getOrDefault(groups.get(i), 0);
    }
    return new Folds(count, of);
  }

  /** By their prompts: the same prompt twice must not be learned from and asked. */
  static Folds byPrompt(List<Outcome> outcomes, int count, long seed) {
    return of(outcomes.stream().map(Outcome::plainPrompt).toList(), count, seed);
  }

  int count() {
    return count;
  }

  /** The indexes of a part. */
  int[] part(int fold) {
    return IntStream.range(0, of.length).filter(i -> of[i] == fold).toArray();
  }

  /** The indexes of all others. */
  int[] others(int fold) {
    return IntStream.range(0, of.length).filter(i -> of[i] != fold).toArray();
  }

  static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }
}
