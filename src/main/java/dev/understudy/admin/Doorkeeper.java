package dev.understudy.admin;

import dev.understudy.vendor.Secret;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who may see the operators' pages. */
public final class Doorkeeper {
  private static final String SCHEME = "bearer ";

  private final @Nullable Secret token;

  private Doorkeeper(@Nullable Secret token) {
    this.token = token;
  }

  /** Lets in who asks from this machine, and nobody else. */
  public static Doorkeeper loopbackOnly() {
    return new Doorkeeper(null);
  }

  /**
   * Lets in who shows a token, from wherever: behind a proxy on this machine everybody seems to ask
   * from this machine.
   *
   * @throws IllegalArgumentException if the token is empty
   */
  public static Doorkeeper withToken(Secret token) {
    if (token.length() == 0) {
      throw new IllegalArgumentException("the admin token is empty");
    }
    return new Doorkeeper(token);
  }

  /** A refusal to be sent. */
  record Refusal(int status, String message) {}

  /**
   * Why a request is not let in; empty if it is.
   *
   * @param host the Host header; empty if there is none
   * @param authorization the Authorization header; empty if there is none
   */
  Optional<Refusal> refusal(InetAddress peer, String host, String authorization) {
    if (token != null) {
      boolean shown =
          authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
              && token.equals(new Secret(authorization.substring(SCHEME.length()).strip()));
      return shown
          ? Optional.empty()
          : Optional.of(
              new Refusal(401, "the admin token is needed, as Authorization: Bearer <token>"));
    }
    if (!peer.isLoopbackAddress()) {
      return Optional.of(
          new Refusal(403, "without an admin token only this machine is let in; set a token"));
    }
    // A web page can make its name resolve to 127.0.0.1 and so ask from this machine, but it cannot
    // choose the Host header.
    if (!host.isEmpty() && !namesThisMachine(host)) {
      return Optional.of(
          new Refusal(403, "the Host header must name this machine, such as localhost"));
    }
    return Optional.empty();
  }

  private static boolean namesThisMachine(String host) {
    String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127(?:\\.[0-9]{1,3}){3}");
  }
}
