package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What holds of the line, whoever comes, leaves and is served. */
final class LineLawTest {

  @Property(tries = 300)
  void neverHoldsMoreThanMayWaitAndNeverInvertsPriorities(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int max) {
    var random = new Random(seed);
    var line = new Line<Integer>();
    var waiting = new ArrayList<Line.Place<Integer>>();
    for (int i = 0; i < 300; i++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          var priority = Priority.values()[random.nextInt(2)];
          String group = "route" + random.nextInt(2);
          var place =
              line.add(i, group, max, "caller" + random.nextInt(4), priority, Set.of("a", "b"));
          long there = waiting.stream().filter(p -> p.group().equals(group)).count();
          if (there >= max) {
            assertThat(place).isNull();
          } else {
            waiting.add(place);
          }
        }
        case 2 -> {
          if (!waiting.isEmpty()) {
            assertThat(line.remove(waiting.remove(random.nextInt(waiting.size())))).isTrue();
          }
        }
        default -> {
          int room = random.nextInt(4);
          int[] left = {room};
          var served = line.serve((_, _) -> left[0]-- > 0);
          assertThat(served).hasSize(Math.min(room, waiting.size()));
          waiting.removeAll(served);
          for (var late : waiting) {
            for (var one : served) {
              assertThat(one.priority()).isLessThanOrEqualTo(late.priority());
              if (one.caller().equals(late.caller()) && one.priority() == late.priority()) {
                assertThat(one.number()).as("a caller's own order").isLessThan(late.number());
              }
            }
          }
        }
      }
      assertThat(line.size()).isEqualTo(waiting.size());
      assertThat(line.size("route0")).isLessThanOrEqualTo(max);
      assertThat(line.size("route1")).isLessThanOrEqualTo(max);
    }
  }

  @Property(tries = 100)
  void everyCallerIsServedInTurnHoweverManyCallsAnotherHas(
      @ForAll @IntRange(min = 1, max = 100) int many,
      @ForAll @IntRange(min = 1, max = 10) int few,
      @ForAll @IntRange(min = 0, max = 50) int servedBefore) {
    var line = new Line<String>();
    for (int i = 0; i < many; i++) {
      line.add("many", "route", 1_000, "many", Priority.INTERACTIVE, Set.of("a"));
    }
    for (int i = 0; i < servedBefore; i++) {
      int[] left = {1};
      line.serve((_, _) -> left[0]-- > 0);
    }
    for (int i = 0; i < few; i++) {
      line.add("few", "route", 1_000, "few", Priority.INTERACTIVE, Set.of("a"));
    }
    Map<String, Integer> served = new HashMap<>();
    while (line.size() > 0 && served.getOrDefault("few", 0) < few) {
      int[] left = {1};
      line.serve((_, _) -> left[0]-- > 0)
          .forEach(one -> served.merge(one.caller(), 1, Integer::sum));
      assertThat(served.getOrDefault("many", 0))
          .isLessThanOrEqualTo(served.getOrDefault("few", 0) + 2);
    }
    assertThat(served.getOrDefault("few", 0)).isEqualTo(few);
  }

  @Test
  void whoWaitsForOneTargetDoesNotHoldUpWhoWaitsForAnother() {
    var line = new Line<String>();
    line.add("big", "route", 10, "x", Priority.INTERACTIVE, Set.of("full"));
    line.add("small", "route", 10, "y", Priority.INTERACTIVE, Set.of("full"));
    line.add("other", "route", 10, "z", Priority.BATCH, Set.of("free"));

    var asked = new ArrayList<String>();
    List<Line.Place<String>> served =
        line.serve((place, allowed) -> {
          asked.add(place.waiter());
          return place.wants().stream().anyMatch(want -> want.equals("free") && allowed.test(want));
        });

    assertThat(served).extracting(Line.Place::waiter).containsExactly("other");
    assertThat(asked).as("the small call must not overtake the big one").doesNotContain("small");
  }
}
