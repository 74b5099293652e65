package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.json.JsonScanner;

/** Reads how much a request lets come back, so that as much can be set aside for it. */
final class AnswerBounds {
  private static final String[] NONE = {};
  private static final String[] CHAT = {"max_completion_tokens", "max_tokens"};
  private static final String[] RESPONSES = {"max_output_tokens"};
  private static final String[] MESSAGES = {"max_tokens"};
  private static final String[] GEMINI = {"maxOutputTokens", "max_output_tokens"};

  private static final String[] CHAT_ANSWERS = {"n"};
  private static final String[] GEMINI_ANSWERS = {"candidateCount", "candidate_count"};

  private static final String[] GENERATION = {"generationConfig", "generation_config"};

  /** A larger bound is none. */
  private static final long TOKENS_MAX = 1_000_000_000;

  /** No vendor gives as many answers at once. */
  private static final long ANSWERS_MAX = 1_000;

  private AnswerBounds() {}

  /** Where the bounds stand: the request itself, or the block of it that Gemini has for them. */
  static JsonScanner where(ProtocolName protocol, byte[] body, JsonScanner request) {
    if (protocol.equals(ProtocolName.GEMINI)) {
      for (String name : GENERATION) {
        int at = request.find(name);
        if (at >= 0 && request.kind(at) == '{') {
          var inner = new JsonScanner();
          int from = request.valueStart(at);
          inner.scan(body, from, request.valueEnd(at) - from);
          return inner;
        }
      }
    }
    return request;
  }

  /** The bound on one answer in tokens; 0 if none is set. */
  static long tokens(ProtocolName protocol, byte[] body, JsonScanner where) {
    return largest(tokenNames(protocol), body, where, TOKENS_MAX, 0);
  }

  /** How many answers are asked for at once. */
  static long answers(ProtocolName protocol, byte[] body, JsonScanner where) {
    return Math.max(1, largest(answerNames(protocol), body, where, ANSWERS_MAX, ANSWERS_MAX));
  }

  /** Those the protocol has: a bound that a vendor does not know does not bind it. */
  private static String[] tokenNames(ProtocolName protocol) {
    if (protocol.equals(ProtocolName.OPENAI_CHAT)) {
      return CHAT;
    }
    if (protocol.equals(ProtocolName.OPENAI_RESPONSES)) {
      return RESPONSES;
    }
    return protocol.equals(ProtocolName.GEMINI) ? GEMINI : MESSAGES;
  }

  private static String[] answerNames(ProtocolName protocol) {
    if (protocol.equals(ProtocolName.OPENAI_CHAT)) {
      return CHAT_ANSWERS;
    }
    return protocol.equals(ProtocolName.GEMINI) ? GEMINI_ANSWERS : NONE;
  }

  /**
   * The largest number under any of the names, for vendors differ in which of two they go by; 0 if
   * one of them is no whole number.
   */
  private static long largest(
      String[] names, byte[] body, JsonScanner where, long max, long beyond) {
    long largest = 0;
    for (String name : names) {
      int at = where.find(name);
      if (at < 0) {
        continue;
      }
      long number = 0;
      for (int i = where.valueStart(at); i < where.valueEnd(at); i++) {
        int digit = body[i] - '0';
        if (digit < 0 || digit > 9) {
          return 0;
        }
        number = number * 10 + digit;
        if (number > max) {
          return beyond;
        }
      }
      largest = Math.max(largest, number);
    }
    return largest;
  }
}
