package dev.understudy.vendor;

import java.net.URI;
import java.util.Locale;

/**
 * Tells addresses of this machine and its link from all others, by how they are written: no name is
 * looked up, for a name can be made to mean anything.
 */
public final class LocalAddress {
  /** 127.0.0.0/8, where machines are themselves, and 169.254.0.0/16, which no router passes on. */
  private static final String NUMBERS = "127(\\.\\d{1,3}){3}|169\\.254(\\.\\d{1,3}){2}";

  /**
   * The loopback address; fe80::/10 in its usual form; and where AWS has its services
   * (docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
   */
  private static final String SIX = "\\[(::1|fe80:[0-9a-f:]+|fd00:ec2::(23|254))]";

  private LocalAddress() {}

  /** Whether the address is http or https, on this machine or its link. */
  public static boolean isLocal(URI address) {
    String scheme = address.getScheme() == null ? "" : address.getScheme();
    String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
    boolean isHttp = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    return isHttp
        && address.getUserInfo() == null
        && (host.equals("localhost") || host.matches(NUMBERS) || host.matches(SIX));
  }
}
