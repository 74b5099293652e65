package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.json.JsonScanner;

/** Finds the bound that a caller sets on the length of the answer. */
final class MaxTokens {
  private static final String[] NAMES = {
    "max_completion_tokens", "max_tokens", "max_output_tokens"
  };
  private static final String[] GENERATION = {"generationConfig", "generation_config"};
  private static final String[] GEMINI_NAMES = {"maxOutputTokens", "max_output_tokens"};

  /** A larger bound is none. */
  private static final long MAX = 100_000_000;

  private MaxTokens() {}

  /** The bound; 0 if the caller sets none that makes sense. */
  static long of(ProtocolName protocol, byte[] body, int length, JsonScanner scanner) {
    scanner.scan(body, 0, length);
    if (!protocol.equals(ProtocolName.GEMINI)) {
      return number(NAMES, body, scanner);
    }
    for (String name : GENERATION) {
      int at = scanner.find(name);
      if (at >= 0 && scanner.kind(at) == '{') {
        int from = scanner.valueStart(at);
        scanner.scan(body, from, scanner.valueEnd(at) - from);
        return number(GEMINI_NAMES, body, scanner);
      }
    }
    return 0;
  }

  private static long number(String[] names, byte[] body, JsonScanner scanner) {
    for (String name : names) {
      int at = scanner.find(name);
      if (at >= 0) {
        long number = 0;
        for (int i = scanner.valueStart(at); i < scanner.valueEnd(at); i++) {
          int digit = body[i] - '0';
          if (digit < 0 || digit > 9 || number > MAX) {
            return 0;
          }
          number = number * 10 + digit;
        }
        return number;
      }
    }
    return 0;
  }
}
