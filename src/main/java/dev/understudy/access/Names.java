package dev.understudy.access;

import java.util.regex.Pattern;

/** What names of keys, teams, organisations and tags may look like. */
final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private Names() {}

  /**
   * The name, if it is one.
   *
   * @param whose such as {@code a team's}
   */
  static String check(String whose, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          whose + " name is up to 64 letters, digits, dots, dashes and underscores");
    }
    return name;
  }
}
