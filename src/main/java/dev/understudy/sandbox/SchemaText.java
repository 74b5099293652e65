package dev.understudy.sandbox;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/** Makes a string that a string schema accepts. */
final class SchemaText {
  private static final int LENGTH_MAX = 100_000;

  /** What patterns usually ask for; the first that matches is taken. */
  private static final List<String> CANDIDATES =
      List.of(
          "sandbox",
          "Sandbox",
          "SANDBOX",
          "sandbox-1",
          "sandbox_1",
          "1",
          "12",
          "123",
          "1234",
          "12345",
          "123456",
          "a",
          "A",
          "AB",
          "ABC",
          "ABCD",
          "AB12",
          "ABC123",
          "ABC-123",
          "a1",
          "2026-01-01",
          "2026-01-01T00:00:00Z",
          "12:00",
          "12:00:00",
          "2026",
          "1.0",
          "1.0.0",
          "sandbox@example.com",
          "https://example.com/",
          "+15550100",
          "555-0100",
          "555-123-4567",
          "(555) 123-4567",
          "#a1b2c3",
          "00000000-0000-4000-8000-000000000000",
          "127.0.0.1",
          "USD",
          "$1.00",
          "order_12345",
          "/sandbox",
          "user_1",
          "");

  private SchemaText() {}

  static String of(JsonNode schema, String preferred) {
    String pattern = schema.path("pattern").asString("");
    if (!pattern.isEmpty()) {
      return matching(pattern, preferred);
    }
    String text =
        switch (schema.path("format").asString("")) {
          case "date" -> "2026-01-01";
          case "date-time" -> "2026-01-01T00:00:00Z";
          case "time" -> "12:00:00Z";
          case "duration" -> "PT1H";
          case "email" -> "sandbox@example.com";
          case "uri", "url", "uri-reference" -> "https://example.com/sandbox";
          case "hostname" -> "example.com";
          case "uuid" -> "00000000-0000-4000-8000-000000000000";
          case "ipv4" -> "127.0.0.1";
          case "ipv6" -> "::1";
          default -> preferred;
        };
    int min = Math.clamp(schema.path("minLength").asInt(0), 0, LENGTH_MAX);
    int max = Math.clamp(schema.path("maxLength").asInt(LENGTH_MAX), 0, LENGTH_MAX);
    var longer = new StringBuilder(text);
    while (longer.length() < min) {
      longer.append(" sandbox");
    }
    if (longer.length() > min && longer.length() > max) {
      longer.setLength(max);
    }
    return longer.toString();
  }

  private static String matching(String pattern, String preferred) {
    try {
      var compiled = Pattern.compile(pattern);
      if (compiled.matcher(preferred).find()) {
        return preferred;
      }
      for (String candidate : CANDIDATES) {
        if (compiled.matcher(candidate).find()) {
          return candidate;
        }
      }
      String made = PatternExample.of(pattern);
      return compiled.matcher(made).find() ? made : preferred;
    } catch (PatternSyntaxException e) {
      return preferred;
    }
  }
}
