package dev.understudy.admin;

import java.util.Optional;

/** What the operators' door shows; made by rooms that it does not see. */
public interface Pages {
  /** A page's body with its content type. */
  record Page(String contentType, byte[] body) {}

  /**
   * Metrics in a format of Prometheus.
   *
   * @param accept the Accept header; empty if there is none
   */
  Page metrics(String accept);

  /** What is running and how it is configured, as JSON without secrets. */
  byte[] info();

  /** The last exchanges, the newest first, as JSON. */
  byte[] exchanges(int limit);

  /** One exchange as JSON; empty if it is not, or no longer, known. */
  Optional<byte[]> exchange(String id);
}
