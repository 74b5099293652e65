package dev.understudy.routing;

import java.util.Locale;

/** What keeps calls together at one target, so that its vendor's prompt cache keeps its worth. */
public enum Affinity {
  NONE,
  /** A session that the request names, else its conversation if that is worth a cache. */
  AUTO,
  /** The user that the request names. */
  USER,
  /** How the conversation begins. */
  CONVERSATION,
  /** The prompt cache's key that the request names. */
  PROMPT_CACHE_KEY;

  /** As settings write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
