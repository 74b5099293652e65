package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.vendor.TokenExchange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    Optional<Path> file = file(named);
    return file.isPresent()
        ? Settings.read(file.get(), environment, tokens)
        : Settings.ofEnvironment(environment, tokens);
  }

  /** The file that is named, or the usual one if it is there. */
  static Optional<Path> file(Optional<Path> named) {
    return named.or(() -> Optional.of(FILE).filter(Files::exists));
  }

  /**
   * Reads them once more, for a gateway that runs. A file that is gone or empty is taken for one
   * that is just being written, not for a wish to have no settings.
   *
   * @param begunWith the file it was started with
   */
  static Settings again(Optional<Path> begunWith, Map<String, String> environment)
      throws BadSettings {
    Optional<Path> file = file(begunWith);
    if (file.isPresent() && file.get().toFile().isFile() && file.get().toFile().length() == 0) {
      throw new BadSettings(
          List.of(file.get() + ": is empty; a restart goes by the environment alone"));
    }
    return read(file, environment);
  }
}
