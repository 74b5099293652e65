package dev.understudy.access;

import dev.understudy.exchange.CallerName;
import java.util.List;
import java.util.Map;

/**
 * Who calls: a key and what it belongs to. A call carries it from its admission to its record.
 *
 * @param keyId names the key for good; its secret part may change
 * @param name the key's name, for people
 * @param team the team the key belongs to
 * @param organisation the organisation the team belongs to
 * @param tags what is said of the key, for conditions of routes and for sharing costs out
 * @param reach what it may use, all levels together
 * @param scopes in which its use counts: organisation, team, key
 */
public record Caller(
    String keyId,
    String name,
    String team,
    String organisation,
    Map<String, String> tags,
    Reach reach,
    List<Scope> scopes) {
  /** The team and the organisation of keys that name none. */
  public static final String DEFAULT = "default";

  /** The name under which calls without a key are recorded. */
  public static final String LOOPBACK = "loopback";

  public Caller {
    tags = Map.copyOf(tags);
    scopes = List.copyOf(scopes);
  }

  /** The key of a settings file: of the team {@code default}, without limits. */
  public static Caller ofSettings(String name) {
    return unlimited("settings:" + name, name);
  }

  /** Whoever calls from the same machine while there is no key. */
  public static Caller loopback() {
    return unlimited(LOOPBACK, LOOPBACK);
  }

  private static Caller unlimited(String keyId, String name) {
    return new Caller(
        keyId,
        name,
        DEFAULT,
        DEFAULT,
        Map.of(),
        Reach.ANY,
        List.of(
            new Scope(organisationScope(DEFAULT), Limits.NONE),
            new Scope(teamScope(DEFAULT), Limits.NONE),
            new Scope(keyScope(keyId), Limits.NONE)));
  }

  static String organisationScope(String name) {
    return "org:" + name;
  }

  static String teamScope(String name) {
    return "team:" + name;
  }

  static String keyScope(String id) {
    return "key:" + id;
  }

  /** The same without limits, for what is done on its behalf and not at its cost. */
  public Caller unlimited() {
    return new Caller(
        keyId,
        name,
        team,
        organisation,
        tags,
        reach,
        scopes.stream().map(scope -> new Scope(scope.id(), Limits.NONE)).toList());
  }

  /** As records name it. */
  public CallerName forRecords() {
    return new CallerName(name, keyId, team, organisation, tags);
  }

  /**
   * Whether a tag is there.
   *
   * @param tag a name, or {@code name=value}
   */
  public boolean isTagged(String tag) {
    int mark = tag.indexOf('=');
    return mark < 0
        ? tags.containsKey(tag)
        : tag.substring(mark + 1).equals(tags.get(tag.substring(0, mark)));
  }
}
