package dev.understudy.store;

import dev.understudy.vendor.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a PostgreSQL database is, and how to be let in.
 *
 * @param tls as {@code sslmode}: {@code disable}, {@code prefer}, {@code require}, {@code
 *     verify-ca} or {@code verify-full}
 * @param ca the file with the certificates to trust, PEM
 * @param connections how many connections there may be at once
 */
public record PostgresAddress(
    String host,
    int port,
    String database,
    Optional<String> user,
    Optional<Secret> password,
    String tls,
    Optional<String> ca,
    int connections) {
  private static final Set<String> MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /**
   * Reads an address such as {@code postgres://user:password@host:5432/database?sslmode=require}.
   *
   * @param user goes before the address's own
   * @param password goes before the address's own
   * @throws IllegalArgumentException if it is none; the message does not repeat it
   */
  public static PostgresAddress parse(
      String url, Optional<String> user, Optional<Secret> password, int connections) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw wrong();
    }
    String scheme = String.valueOf(uri.getScheme());
    String path = String.valueOf(uri.getPath());
    if (!(scheme.equals("postgres") || scheme.equals("postgresql"))
        || uri.getHost() == null
        || uri.getFragment() != null
        || !path.matches("/[^/]+")) {
      throw wrong();
    }
    Map<String, String> query = query(uri.getRawQuery());
    String mode = query.getOrDefault("sslmode", "prefer");
    Optional<String> ca = Optional.ofNullable(query.get("sslrootcert"));
    query.remove("sslmode");
    query.remove("sslrootcert");
    if (!query.isEmpty()) {
      throw new IllegalArgumentException(
          "knows the parameters sslmode and sslrootcert only, not "
              + String.join(", ", query.keySet()));
    }
    if (!MODES.contains(mode)) {
      throw new IllegalArgumentException(
          "has an sslmode that is none of " + String.join(", ", new TreeSet<>(MODES)));
    }
    String[] login = Optional.ofNullable(uri.getRawUserInfo()).orElse("").split(":", 2);
    return new PostgresAddress(
        uri.getHost().replaceAll("^\\[|]$", ""),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        path.substring(1),
        user.or(() -> login[0].isEmpty() ? Optional.empty() : Optional.of(decoded(login[0]))),
        password.or(
            () -> login.length < 2 ? Optional.empty() : Optional.of(new Secret(decoded(login[1])))),
        mode,
        ca,
        connections);
  }

  private static Map<String, String> query(String raw) {
    var all = new LinkedHashMap<String, String>();
    for (String part : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
      int mark = part.indexOf('=');
      all.put(
          decoded(mark < 0 ? part : part.substring(0, mark)),
          mark < 0 ? "" : decoded(part.substring(mark + 1)));
    }
    return all;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "must be an address such as postgres://user@host:5432/database");
  }

  /** As the driver takes it. */
  String jdbc() {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(shown, port, URLEncoder.encode(database, StandardCharsets.UTF_8));
  }

  /** The place, for messages: without user and password. */
  public String place() {
    return host + ":" + port + "/" + database;
  }
}
