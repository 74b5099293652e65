package dev.understudy.settlement.focus;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a dataset in their order. */
public final class Header {
  /** More columns than the largest dataset of the specification has with many of one's own. */
  static final int COLUMNS_MAX = 1_000;

  private final List<String> names;
  private final Map<String, Integer> places = new HashMap<>();

  /**
   * Makes one.
   *
   * @throws IllegalArgumentException if a name comes twice, or there are too many
   */
  Header(List<String> names) {
    this.names = List.copyOf(names);
    if (names.size() > COLUMNS_MAX) {
      throw new IllegalArgumentException("more than " + COLUMNS_MAX + " columns");
    }
    for (int i = 0; i < names.size(); i++) {
      if (places.put(names.get(i), i) != null) {
        throw new IllegalArgumentException("two columns are called " + names.get(i));
      }
    }
  }

  public List<String> names() {
    return names;
  }

  /** Its place from 0; -1 where there is no such column. */
  int indexOf(String name) {
    return places.getOrDefault(name, -1);
  }

  public boolean has(String name) {
    return places.containsKey(name);
  }
}
