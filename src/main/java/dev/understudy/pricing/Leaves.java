package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Cache;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Leaf.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Leaves by name, and which of them are a kind of which. */
final class Leaves {
  private static final Map<String, Leaf> BY_NAME = all();

  private Leaves() {}

  static Optional<Leaf> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static Set<String> names() {
    return BY_NAME.keySet();
  }

  /** Whether one leaf is the other in a wider sense, and so may fall back to its price. */
  static boolean isParent(Leaf parent, Leaf child) {
    return !parent.equals(child)
        && parent.direction() == child.direction()
        && isWider(parent.modality(), child.modality())
        && isWider(parent.cache(), child.cache())
        && (parent.phase() == child.phase() || parent.phase() == Phase.MAIN);
  }

  private static boolean isWider(Modality parent, Modality child) {
    return parent == child
        || parent == Modality.TEXT
        // Pages and frames are pictures to a model, and some vendors price them so.
        || (parent == Modality.IMAGE && (child == Modality.DOCUMENT || child == Modality.VIDEO));
  }

  private static boolean isWider(Cache parent, Cache child) {
    return parent == child
        || parent == Cache.NONE
        || (parent == Cache.WRITE && (child == Cache.WRITE_5M || child == Cache.WRITE_1H));
  }

  private static Map<String, Leaf> all() {
    var all = new LinkedHashMap<String, Leaf>();
    for (Direction direction : Direction.values()) {
      for (Modality modality : Modality.values()) {
        for (Cache cache : Cache.values()) {
          for (Phase phase : Phase.values()) {
            // Nothing is written to or read from a cache on its way out.
            if (direction == Direction.INPUT || cache == Cache.NONE) {
              var leaf = new Leaf(direction, modality, cache, phase);
              all.put(leaf.name(), leaf);
            }
          }
        }
      }
    }
    return all;
  }
}
