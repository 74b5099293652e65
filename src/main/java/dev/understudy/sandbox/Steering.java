package dev.understudy.sandbox;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.Nearness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what the control desk is told; what is not named stays as it is, and what nobody knows is
 * an error, so that a test with a slip of the pen does not pass for want of the limit it meant.
 *
 * <p>All throw {@link Malformed} or {@link IllegalArgumentException} with a message for whoever
 * sent the body.
 */
final class Steering {
  private Steering() {}

  static RateLimit limit(byte[] body, RateLimit now) {
    Fields told = members(body, "requests", "tokens", "provisioned", "left");
    return new RateLimit(
        told.integer("requests").orElse(now.requests()),
        told.integer("tokens").orElse(now.tokens()),
        told.integer("provisioned").orElse(now.provisioned()),
        number(told, "left", 100));
  }

  static Pace pace(byte[] body, Pace now) {
    Fields told =
        members(body, "firstTokenMillis", "tokensPerSecond", "tokensPerEvent", "heartbeatMillis");
    return new Pace(
        number(told, "firstTokenMillis", now.firstTokenMillis()),
        number(told, "tokensPerSecond", now.tokensPerSecond()),
        number(told, "tokensPerEvent", now.tokensPerEvent()),
        number(told, "heartbeatMillis", now.heartbeatMillis()));
  }

  /** One fault a line, or {@code {"faults": […]}}. */
  static List<Fault> faults(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    List<String> specifications =
        text.startsWith("{")
            ? members(body, "faults").texts("faults")
            : text.lines().filter(line -> !line.isBlank()).toList();
    return specifications.stream().map(Fault::parse).toList();
  }

  private static Fields members(byte[] body, String... known) {
    ObjectNode object = Json.parseObject(body);
    List<String> names = List.of(known);
    for (String name : object.propertyNames()) {
      if (!names.contains(name)) {
        throw new Malformed(
            "",
            "unknown member %s%s; known: %s"
                .formatted(
                    Nearness.quoted(name), Nearness.hint(name, names), String.join(", ", names)));
      }
    }
    return Fields.of(object);
  }

  private static int number(Fields told, String name, int otherwise) {
    long value = told.integer(name).orElse((long) otherwise);
    if (value != (int) value) {
      throw new Malformed(name, value + " is out of bounds");
    }
    return (int) value;
  }
}
