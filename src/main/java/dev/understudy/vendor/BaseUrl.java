package dev.understudy.vendor;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A vendor's base address.
 *
 * @param host name or address, IPv6 without brackets
 * @param path begins with a slash and does not end with one; empty if there is none
 */
public record BaseUrl(boolean tls, String host, int port, String path) {
  private static final Pattern URL =
      Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<path>[^?#]*)");
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern PATH =
      Pattern.compile("(?:/(?!\\.{1,2}(?:/|$))(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*");
  private static final int LENGTH_MAX = 2_000;

  /**
   * Reads an address; slashes at its end do not count.
   *
   * @throws IllegalArgumentException with a message that says what is wrong and quotes nothing, for
   *     there may be a password in it
   */
  public static BaseUrl of(String text) {
    require(text.length() <= LENGTH_MAX, "is longer than " + LENGTH_MAX + " characters");
    require(text.indexOf('?') < 0 && text.indexOf('#') < 0, "must not have a query or a fragment");
    Matcher url = URL.matcher(text);
    require(url.matches(), "must begin with http:// or https://");
    String scheme = url.group("scheme").toLowerCase(Locale.ROOT);
    require(scheme.equals("http") || scheme.equals("https"), "must be http or https");
    String given = url.group("authority");
    require(given.indexOf('@') < 0, "must not hold a user or a password; set key instead");
    Matcher authority = AUTHORITY.matcher(given);
    require(authority.matches(), "does not name a host");
    boolean tls = scheme.equals("https");
    String port = authority.group("port");
    int number = port == null ? (tls ? 443 : 80) : Integer.parseInt(port);
    require(number >= 1 && number <= 65_535, "has a port that is not from 1 to 65535");
    String six = authority.group("six");
    String path = url.group("path").replaceAll("/+$", "");
    require(PATH.matcher(path).matches(), "has a path with characters that cannot stand there");
    String host = six == null ? authority.group("name") : six;
    return new BaseUrl(tls, host.toLowerCase(Locale.ROOT), number, path);
  }

  /** Without the first of these that its path ends with. */
  BaseUrl without(List<String> endings) {
    for (String ending : endings) {
      if (!ending.isEmpty() && path.endsWith(ending)) {
        return withPath(path.substring(0, path.length() - ending.length()));
      }
    }
    return this;
  }

  BaseUrl withPath(String other) {
    return new BaseUrl(tls, host, port, other);
  }

  /** As people write it. */
  @Override
  public String toString() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String suffix = port == (tls ? 443 : 80) ? "" : ":" + port;
    return (tls ? "https://" : "http://") + name + suffix + path;
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }
}
