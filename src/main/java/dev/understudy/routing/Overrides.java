package dev.understudy.routing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a target changes in requests to it, in the words of its vendor's protocol.
 *
 * @param set JSON text by the path of the member, such as {@code generationConfig.temperature}
 * @param drop paths of members that are taken out
 */
public record Overrides(Map<String, String> set, List<String> drop) {
  public static final Overrides NONE = new Overrides(Map.of(), List.of());

  public Overrides {
    set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
    drop = List.copyOf(drop);
  }

  public boolean isEmpty() {
    return set.isEmpty() && drop.isEmpty();
  }
}
