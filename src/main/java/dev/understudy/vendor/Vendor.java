package dev.understudy.vendor;

import dev.understudy.chat.ProtocolName;
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
 */
public record Vendor(
    String name,
    String kind,
    List<Endpoint> endpoints,
    List<Credential> credentials,
    Timeouts timeouts) {
  public Vendor {
    endpoints = List.copyOf(endpoints);
    credentials = List.copyOf(credentials);
    if (endpoints.isEmpty() || credentials.isEmpty()) {
      throw new IllegalArgumentException("vendor " + name + " has no endpoint or no credential");
    }
  }

  /** Where it speaks a protocol, if it does. */
  public Optional<Endpoint> endpoint(ProtocolName protocol) {
    return endpoints.stream().filter(e -> e.protocol().equals(protocol)).findFirst();
  }
}
