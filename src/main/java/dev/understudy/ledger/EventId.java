package dev.understudy.ledger;

/**
 * The name of a fact, by which it is booked once however often it is told.
 *
 * @param source who tells it, such as {@code exchange} or {@code invoice:anthropic}
 * @param id its name there
 */
public record EventId(String source, String id) {
  private static final int LENGTH_MAX = 200;

  public EventId {
    check("source", source);
    check("id", id);
  }

  private static void check(String field, String value) {
    if (value.isEmpty() || value.length() > LENGTH_MAX || !value.chars().allMatch(EventId::isFit)) {
      throw new IllegalArgumentException(
          "the %s of an event is 1 to %d printable characters without spaces"
              .formatted(field, LENGTH_MAX));
    }
  }

  private static boolean isFit(int c) {
    return c > ' ' && c != 0x7f && Character.isDefined(c) && !Character.isISOControl(c);
  }

  @Override
  public String toString() {
    return source + " " + id;
  }
}
