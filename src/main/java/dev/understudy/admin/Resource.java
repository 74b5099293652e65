package dev.understudy.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One method at one address of the operators' door, with what it does.
 *
 * @param method GET, POST, PUT, PATCH or DELETE; HEAD is answered by whatever answers GET
 * @param path segments as a template: {@code /admin/keys/{id}} matches any one segment there, and
 *     literal segments go before templates
 * @param open whether everybody who reaches the port is let in; else the doorkeeper decides
 * @param bodyMax the largest body that is taken, in bytes
 */
public record Resource(String method, Path path, boolean open, int bodyMax, Action action) {
  /** Bodies are this large at most unless a resource says otherwise. */
  public static final int BODY_MAX = 1 << 20;

  /** The methods there are, in the order in which they are named. */
  static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  /** What is done for a request, on a virtual thread of its own: it may block. */
  @FunctionalInterface
  public interface Action {
    /**
     * Answers.
     *
     * @throws AdminRefusal if the request cannot be followed
     */
    Reply answer(AdminRequest request);
  }

  public Resource {
    if (!METHODS.contains(method) || method.equals("HEAD")) {
      throw new IllegalArgumentException("unknown method " + method);
    }
  }

  public static Resource get(String path, Action action) {
    return new Resource("GET", Path.of(path), false, 0, action);
  }

  public static Resource post(String path, Action action) {
    return new Resource("POST", Path.of(path), false, BODY_MAX, action);
  }

  public static Resource put(String path, Action action) {
    return new Resource("PUT", Path.of(path), false, BODY_MAX, action);
  }

  public static Resource patch(String path, Action action) {
    return new Resource("PATCH", Path.of(path), false, BODY_MAX, action);
  }

  public static Resource delete(String path, Action action) {
    return new Resource("DELETE", Path.of(path), false, BODY_MAX, action);
  }

  /** The same for whoever reaches the port, token or not. */
  public Resource toEverybody() {
    return new Resource(method, path, true, bodyMax, action);
  }

  /** The same with another bound on bodies. */
  public Resource withBodyMax(int bytes) {
    return new Resource(method, path, open, bytes, action);
  }

  boolean answers(String asked) {
    return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
  }

  /**
   * An address with places for names.
   *
   * @param template as it is written, such as {@code /admin/keys/{id}/rotate}
   */
  public record Path(String template, List<String> segments) {
    public Path {
      segments = List.copyOf(segments);
    }

    static Path of(String template) {
      if (!template.startsWith("/")) {
        throw new IllegalArgumentException("a path begins with a slash: " + template);
      }
      return new Path(template, List.of(template.substring(1).split("/", -1)));
    }

    /** What stands at each place, still encoded; empty if the address is another. */
    Optional<Map<String, String>> match(List<String> asked) {
      if (asked.size() != segments.size()) {
        return Optional.empty();
      }
      var names = new LinkedHashMap<String, String>();
      for (int i = 0; i < segments.size(); i++) {
        String segment = segments.get(i);
        if (segment.startsWith("{")) {
          if (asked.get(i).isEmpty()) {
            return Optional.empty();
          }
          names.put(segment.substring(1, segment.length() - 1), asked.get(i));
        } else if (!segment.equals(asked.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(names);
    }

    /** How many places for names there are: the fewer, the closer the match. */
    int places() {
      return (int) segments.stream().filter(segment -> segment.startsWith("{")).count();
    }
  }
}
