package dev.understudy.chat;

import java.util.Locale;

/** What a request may ask of a model beyond answering text with text. */
public enum Feature {
  IMAGES,
  AUDIO,
  VIDEO,
  DOCUMENTS,
  TOOLS,
  JSON_SCHEMA,
  REASONING,
  STREAM;

  /** As settings and records write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
