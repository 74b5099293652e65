package dev.understudy.app;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What libraries would say of trouble that the program tells itself. */
final class LibraryLogs {
  /** Kept, or the level is forgotten with the logger. */
  private static final Logger SPANS = Logger.getLogger("io.opentelemetry.exporter");

  private LibraryLogs() {}

  /** Of each batch of spans that is not taken there would be a stack trace. */
  static void withoutSpans() {
    SPANS.setLevel(Level.OFF);
  }
}
