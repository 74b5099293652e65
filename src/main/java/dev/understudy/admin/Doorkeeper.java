package dev.understudy.admin;

import dev.understudy.access.Digest;
import dev.understudy.vendor.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Decides who may see the operators' pages. */
public final class Doorkeeper {
  private static final String SCHEME = "bearer ";

  /** What a form of a web page can send to another site without asking first. */
  private static final Set<String> FORM_TYPES =
      Set.of("application/x-www-form-urlencoded", "multipart/form-data", "text/plain");

  /** Who shows the token that all operators share. */
  public static final String SHARED = "admin";

  private final Predicate<String> knows;
  private final Map<String, Digest> operators;

  private Doorkeeper(Predicate<String> knows) {
    this(knows, Map.of());
  }

  private Doorkeeper(Predicate<String> knows, Map<String, Digest> operators) {
    this.knows = knows;
    this.operators = Map.copyOf(operators);
  }

  /** The same, who also lets in persons with tokens of their own, and knows them by name. */
  public Doorkeeper and(Map<String, Digest> persons) {
    return new Doorkeeper(knows, persons);
  }

  /** Who shows a token: a person's name, {@link #SHARED}, or nobody. */
  Optional<String> operator(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String shown = authorization.substring(SCHEME.length()).strip();
    if (!operators.isEmpty()) {
      Digest digest = Digest.of(shown);
      for (Map.Entry<String, Digest> one : operators.entrySet()) {
        if (one.getValue().equals(digest)) {
          return Optional.of(one.getKey());
        }
      }
    }
    return knows.test(shown) ? Optional.of(SHARED) : Optional.empty();
  }

  /**
   * Lets in who shows a token, from wherever: behind a proxy on this machine everybody seems to ask
   * from this machine, and so does every program of everybody who has an account on it.
   *
   * @throws IllegalArgumentException if the token is empty
   */
  public static Doorkeeper withToken(Secret token) {
    if (token.length() == 0) {
      throw new IllegalArgumentException("the admin token is empty");
    }
    return new Doorkeeper(shown -> token.equals(new Secret(shown)));
  }

  /**
   * Lets in who shows the token that has this digest.
   *
   * @param digest asked for every request; while it is empty nobody is let in
   */
  public static Doorkeeper withDigest(Supplier<Optional<Digest>> digest) {
    return new Doorkeeper(
        shown -> digest.get().map(wanted -> wanted.equals(Digest.of(shown))).orElse(false));
  }

  /** A refusal to be sent. */
  record Refusal(int status, String message) {}

  /** What of a request decides; headers that are not there are empty. */
  record Visit(
      String method,
      String host,
      String authorization,
      String origin,
      String fetchSite,
      String contentType) {}

  /** Why a request is not let in; empty if it is. */
  Optional<Refusal> refusal(Visit visit) {
    Optional<Refusal> stranger = identity(visit.authorization());
    return stranger.isPresent() ? stranger : otherSite(visit);
  }

  /**
   * A web page of another site can make an operator's browser send requests here. It cannot read
   * the answers, but what changes something needs no answer. Browsers say where a request comes
   * from, and forms cannot send the content types that are taken here.
   */
  private static Optional<Refusal> otherSite(Visit visit) {
    String origin = visit.origin().toLowerCase(Locale.ROOT);
    String host = visit.host().toLowerCase(Locale.ROOT);
    boolean own =
        switch (visit.fetchSite().toLowerCase(Locale.ROOT)) {
          // Older browsers do not say; a proxy may have changed the host for those that do.
          case "" ->
              origin.isEmpty()
                  || origin.equals("http://" + host)
                  || origin.equals("https://" + host);
          case "same-origin", "none" -> true;
          default -> false;
        };
    if (!own) {
      return Optional.of(new Refusal(403, "web pages of other sites are not let in"));
    }
    String type = visit.contentType().toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    boolean changes = !visit.method().equals("GET") && !visit.method().equals("HEAD");
    return changes && FORM_TYPES.contains(type)
        ? Optional.of(
            new Refusal(
                415,
                "%s is not taken here; send the body's type, such as Content-Type: application/json"
                    .formatted(type)))
        : Optional.empty();
  }

  private Optional<Refusal> identity(String authorization) {
    return operator(authorization).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Refusal(401, "the admin token is needed, as Authorization: Bearer <token>"));
  }
}
