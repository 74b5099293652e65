package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What an operator asks for, with bounds already kept. */
public final class AdminRequest {
  private final Map<String, String> names;
  private final Map<String, String> query;
  private final Map<String, String> headers;
  private final byte[] body;
  private final String operator;

  /**
   * Takes a request apart.
   *
   * @param names what stands at the places of the path, still encoded
   * @param rawQuery what stands behind the question mark; empty if nothing does
   * @param headers by names in lower case
   * @param operator who asks
   * @throws AdminRefusal if something in the address is not encoded well, or stands there twice
   */
  AdminRequest(
      Map<String, String> names,
      String rawQuery,
      Map<String, String> headers,
      byte[] body,
      String operator) {
    var decoded = new LinkedHashMap<String, String>();
    names.forEach((name, value) -> decoded.put(name, Percent.decode(value, false)));
    this.names = decoded;
    this.query = parameters(rawQuery);
    this.headers = Map.copyOf(headers);
    this.body = body;
    this.operator = operator;
  }

  /**
   * Who asks: the name of a person with a token of their own, {@link Doorkeeper#SHARED} for who
   * shows the token all share, empty where no token was needed.
   */
  public String operator() {
    return operator;
  }

  private static Map<String, String> parameters(String raw) {
    var all = new LinkedHashMap<String, String>();
    for (String part : raw.isEmpty() ? new String[0] : raw.split("&", 200)) {
      int mark = part.indexOf('=');
      String name = Percent.decode(mark < 0 ? part : part.substring(0, mark), true);
      String value = mark < 0 ? "" : Percent.decode(part.substring(mark + 1), true);
      if (all.putIfAbsent(name, value) != null) {
        throw new AdminRefusal(400, name + " is there twice");
      }
    }
    return all;
  }

  /** What stands in the path at the place of that name. */
  public String named(String place) {
    String value = names.get(place);
    if (value == null) {
      throw new IllegalArgumentException("the path has no place " + place);
    }
    return value;
  }

  /** A parameter of the query. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /**
   * A whole number of the query, within bounds.
   *
   * @throws AdminRefusal if it is something else
   */
  public int whole(String name, int min, int max, int byDefault) {
    String given = query.get(name);
    if (given == null) {
      return byDefault;
    }
    if (!given.matches("[0-9]{1,9}")
        || Integer.parseInt(given) < min
        || Integer.parseInt(given) > max) {
      throw new AdminRefusal(
          400, "%s must be a whole number from %d to %d".formatted(name, min, max));
    }
    return Integer.parseInt(given);
  }

  /** A header; empty if it is not there. */
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** The body as it came. */
  public byte[] body() {
    return body.clone();
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * The body as a JSON object; an empty body is an empty object.
   *
   * @throws AdminRefusal if it is anything else
   */
  public ObjectNode json() {
    if (body.length == 0) {
      return Json.object();
    }
    String type = header("content-type").toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    if (!type.equals("application/json")) {
      throw new AdminRefusal(415, "send JSON with the header Content-Type: application/json");
    }
    try {
      return Json.parseObject(body);
    } catch (Malformed e) {
      throw new AdminRefusal(400, e.getMessage());
    }
  }
}
