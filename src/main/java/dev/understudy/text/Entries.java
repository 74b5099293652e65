package dev.understudy.text;

import java.util.List;
import java.util.Set;

/**
 * A block whose field names the person chooses.
 *
 * @param all those that could be read, in the order of the file, if need be without some of what
 *     they hold
 * @param broken the names of those about which a problem was reported
 */
public record Entries<T>(List<Entry<T>> all, Set<String> broken) {
  /** One field of such a block. */
  public record Entry<T>(Text name, T value) {}

  public Entries {
    all = List.copyOf(all);
    broken = Set.copyOf(broken);
  }
}
