package dev.understudy.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several sandbox vendors that start and stop together. */
public final class Sandbox implements AutoCloseable {
  private final Map<String, SandboxServer> servers = new LinkedHashMap<>();

  private Sandbox() {}

  /**
   * Starts every vendor of the settings.
   *
   * @throws IllegalStateException if a port is taken; what had started is stopped again
   */
  public static Sandbox start(SandboxSettings settings) {
    var sandbox = new Sandbox();
    try {
      for (SandboxProfile profile : settings.profiles()) {
        if (sandbox.servers.containsKey(profile.vendor())) {
          throw new IllegalArgumentException(
              "sandbox vendor \"%s\" stands there twice".formatted(profile.vendor()));
        }
        sandbox.servers.put(profile.vendor(), SandboxServer.start(profile));
      }
      return sandbox;
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  public List<String> vendors() {
    return List.copyOf(servers.keySet());
  }

  public int port(String vendor) {
    return server(vendor).port();
  }

  /** One vendor's server, for its faults and the requests it saw. */
  public SandboxServer server(String vendor) {
    SandboxServer server = servers.get(vendor);
    if (server == null) {
      throw new IllegalArgumentException(
          "no sandbox vendor \"%s\"; running: %s"
              .formatted(vendor, String.join(", ", servers.keySet())));
    }
    return server;
  }

  /** What the vendor's own SDK takes as its base address. */
  public String url(String vendor) {
    return server(vendor).url();
  }

  @Override
  public void close() {
    servers.values().forEach(SandboxServer::close);
  }
}
