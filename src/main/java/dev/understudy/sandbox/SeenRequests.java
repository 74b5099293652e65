package dev.understudy.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last requests one server saw. */
final class SeenRequests {
  /** As many are kept. */
  static final int KEPT_MAX = 100;

  /** And as many bytes of their bodies, all together; the oldest go first. */
  static final long KEPT_BYTES_MAX = 128L << 20;

  private final Map<Long, SeenRequest> kept = new LinkedHashMap<>();
  private long count;
  private long bytes;

  synchronized long add(String method, String uri, Map<String, String> headers, byte[] body) {
    long number = ++count;
    kept.put(number, new SeenRequest(number, method, uri, headers, body, "waiting", 0));
    bytes += body.length;
    var oldest = kept.entrySet().iterator();
    while (kept.size() > 1 && (kept.size() > KEPT_MAX || bytes > KEPT_BYTES_MAX)) {
      bytes -= oldest.next().getValue().body().length;
      oldest.remove();
    }
    return number;
  }

  synchronized void note(long number, String outcome, int tokens) {
    kept.computeIfPresent(number, (_, seen) -> seen.with(outcome, tokens));
  }

  synchronized List<SeenRequest> all() {
    return new ArrayList<>(kept.values());
  }

  synchronized long count() {
    return count;
  }

  synchronized void clear() {
    kept.clear();
    bytes = 0;
  }
}
