package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Says which store a command works on: the one of the settings, else the file in the data folder.
 */
class StoreOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "Where data is kept; ./data.")
  private Path data = Path.of("data");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings, whose store it is in; understudy.yaml if it is there.")
  private Optional<Path> config = Optional.empty();

  final Path data() {
    return data;
  }

  /** The file with settings: the one that is named, else the usual one if it is there. */
  private Optional<Path> settings() {
    return config.or(() -> Optional.of(UsualSettings.FILE).filter(Files::exists));
  }

  /** What that file says, if there is one. */
  final Optional<Settings> readSettings(Map<String, String> environment) throws BadSettings {
    Optional<Path> file = settings();
    return file.isPresent()
        ? Optional.of(Settings.read(file.get(), environment))
        : Optional.empty();
  }

  /**
   * The store, which must be there.
   *
   * @param missing what to say if it is not, such as {@code there is no ledger}
   * @throws IOException if it is not, or cannot be opened
   */
  final Database open(Map<String, String> environment, String missing)
      throws IOException, BadSettings {
    return open(readSettings(environment), missing);
  }

  /** The store that settings lead to, which must be there. */
  final Database open(Optional<Settings> settings, String missing) throws IOException {
    Path file = data.resolve(Running.DATABASE);
    if (settings.flatMap(Settings::store).isEmpty() && !Files.exists(file)) {
      throw new IOException(missing + ": " + file + " does not exist");
    }
    return at(settings, file);
  }

  /** The store, which is made if it is not there. */
  final Database openOrMake(Map<String, String> environment) throws IOException, BadSettings {
    Optional<Settings> settings = readSettings(environment);
    if (settings.flatMap(Settings::store).isEmpty()) {
      Files.createDirectories(data);
    }
    return at(settings, data.resolve(Running.DATABASE));
  }

  private static Database at(Optional<Settings> settings, Path file) {
    return settings
        .flatMap(Settings::store)
        .map(Database::shared)
        .orElseGet(() -> Database.embedded(file));
  }
}
