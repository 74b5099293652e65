package dev.understudy.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What the operators' door has always shown; made by rooms that it does not see. */
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

  /** These pages at their addresses. */
  default List<Resource> resources() {
    return List.of(
        Resource.get(
                "/healthz", _ -> Reply.json("{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8)))
            .toEverybody(),
        Resource.get(
                "/metrics",
                request -> {
                  Page page = metrics(request.header("Accept"));
                  return Reply.of(200, page.contentType(), page.body());
                })
            .toEverybody(),
        Resource.get("/admin/info", _ -> Reply.json(info())),
        Resource.get(
            "/admin/exchanges",
            request -> Reply.json(exchanges(request.whole("limit", 1, 1_000, 100)))),
        Resource.get(
            "/admin/exchanges/{id}",
            request ->
                Reply.json(
                    exchange(request.named("id"))
                        .orElseThrow(() ->
                            new AdminRefusal(404, "no such exchange is kept, or no longer")))));
  }
}
