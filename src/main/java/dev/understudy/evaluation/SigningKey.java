package dev.understudy.evaluation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Ed25519 key that certificates are signed with, in two files of PEM: the private one readable
 * by its owner alone.
 */
public final class SigningKey {
  /** The private key's file, in the folder of the runs. */
  public static final String PRIVATE = "signing-key.pem";

  /** The public key's file beside it; to be given to whoever verifies. */
  public static final String PUBLIC = "signing-key.pub.pem";

  /** A folder beside it with the public keys of others that are trusted. */
  public static final String TRUSTED = "trusted-keys";

  private static final String ALGORITHM = "Ed25519";

  private final PrivateKey key;
  private final PublicKey open;

  private SigningKey(PrivateKey key, PublicKey open) {
    this.key = key;
    this.open = open;
  }

  /**
   * The key of a folder, which is made at its first use.
   *
   * @throws IOException if it cannot be read or made, or if others may read it
   */
  public static SigningKey in(Path folder) throws IOException {
    Path file = folder.resolve(PRIVATE);
    if (!Files.exists(file)) {
      make(folder);
    }
    refuseIfShared(file);
    try {
      KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
      return new SigningKey(
          factory.generatePrivate(new PKCS8EncodedKeySpec(unwrapped(file))),
          readPublic(folder.resolve(PUBLIC)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " is no Ed25519 key", e);
    }
  }

  private static void make(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      // The public half first: whoever is killed between leaves no private key without it.
      Path open = folder.resolve(PUBLIC + ".new");
      Files.writeString(open, wrapped("PUBLIC KEY", pair.getPublic().getEncoded()));
      Path file = folder.resolve(PRIVATE);
      try (var out =
          Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              ownersOnly(folder))) {
        out.write(
            ByteBuffer.wrap(
                wrapped("PRIVATE KEY", pair.getPrivate().getEncoded())
                    .getBytes(StandardCharsets.US_ASCII)));
      }
      Files.move(
          open,
          folder.resolve(PUBLIC),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      // Another run made it in this moment: its key is as good.
      Files.deleteIfExists(folder.resolve(PUBLIC + ".new"));
    } catch (GeneralSecurityException e) {
      throw new IOException("this JVM cannot make an Ed25519 key", e);
    }
  }

  private static FileAttribute<?>[] ownersOnly(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void refuseIfShared(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
    if (allowed.stream()
        .anyMatch(p ->
            p != PosixFilePermission.OWNER_READ
                && p != PosixFilePermission.OWNER_WRITE
                && p != PosixFilePermission.OWNER_EXECUTE)) {
      throw new IOException(file + " may be read by others; chmod 600 " + file);
    }
  }

  private static String wrapped(String what, byte[] encoded) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded), what);
  }

  private static byte[] unwrapped(Path file) throws IOException {
    String body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    return Base64.getMimeDecoder().decode(body);
  }

  /**
   * A public key from a file of PEM.
   *
   * @throws IOException if it cannot be read, or is none
   */
  public static PublicKey readPublic(Path file) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(unwrapped(file)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + " is no Ed25519 public key", e);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no public key " + file, e);
    }
  }

  /**
   * The keys that a folder of runs trusts: its own and those of {@value #TRUSTED}.
   *
   * @throws IOException if one cannot be read
   */
  public static List<PublicKey> trusted(Path folder) throws IOException {
    var keys = new ArrayList<PublicKey>();
    if (Files.exists(folder.resolve(PUBLIC))) {
      keys.add(readPublic(folder.resolve(PUBLIC)));
    }
    Path others = folder.resolve(TRUSTED);
    if (Files.isDirectory(others)) {
      try (Stream<Path> files = Files.list(others)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".pem")).sorted().toList()) {
          keys.add(readPublic(file));
        }
      }
    }
    return keys;
  }

  PublicKey open() {
    return open;
  }

  byte[] sign(byte[] text) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was read cannot sign", e);
    }
  }

  static boolean verifies(PublicKey key, byte[] text, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
