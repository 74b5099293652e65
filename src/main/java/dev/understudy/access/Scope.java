package dev.understudy.access;

/**
 * One level at which use is counted: an organisation, a team or a key, with its limits. A call
 * counts in all scopes of its caller at once.
 *
 * @param id the level and the name, such as {@code team:search}; equal ids share one count
 */
public record Scope(String id, Limits limits) {
  public Scope {
    if (id.isBlank() || id.length() > ID_MAX) {
      throw new IllegalArgumentException("a scope's id has 1 to %d characters".formatted(ID_MAX));
    }
    for (int i = 0; i < id.length(); i++) {
      if (Character.isISOControl(id.charAt(i))) {
        throw new IllegalArgumentException("a scope's id has no control characters");
      }
    }
  }

  private static final int ID_MAX = 256;
}
