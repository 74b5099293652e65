package dev.understudy.contract;

import dev.understudy.contract.Happening.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A time in which a vendor's service level does not count, such as announced maintenance.
 *
 * @param vendor the vendor in the settings; empty for all of the party's
 */
public record Excluded(String reason, Span span, String vendor) {

  /** Whether an attempt at a vendor at an instant does not count. */
  public boolean holds(String at, Instant instant) {
    return span.contains(instant) && (vendor.isEmpty() || vendor.equals(at));
  }

  /**
   * What was told, by contract. One that is told again with the same beginning and vendor takes the
   * place of the one before; one that ends where it begins is none.
   */
  static Map<String, List<Excluded>> of(List<Logged> log) {
    record Key(String contract, String since, String vendor) {}
    var last = new LinkedHashMap<Key, Happening>();
    for (Logged one : log) {
      Happening what = one.what();
      if (what.kind() == Kind.EXCLUDE) {
        last.put(new Key(what.contract(), what.detail("since"), what.detail("vendor")), what);
      }
    }
    var all = new LinkedHashMap<String, List<Excluded>>();
    for (Happening what : last.values()) {
      Instant since = Instant.parse(what.detail("since"));
      Instant until = Instant.parse(what.detail("until"));
      if (since.isBefore(until)) {
        all.computeIfAbsent(what.contract(), _ -> new ArrayList<>())
            .add(
                new Excluded(
                    what.detail("reason"),
                    new Span(since, Optional.of(until)),
                    what.detail("vendor")));
      }
    }
    return all;
  }
}
