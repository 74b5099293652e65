package dev.understudy.app;

import dev.understudy.access.Callers;
import dev.understudy.access.Directory;
import dev.understudy.access.DirectoryFile;
import dev.understudy.access.KeyDesk;
import dev.understudy.store.Database;
import dev.understudy.store.SqlKeyStore;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The keys of a running gateway: in force from the start, managed at the desk, kept in step with
 * the database and so with other replicas.
 */
final class Keyring implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Keyring.class.getName());

  /** In the data folder. */
  static final String FILE = "keys.json";

  /** So long a change at another replica may go unnoticed. */
  private static final long LOOK_MILLIS = 1_000;

  /** More keys than this are noted by and by. */
  static final int NOTED_AT_ONCE_MAX = 1_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final DirectoryFile file;
  private final KeyDesk desk;
  private final Optional<Path> embedded;
  private final Thread looking = Thread.ofVirtual().name("keys").unstarted(this::look);
  private Callers ofSettings;
  private Consumer<Callers> force = _ -> {};
  private volatile boolean closed;
  private volatile boolean unnoted;
  private boolean stale;

  /**
   * Takes what is kept.
   *
   * @param embedded the file of the database; empty if it is a shared one
   * @param ofSettings the keys of the settings file
   * @throws IOException if there are keys and they cannot be read: without them the wrong callers
   *     would be let in
   */
  Keyring(Path data, Database database, Optional<Path> embedded, Callers ofSettings)
      throws IOException {
    this.file = new DirectoryFile(data.resolve(FILE));
    this.embedded = embedded;
    this.ofSettings = ofSettings;
    var store = new SqlKeyStore(database);
    Optional<Directory> known = known();
    if (embedded.isPresent() && !Files.exists(embedded.get())) {
      if (known.map(directory -> !directory.keys().isEmpty()).orElse(false)) {
        throw new IOException(
            "%s is missing although %s tells of keys in it; restore it from a backup, or remove both to begin anew"
                .formatted(embedded.get(), data.resolve(FILE)));
      }
      known = Optional.of(Directory.EMPTY);
    }
    // What is known from the last time is good enough to begin with: the database is read as soon
    // as the door is open. Without that it must be read first.
    stale = known.isPresent();
    desk =
        new KeyDesk(
            store,
            known.isPresent() ? known.get() : store.load(),
            InstantSource.system(),
            new SecureRandom(),
            this::use);
    if (known.isEmpty()) {
      remember(desk.directory());
    }
  }

  private Optional<Directory> known() {
    try {
      return file.read();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0}; reading the database instead", e.getMessage());
      return Optional.empty();
    }
  }

  /** Begins to keep in step; every change from here on is handed over. */
  synchronized void start(Consumer<Callers> gateway) {
    force = gateway;
    looking.start();
  }

  KeyDesk desk() {
    return desk;
  }

  /** Who is let in now. */
  synchronized Callers callers() {
    return desk.directory().callers(ofSettings);
  }

  /** The names of the keys in the settings file. */
  synchronized Callers ofSettings() {
    return ofSettings;
  }

  /**
   * Whether everybody on this machine would be let in if these were the settings' keys, though it
   * is not so now.
   */
  synchronized boolean wouldOpen(Callers instead) {
    return !callers().isEmpty() && desk.directory().callers(instead).isEmpty();
  }

  /** The settings file was read again. */
  synchronized void replaceSettings(Callers now) {
    ofSettings = now;
    force.accept(desk.directory().callers(now));
  }

  private synchronized void use(Directory directory) {
    force.accept(directory.callers(ofSettings));
    if (directory.keys().size() <= NOTED_AT_ONCE_MAX) {
      remember(directory);
      return;
    }
    // Writing many takes its time, and who makes one key after another need not wait for it. What
    // was noted before goes at once: no start may go by keys that are revoked since.
    unnoted = true;
    try {
      file.drop();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "an older note of keys cannot be removed: {0}", e.getMessage());
    }
  }

  private void rememberLate() {
    if (!unnoted) {
      return;
    }
    Directory noted = desk.directory();
    remember(noted);
    synchronized (this) {
      if (desk.directory().version() == noted.version()) {
        unnoted = false;
        return;
      }
    }
    use(desk.directory());
  }

  private void remember(Directory directory) {
    try {
      file.write(directory);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "keys are in force, but cannot be noted for the next start: {0}",
          e.getMessage());
    }
  }

  private void look() {
    boolean away = false;
    // Not at once: a start has more urgent things to do than to load a database's driver.
    while (paused()) {
      rememberLate();
      try {
        look(embedded.isEmpty() || Files.exists(embedded.get()));
        if (away) {
          LOG.log(Level.INFO, "keys are read from the database again");
        }
        away = false;
      } catch (IOException | RuntimeException e) {
        if (!away && !closed) {
          LOG.log(Level.WARNING, "keys stay as they are: {0}", e.getMessage());
        }
        away = true;
      }
    }
  }

  private void look(boolean isThere) throws IOException {
    if (isThere && stale) {
      desk.reload();
      stale = false;
    } else if (isThere) {
      desk.refresh();
    }
  }

  /** Waits for the next look; false if there is to be none. */
  private boolean paused() {
    try {
      Thread.sleep(LOOK_MILLIS);
      return !closed;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    looking.interrupt();
    try {
      if (looking.getState() != Thread.State.NEW) {
        looking.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    rememberLate();
  }
}
