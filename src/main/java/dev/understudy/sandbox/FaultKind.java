package dev.understudy.sandbox;

import java.util.Locale;

/** What a sandbox vendor can do wrong on demand. */
public enum FaultKind {
  STATUS(
      "503",
      "refuses with this HTTP status (400 to 599) in the vendor's own error form; 429, 503 and 529"
          + " carry `retry-after` (`retry` seconds, 1 unless told)"),
  REFUSE(
      "refuse millis 500",
      "closes the listening socket and all connections for `millis` (1000 unless told), so that"
          + " connecting is refused"),
  RESET(
      "reset tokens 3",
      "resets the connection (RST) before the reply's head, or after `bytes` or `tokens` of it"),
  CUT(
      "cut tokens 3",
      "closes the connection cleanly (FIN) without the protocol's end after `bytes` or `tokens` of"
          + " the body; after the head without a number"),
  STALL(
      "stall tokens 3",
      "sends nothing more after `tokens` (before the head without a number) and keeps the"
          + " connection open"),
  SLOW("slow millis 5000", "waits `millis` (1000 unless told) before the reply's head"),
  MALFORMED(
      "malformed event 2",
      "breaks the event with this number (from 1), or the whole body of an unstreamed reply"),
  ERROR(
      "error event 3",
      "sends the vendor's own error event in place of the event with this number inside a 200"
          + " stream and ends; an unstreamed reply becomes a 500"),
  MISTYPED("mistyped", "says `text/html` instead of the reply's content type"),
  SHORT(
      "short",
      "announces a `content-length` beyond the body's and closes the connection after the body"),
  LONG("long", "announces a `content-length` below the body's and sends all of the body"),
  GZIP("gzip", "compresses the body and says so, whether or not the caller accepts it"),
  EARLY("early", "sends an interim 103 reply before the reply"),
  GARBAGE("garbage", "sends bytes that belong to no reply after the reply's end"),
  CHOP("chop bytes 1", "writes the body in pieces of `bytes` (1 unless told), each on its own"),
  BABBLE(
      "babble percent 20",
      "recites words that have nothing to do with the question, where text is asked for");

  private final String example;
  private final String meaning;

  FaultKind(String example, String meaning) {
    this.example = example;
    this.meaning = meaning;
  }

  /** A specification that asks for it. */
  public String example() {
    return example;
  }

  public String meaning() {
    return meaning;
  }

  /** The first word of its specification. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
