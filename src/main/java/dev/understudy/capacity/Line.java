package dev.understudy.capacity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, in the order in which they are served: interactive calls before batch ones; among
 * these each caller in turn, so that one with a hundred calls does not hold up one with a single
 * call; and a caller's own calls as they came. Belongs to one thread at a time.
 *
 * @param <T> what waits
 */
final class Line<T> {
  /**
   * A place in the line.
   *
   * @param group what has a bound of its own: the route
   * @param round when its caller's turn is
   * @param number tells places of one round apart, in the order in which they were taken
   */
  record Place<T>(
      T waiter,
      String group,
      String caller,
      Priority priority,
      Set<String> wants,
      long round,
      long number)
      implements Comparable<Place<T>> {
    @Override
    public int compareTo(Place<T> other) {
      int first = priority.compareTo(other.priority);
      if (first == 0) {
        first = Long.compare(round, other.round);
      }
      return first == 0 ? Long.compare(number, other.number) : first;
    }
  }

  private record Turn(Priority priority, String caller) {}

  private final TreeSet<Place<T>> places = new TreeSet<>();
  private final Map<String, Integer> sizes = new HashMap<>();
  private final Map<Turn, Long> lastRounds = new HashMap<>();
  private final Map<Turn, Integer> waiting = new HashMap<>();
  private final long[] rounds = new long[Priority.values().length];
  private long numbers;

  int size() {
    return places.size();
  }

  int size(String group) {
    return sizes.getOrDefault(group, 0);
  }

  /**
   * Takes a place, unless its group is full: then null.
   *
   * @param wants the targets any of which would serve it
   */
  @Nullable Place<T> add(
      T waiter, String group, int max, String caller, Priority priority, Set<String> wants) {
    if (size(group) >= max) {
      return null;
    }
    var turn = new Turn(priority, caller);
    long round =
        Math.max(rounds[priority.ordinal()], lastRounds.getOrDefault(turn, Long.MIN_VALUE) + 1);
    lastRounds.put(turn, round);
    waiting.merge(turn, 1, Integer::sum);
    sizes.merge(group, 1, Integer::sum);
    var place = new Place<>(waiter, group, caller, priority, Set.copyOf(wants), round, numbers++);
    places.add(place);
    return place;
  }

  /** Gives up a place; false if it was given up before. */
  boolean remove(Place<T> place) {
    if (!places.remove(place)) {
      return false;
    }
    sizes.computeIfPresent(place.group(), (_, size) -> size == 1 ? null : size - 1);
    var turn = new Turn(place.priority(), place.caller());
    if (waiting.merge(turn, -1, Integer::sum) <= 0) {
      waiting.remove(turn);
      lastRounds.remove(turn);
    }
    return true;
  }

  /** How many are served before this one, by the present order. */
  int ahead(Place<T> place) {
    return places.headSet(place).size();
  }

  /**
   * Serves all that can be, in order. A target that one of them waits for in vain serves none
   * behind it, or small calls would overtake large ones for ever.
   *
   * @param serve whether a place could be served now by one of the targets it wants that are not in
   *     vain; asked once of each
   */
  List<Place<T>> serve(Serving<T> serve) {
    var served = new ArrayList<Place<T>>();
    var inVain = new HashSet<String>();
    for (Place<T> place : List.copyOf(places)) {
      boolean hopeless = inVain.containsAll(place.wants());
      if (!hopeless && serve.serves(place, target -> !inVain.contains(target))) {
        rounds[place.priority().ordinal()] =
            Math.max(rounds[place.priority().ordinal()], place.round());
        remove(place);
        served.add(place);
      } else {
        inVain.addAll(place.wants());
      }
    }
    return served;
  }

  /** Tries to serve a place. */
  interface Serving<T> {
    boolean serves(Place<T> place, Predicate<String> allowed);
  }
}
