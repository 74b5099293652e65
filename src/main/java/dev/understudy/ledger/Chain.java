package dev.understudy.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * Spells entries out and hashes them, each with the hash of the one before it, so that none can be
 * changed, dropped or put in between without all that follow.
 */
public final class Chain {
  /** What stands for the hash before the first entry. */
  public static final String START = "0".repeat(64);

  /** Characters of a usual entry: more than the builder of a text has at first. */
  private static final int USUAL = 900;

  private Chain() {}

  /** SHA-256 of an entry as spelled out here, in hexadecimal digits. */
  static String hash(Entry entry) {
    var text = new StringBuilder(USUAL).append("understudy ledger entry 1\n");
    line(text, "previous", entry.previous());
    line(text, "number", Long.toString(entry.number()));
    line(text, "received", entry.receivedAt().toString());
    line(text, "booked", entry.bookedAt().toString());
    line(text, "correction", Boolean.toString(entry.correction()));
    body(text, entry.draft());
    return sha256(text);
  }

  /** SHA-256 of what was told, by which a second telling is known to be the same. */
  static String body(Draft draft) {
    var text = new StringBuilder(USUAL).append("understudy ledger fact 1\n");
    body(text, draft);
    return sha256(text);
  }

  private static void body(StringBuilder text, Draft draft) {
    line(text, "source", draft.event().source());
    line(text, "id", draft.event().id());
    line(text, "act", draft.act().word());
    draft
        .act()
        .ends()
        .ifPresent(ended -> {
          line(text, "ends source", ended.source());
          line(text, "ends id", ended.id());
        });
    if (draft.act() instanceof Act.Reserve(Instant expiresAt)) {
      line(text, "expires", expiresAt.toString());
    }
    line(text, "currency", draft.currency().getCurrencyCode());
    line(text, "occurred", draft.occurredAt().toString());
    for (Posting posting : draft.postings()) {
      line(text, "posting", posting.account() + " " + posting.amount());
    }
    for (Map.Entry<String, String> note : draft.notes().entrySet()) {
      line(text, "note " + note.getKey(), note.getValue());
    }
  }

  /** With its length, so that no text can pass for two lines. */
  private static void line(StringBuilder text, String name, String value) {
    text.append(name.length())
        .append(' ')
        .append(value.length())
        .append(' ')
        .append(name)
        .append(' ')
        .append(value)
        .append('\n');
  }

  private static String sha256(StringBuilder text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
