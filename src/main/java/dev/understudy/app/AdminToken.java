package dev.understudy.app;

import dev.understudy.access.Digest;
import dev.understudy.admin.Doorkeeper;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/**
 * The token that operators show: as the environment or the settings have it, else one that is made
 * up at the first start. Of that one only the digest is kept, in the data folder, and looked up for
 * every request, so that a reset counts at once.
 */
final class AdminToken {
  /** The environment variable that holds it. */
  static final String VARIABLE = "UNDERSTUDY_ADMIN_TOKEN";

  private static final int LENGTH_MIN = 16;
  private static final String LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 32;
  private static final int FILE_MAX = 200;

  private final Doorkeeper doorkeeper;
  private final Optional<Secret> fresh;

  private AdminToken(Doorkeeper doorkeeper, Optional<Secret> fresh) {
    this.doorkeeper = doorkeeper;
    this.fresh = fresh;
  }

  /**
   * The one that is in force: the environment comes before the settings.
   *
   * @param said the settings' one
   * @throws IOException if the environment's is too short, or none can be made
   */
  static AdminToken inForce(Map<String, String> environment, Optional<Secret> said, Path data)
      throws IOException {
    String held = environment.getOrDefault(VARIABLE, "");
    if (!held.isEmpty() && held.length() < LENGTH_MIN) {
      throw new IOException(
          "%s has %d characters, and at least %d are needed"
              .formatted(VARIABLE, held.length(), LENGTH_MIN));
    }
    Optional<Secret> given = held.isEmpty() ? said : Optional.of(new Secret(held));
    return given.isPresent()
        ? new AdminToken(Doorkeeper.withToken(given.get()), Optional.empty())
        : of(data);
  }

  /**
   * The one of a data folder; made now if there is none. Of several starts at once on a new folder
   * one makes it, and what that one shows is good for all.
   */
  static synchronized AdminToken of(Path data) throws IOException {
    Path file = file(data);
    if (Files.exists(file)) {
      return kept(file, Optional.empty());
    }
    Path guard = data.resolve("admin-token.lock");
    try (FileChannel channel =
            FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      return Files.exists(file) ? kept(file, Optional.empty()) : reset(data);
    } catch (FileSystemException e) {
      return reset(data); // which says what is wrong with the folder
    }
  }

  private static AdminToken kept(Path file, Optional<Secret> fresh) {
    return new AdminToken(Doorkeeper.withDigest(() -> digest(file)), fresh);
  }

  /** Another one; the one before is worth nothing from here on. */
  static AdminToken reset(Path data) throws IOException {
    Secret token = make();
    Path file = file(data);
    write(file, Digest.of(token.reveal()).hex() + "\n");
    return kept(file, Optional.of(token));
  }

  /** A token that nobody has. */
  static Secret make() {
    var random = new SecureRandom();
    var text = new StringBuilder("ua-");
    for (int i = 0; i < LENGTH; i++) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return new Secret(text.toString());
  }

  private static Path file(Path data) {
    return data.resolve("admin-token.sha256");
  }

  private static void write(Path file, String content) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(made);
      if (Files.getFileStore(file.toAbsolutePath().getParent())
          .supportsFileAttributeView("posix")) {
        Files.createFile(
            made,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(made, content);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IOException("the digest of the admin token cannot be written to " + file, e);
    }
  }

  /** The token itself, if it was made just now: to be shown this once. */
  Optional<Secret> fresh() {
    return fresh;
  }

  Doorkeeper doorkeeper() {
    return doorkeeper;
  }

  /** Empty if there is none that could be shown, so that nobody is let in. */
  private static Optional<Digest> digest(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Optional.of(
          Digest.ofHex(new String(in.readNBytes(FILE_MAX), StandardCharsets.US_ASCII).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      System.getLogger(AdminToken.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "{0} is of no use; make a token with understudy admin-token --reset",
              file);
      return Optional.empty();
    }
  }
}
