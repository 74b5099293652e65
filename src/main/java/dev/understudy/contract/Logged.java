package dev.understudy.contract;

import dev.understudy.access.Digest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A happening as it was taken down, and is never changed.
 *
 * @param number counted from 1, without gaps
 * @param takenAt when we took it down
 * @param by who told: an operator's name, or {@code gateway}
 * @param previous the hash of the one before; {@link #START} for the first
 * @param hash of all of this
 */
public record Logged(
    long number, Instant takenAt, String by, Happening what, String previous, String hash) {
  /** What the first one follows. */
  public static final String START = "0".repeat(64);

  public Logged {
    takenAt = takenAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The one after another, with its hash. */
  public static Logged after(Optional<Logged> last, Instant takenAt, String by, Happening what) {
    var open =
        new Logged(
            last.map(Logged::number).orElse(0L) + 1,
            takenAt,
            by,
            what,
            last.map(Logged::hash).orElse(START),
            "");
    return new Logged(open.number, open.takenAt, open.by, what, open.previous, digest(open));
  }

  private static String digest(Logged open) {
    var text = new StringBuilder();
    for (Object part :
        List.of(
            open.number,
            open.takenAt.toEpochMilli(),
            open.by,
            open.what.kind().word(),
            open.what.contract(),
            open.what.clause(),
            open.what.at().toEpochMilli(),
            open.previous)) {
      put(text, part.toString());
    }
    for (Map.Entry<String, String> detail : open.what.details().entrySet()) {
      put(text, detail.getKey());
      put(text, detail.getValue());
    }
    return Digest.of(text.toString()).hex();
  }

  /** With its length before it, so that no two lists of texts come out the same. */
  private static void put(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part);
  }

  /** What is wrong with a chain, in words; empty if nothing is. */
  public static Optional<String> fault(List<Logged> chain) {
    String head = START;
    long number = 0;
    for (Logged one : chain) {
      number++;
      if (one.number() != number) {
        return Optional.of("%d stands where %d should".formatted(one.number(), number));
      }
      if (!one.previous().equals(head)) {
        return Optional.of(number + " does not follow the one before it");
      }
      if (!digest(one).equals(one.hash())) {
        return Optional.of(number + " is not what was taken down: its hash differs");
      }
      head = one.hash();
    }
    return Optional.empty();
  }
}
