package dev.understudy.app;

import dev.understudy.access.Digest;
import dev.understudy.admin.Doorkeeper;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The admin token that was made up at the first start. Only its digest is kept, in the data folder,
 * and looked up for every request, so that a reset counts at once.
 */
final class AdminToken {
  private static final String LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LENGTH = 32;
  private static final int FILE_MAX = 200;

  private final Path file;
  private final Optional<Secret> fresh;

  private AdminToken(Path file, Optional<Secret> fresh) {
    this.file = file;
    this.fresh = fresh;
  }

  /** The one of a data folder; made now if there is none. */
  static AdminToken of(Path data) throws IOException {
    Path file = file(data);
    return Files.exists(file) ? new AdminToken(file, Optional.empty()) : reset(data);
  }

  /** Another one; the one before is worth nothing from here on. */
  static AdminToken reset(Path data) throws IOException {
    Secret token = make();
    Path file = file(data);
    write(file, Digest.of(token.reveal()).hex() + "\n");
    return new AdminToken(file, Optional.of(token));
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
    return Doorkeeper.withDigest(this::digest);
  }

  /** Empty if there is none that could be shown, so that nobody is let in. */
  private Optional<Digest> digest() {
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
