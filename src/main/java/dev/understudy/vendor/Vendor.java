package dev.understudy.vendor;

import dev.understudy.chat.ProtocolName;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * One vendor as the settings name it.
 *
 * @param name its name in the settings; callers write {@code name/model}
 * @param kind its kind in the catalogue, such as {@code openai}; {@code custom} if in none
 * @param endpoints one for each protocol it speaks, the one used for translation first; never empty
 * @param credentials its keys, used in turn; never empty, {@link NoCredential} where none is needed
 * @param timeouts how long to wait for it
 * @param trust certificates to trust beside those the JVM trusts; usually none
 * @param probe the path that is asked to see whether it is there, with a slash at its beginning;
 *     empty: a connection tells
 */
public record Vendor(
    String name,
    String kind,
    List<Endpoint> endpoints,
    List<Credential> credentials,
    Timeouts timeouts,
    List<X509Certificate> trust,
    Optional<String> probe) {
  public Vendor {
    endpoints = List.copyOf(endpoints);
    credentials = List.copyOf(credentials);
    trust = List.copyOf(trust);
    if (endpoints.isEmpty() || credentials.isEmpty()) {
      throw new IllegalArgumentException("vendor " + name + " has no endpoint or no credential");
    }
  }

  /** A vendor that a connection tells about. */
  public Vendor(
      String name,
      String kind,
      List<Endpoint> endpoints,
      List<Credential> credentials,
      Timeouts timeouts,
      List<X509Certificate> trust) {
    this(name, kind, endpoints, credentials, timeouts, trust, Optional.empty());
  }

  /** The same, which a path tells about. */
  public Vendor withProbe(Optional<String> path) {
    return new Vendor(name, kind, endpoints, credentials, timeouts, trust, path);
  }

  /** A vendor whose certificates the JVM trusts. */
  public Vendor(
      String name,
      String kind,
      List<Endpoint> endpoints,
      List<Credential> credentials,
      Timeouts timeouts) {
    this(name, kind, endpoints, credentials, timeouts, List.of());
  }

  /** Where it speaks a protocol to a model, if it does; that is where a caller is relayed to. */
  public Optional<Endpoint> endpoint(ProtocolName protocol, String model) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.protocol().equals(protocol) && endpoint.models().contains(model)) {
        return Optional.of(endpoint);
      }
    }
    return Optional.empty();
  }

  /** Where a translated request for a model goes: the first endpoint that is for that model. */
  public Endpoint endpoint(String model) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.models().contains(model)) {
        return endpoint;
      }
    }
    return endpoints.getFirst();
  }
}
