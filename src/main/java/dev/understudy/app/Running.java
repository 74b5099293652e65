package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.exchange.Journal;
import dev.understudy.gateway.Gateway;
import dev.understudy.sandbox.Sandbox;
import dev.understudy.sandbox.SandboxSettings;
import dev.understudy.vendor.Catalogue;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The product while it runs: wired by hand, stopped in the reverse order. */
final class Running implements AutoCloseable {
  private final Settings settings;
  private final Gateway gateway;
  private final @Nullable Sandbox sandbox;

  /**
   * Starts the vendors in the box if the settings want them, and then the callers' door.
   *
   * @throws IOException if a port cannot be listened on
   */
  static Running start(Settings given, Journal journal) throws IOException {
    Sandbox box = given.sandbox() ? Sandbox.start(SandboxSettings.defaults()) : null;
    Settings settings = box == null ? given : given.with(SandboxVendors.of(box, Catalogue.load()));
    try {
      var gateway =
          new Gateway(
              new Gateway.Settings(
                  settings.server().host(),
                  settings.server().port(),
                  Runtime.getRuntime().availableProcessors(),
                  settings.limits().bodyMax(),
                  settings.limits().headMax(),
                  settings.limits().callsMax()),
              settings.plan(),
              settings.vendors(),
              settings.callers(),
              journal,
              InstantSource.system());
      return new Running(settings, gateway, box);
    } catch (IOException | RuntimeException e) {
      if (box != null) {
        box.close();
      }
      throw e;
    }
  }

  private Running(Settings settings, Gateway gateway, @Nullable Sandbox sandbox) {
    this.settings = settings;
    this.gateway = gateway;
    this.sandbox = sandbox;
  }

  /** The settings as they came out, the vendors in the box among the others. */
  Settings settings() {
    return settings;
  }

  Gateway gateway() {
    return gateway;
  }

  Optional<Sandbox> sandbox() {
    return Optional.ofNullable(sandbox);
  }

  /** Calls under way may finish for so long. */
  void close(Duration patience) {
    gateway.close(patience);
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }
}
