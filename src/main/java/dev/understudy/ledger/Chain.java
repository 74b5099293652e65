package dev.understudy.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/**
 * Spells entries out and hashes them, each with the hash of the one before it, so that none can be
 * changed, dropped or put in between without all that follow.
 */
public final class Chain {
  /** What stands for the hash before the first entry. */
  public static final String START = "0".repeat(64);

  private Chain() {}

  /** SHA-256 of an entry as spelled out here, in hexadecimal digits. */
  static String hash(Entry entry) {
    var text = new Spelling("understudy ledger entry 1\n");
    line(text, "previous", entry.previous());
    line(text, "number", Long.toString(entry.number()));
    line(text, "received", entry.receivedAt().toString());
    line(text, "booked", entry.bookedAt().toString());
    line(text, "correction", Boolean.toString(entry.correction()));
    body(text, entry.draft());
    return text.sha256();
  }

  /** SHA-256 of what was told, by which a second telling is known to be the same. */
  static String body(Draft draft) {
    var text = new Spelling("understudy ledger fact 1\n");
    body(text, draft);
    return text.sha256();
  }

  private static void body(Spelling text, Draft draft) {
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
  private static void line(Spelling text, String name, String value) {
    text.add(Integer.toString(name.length()), ' ');
    text.add(Integer.toString(value.length()), ' ');
    text.add(name, ' ');
    text.add(value, '\n');
  }

  /** UTF-8 at once: an entry is spelled out for every attempt. */
  private static final class Spelling {
    /** More than the bytes of a usual entry. */
    private static final int USUAL = 1_200;

    private static final int BYTES_PER_CHAR_MAX = 3;

    private byte[] bytes = new byte[USUAL];
    private int length;

    Spelling(String first) {
      add(first);
    }

    void add(String text, char end) {
      add(text);
      add(String.valueOf(end));
    }

    private void add(String text) {
      int most = length + text.length() * BYTES_PER_CHAR_MAX;
      if (most > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(most, 2 * bytes.length));
      }
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
          System.arraycopy(rest, 0, bytes, length, rest.length);
          length += rest.length;
          return;
        }
        bytes[length++] = (byte) c;
      }
    }

    String sha256() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(bytes, 0, length);
        return HexFormat.of().formatHex(digest.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
