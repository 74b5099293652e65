package dev.understudy.protocol.anthropic;

import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the inputs of tool calls in the bytes of an answer, so that they can stay as they are. */
final class RawInputs {
  private RawInputs() {}

  /**
   * The text of {@code input} of each content block, empty for blocks without one.
   *
   * @param body a valid document
   */
  static List<Optional<String>> of(byte[] body) {
    var scanner = new JsonScanner();
    try {
      scanner.scan(body, 0, body.length);
      int content = scanner.find("content");
      if (content < 0 || scanner.kind(content) != '[') {
        return List.of();
      }
      return elements(body, scanner.valueStart(content) + 1, scanner.valueEnd(content) - 1);
    } catch (Malformed e) {
      // More members than the scanner keeps: the inputs are then as the parser writes them.
      return List.of();
    }
  }

  private static List<Optional<String>> elements(byte[] body, int from, int to) {
    var inputs = new ArrayList<Optional<String>>();
    var scanner = new JsonScanner();
    int depth = 0;
    int start = from;
    boolean inString = false;
    for (int i = from; i <= to; i++) {
      byte b = i == to ? (byte) ',' : body[i];
      if (inString) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          inString = false;
        }
        continue;
      }
      switch (b) {
        case '"' -> inString = true;
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case ',' -> {
          if (depth == 0) {
            inputs.add(input(scanner, body, start, i - start));
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    return inputs;
  }

  private static Optional<String> input(JsonScanner scanner, byte[] body, int from, int length) {
    if (new String(body, from, length, StandardCharsets.UTF_8).isBlank()) {
      return Optional.empty();
    }
    scanner.scan(body, from, length);
    int input = scanner.find("input");
    return input < 0
        ? Optional.empty()
        : Optional.of(
            new String(
                body,
                scanner.valueStart(input),
                scanner.valueEnd(input) - scanner.valueStart(input),
                StandardCharsets.UTF_8));
  }
}
