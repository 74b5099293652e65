package dev.understudy.vendor;

import java.util.Locale;

/** How a kind of vendor lets us in; {@link #text()} is its name in the catalogue. */
public enum Door {
  BEARER("authorization", "Bearer "),
  X_API_KEY("x-api-key", ""),
  X_GOOG_API_KEY("x-goog-api-key", ""),
  API_KEY("api-key", ""),
  /** A signature made with a pair of keys, or a bearer token. */
  AWS("authorization", "Bearer "),
  /** A token fetched for a service account, or a bearer token. */
  GOOGLE("authorization", "Bearer ");

  private final String header;
  private final String prefix;

  Door(String header, String prefix) {
    this.header = header;
    this.prefix = prefix;
  }

  /** The header that carries a key, in lower case. */
  public String header() {
    return header;
  }

  /** What stands before the key. */
  public String prefix() {
    return prefix;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
