package dev.understudy.sandbox;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One fault as asked for.
 *
 * @param details the numbers of its specification: status, bytes, tokens, event, millis, retry,
 *     percent
 * @param times how many requests it befalls; {@link #ALWAYS} for all
 */
public record Fault(FaultKind kind, Map<String, Integer> details, int times) {

  public static final int ALWAYS = Integer.MAX_VALUE;

  private static final Set<String> DETAILS =
      Set.of("bytes", "tokens", "event", "millis", "retry", "percent");

  public Fault {
    details = Map.copyOf(details);
  }

  /**
   * Reads a specification such as {@code 429 retry 2 times 3} or {@code cut-tokens-5}: the kind or
   * a status, then pairs of a word and a number, separated by any of space, hyphen, equals sign,
   * colon, comma and semicolon. {@code times} is a number, {@code once} or {@code always} (which it
   * is when left out).
   *
   * @throws IllegalArgumentException if it is no such specification, with what is wrong
   */
  public static Fault parse(String specification) {
    String[] words = specification.strip().split("[\\s\\-=:,;]+");
    FaultKind kind = kind(words[0]);
    Map<String, Integer> details = new HashMap<>();
    if (kind == FaultKind.STATUS) {
      details.put("status", Integer.parseInt(words[0]));
    }
    int times = ALWAYS;
    for (int i = 1; i < words.length; i += 2) {
      String name = words[i];
      if (i + 1 == words.length) {
        throw wrong(specification, "\"" + name + "\" lacks a number");
      }
      if (name.equals("times")) {
        times = times(words[i + 1], specification);
      } else if (DETAILS.contains(name)) {
        details.put(name, number(words[i + 1], specification));
      } else {
        throw wrong(
            specification,
            "unknown word \"%s\"; known: bytes, tokens, event, millis, retry, percent, times"
                .formatted(name));
      }
    }
    return new Fault(kind, details, times);
  }

  /** A specification's fault if it is one; a model's name may only look like one. */
  static Optional<Fault> tryParse(String specification) {
    try {
      return Optional.of(parse(specification));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public Fault once() {
    return times(1);
  }

  public Fault times(int requests) {
    return new Fault(kind, details, requests);
  }

  int detail(String name, int otherwise) {
    return details.getOrDefault(name, otherwise);
  }

  boolean has(String name) {
    return details.containsKey(name);
  }

  /** The specification that says the same. */
  public String specification() {
    var text =
        new StringBuilder(
            kind == FaultKind.STATUS ? String.valueOf(detail("status", 500)) : kind.word());
    details.entrySet().stream()
        .filter(detail -> !detail.getKey().equals("status"))
        .sorted(Map.Entry.comparingByKey())
        .forEach(detail ->
            text.append(' ').append(detail.getKey()).append(' ').append(detail.getValue()));
    if (times != ALWAYS) {
      text.append(" times ").append(times);
    }
    return text.toString();
  }

  private static FaultKind kind(String word) {
    if (word.matches("[45]\\d\\d")) {
      return FaultKind.STATUS;
    }
    for (FaultKind kind : FaultKind.values()) {
      if (kind != FaultKind.STATUS && kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "unknown sandbox fault \"%s\"; known: a status from 400 to 599, refuse, reset, cut, stall,"
                .formatted(word)
            + " slow, malformed, error, mistyped, short, long, gzip, early, garbage, chop, babble");
  }

  private static int times(String word, String specification) {
    return switch (word) {
      case "once" -> 1;
      case "always" -> ALWAYS;
      default -> number(word, specification);
    };
  }

  private static int number(String word, String specification) {
    if (!word.matches("\\d{1,9}")) {
      throw wrong(specification, "\"" + word + "\" is not a number up to 999999999");
    }
    return Integer.parseInt(word);
  }

  private static IllegalArgumentException wrong(String specification, String what) {
    return new IllegalArgumentException(
        "sandbox fault \"%s\": %s".formatted(specification.strip(), what));
  }
}
