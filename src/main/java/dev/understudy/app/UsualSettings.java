package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.vendor.TokenExchange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the settings of a gateway that is to start: a file that is named, the usual one, or none.
 */
final class UsualSettings {
  /** Read from the folder where the gateway is started, if it is there. */
  static final Path FILE = Path.of("understudy.yaml");

  private UsualSettings() {}

  static Settings read(Optional<Path> named, Map<String, String> environment) throws BadSettings {
    TokenExchange tokens = new LazyTokens();
    if (named.isPresent()) {
      return Settings.read(named.get(), environment, tokens);
    }
    return Files.exists(FILE)
        ? Settings.read(FILE, environment, tokens)
        : Settings.ofEnvironment(environment, tokens);
  }
}
