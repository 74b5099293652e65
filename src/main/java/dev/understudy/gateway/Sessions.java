package dev.understudy.gateway;

import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.routing.Affinity;
import java.nio.charset.StandardCharsets;

/**
 * Finds a number for the session that a request belongs to: calls of one session have one number,
 * and so have those whose prompts begin alike, for that is what a vendor caches.
 */
final class Sessions {
  /**
   * Below this a prompt is worth no cache: vendors begin to cache at about a thousand tokens, so
   * calls that are shorter are spread as the route says.
   *
   * @see <a href="https://platform.openai.com/docs/guides/prompt-caching">OpenAI: from 1024
   *     tokens</a>
   */
  static final int CACHED_BYTES_MIN = 4 << 10;

  /** Instructions and first turns are told apart well before this. */
  private static final int HASHED_BYTES_MAX = 64 << 10;

  private static final String[] CACHE_KEYS = {"prompt_cache_key", "session_id"};
  private static final String[] USERS = {"user", "safety_identifier", "metadata"};
  private static final String[] INSTRUCTIONS = {
    "system", "instructions", "systemInstruction", "system_instruction"
  };
  private static final String[] TURNS = {"messages", "input", "contents"};

  private Sessions() {}

  /** The session's number; 0 if the request is in none. */
  static long of(Affinity affinity, byte[] body, int length, JsonScanner scanner) {
    try {
      scanner.scan(body, 0, length);
    } catch (Malformed e) {
      return 0;
    }
    return switch (affinity) {
      case NONE -> 0;
      case PROMPT_CACHE_KEY -> member(CACHE_KEYS, body, scanner);
      case USER -> member(USERS, body, scanner);
      case CONVERSATION -> conversation(body, scanner);
      case AUTO -> {
        long named = member(CACHE_KEYS, body, scanner);
        yield named != 0 || length < CACHED_BYTES_MIN ? named : conversation(body, scanner);
      }
    };
  }

  private static long member(String[] names, byte[] body, JsonScanner scanner) {
    for (String name : names) {
      int at = scanner.find(name);
      if (at >= 0 && !scanner.isNull(at)) {
        return nonZero(hash(START, body, scanner.valueStart(at), scanner.valueEnd(at)));
      }
    }
    return 0;
  }

  /** The instructions and the turns up to the first of a person: these stay as a talk goes on. */
  private static long conversation(byte[] body, JsonScanner scanner) {
    long hash = START;
    for (String name : INSTRUCTIONS) {
      int at = scanner.find(name);
      if (at >= 0) {
        hash = hash(hash, body, scanner.valueStart(at), scanner.valueEnd(at));
      }
    }
    for (String name : TURNS) {
      int at = scanner.find(name);
      if (at >= 0) {
        int from = scanner.valueStart(at);
        int to = scanner.valueEnd(at);
        return nonZero(hash(hash, body, from, body[from] == '[' ? firstTurns(body, from, to) : to));
      }
    }
    return 0;
  }

  private static final byte[] USER = "\"user\"".getBytes(StandardCharsets.US_ASCII);

  /** Where in a list the first element ends in which somebody speaks as user; else its end. */
  private static int firstTurns(byte[] body, int from, int to) {
    int depth = 0;
    boolean user = false;
    for (int i = from; i < to; i++) {
      switch (body[i]) {
        case '"' -> {
          int end = stringEnd(body, i, to);
          user |= depth == 2 && matches(body, i, end);
          i = end - 1;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> {
          depth--;
          if (depth == 1 && user) {
            return i + 1;
          }
        }
        default -> {}
      }
    }
    return to;
  }

  private static boolean matches(byte[] body, int from, int to) {
    return java.util.Arrays.equals(body, from, to, USER, 0, USER.length);
  }

  private static int stringEnd(byte[] body, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (body[i] == '\\') {
        i++;
      } else if (body[i] == '"') {
        return i + 1;
      }
    }
    return to;
  }

  private static final long START = 0xcbf29ce484222325L;

  private static long hash(long start, byte[] body, int from, int to) {
    long hash = start;
    for (int i = from; i < Math.min(to, from + HASHED_BYTES_MAX); i++) {
      hash = (hash ^ body[i]) * 0x100000001b3L;
    }
    return hash;
  }

  private static long nonZero(long hash) {
    return hash == 0 ? 1 : hash;
  }
}
