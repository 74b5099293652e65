package dev.understudy.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which vendor keeps which reply, so that a request that goes on from one reaches the vendor that
 * has it. Remembers the newest; for an older one the route's first vendor is asked.
 */
final class OwnedReplies {
  private static final int KEPT_MAX = 20_000;
  private static final int ID_LENGTH_MAX = 128;

  private final Map<String, String> vendorById =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > KEPT_MAX;
        }
      };

  synchronized void keep(String id, String vendor) {
    if (!id.isEmpty() && id.length() <= ID_LENGTH_MAX) {
      vendorById.put(id, vendor);
    }
  }

  synchronized Optional<String> vendorOf(String id) {
    return Optional.ofNullable(vendorById.get(id));
  }
}
