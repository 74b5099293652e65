package dev.understudy.vendor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where AWS keys come from: fixed, or a profile of the shared credentials file, which is read again
 * when it changes (docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
 */
public final class AwsCredentials {
  /** How long a file is believed before it is looked at again. */
  static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(30);

  /** Larger credentials files are not read, in bytes. */
  private static final long FILE_BYTES_MAX = 1 << 20;

  /** A file and one of its profiles. */
  private record Profile(Path file, String name) {}

  private final Optional<Profile> profile;
  private final InstantSource clock;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile AwsKeys keys;
  private volatile Instant looked;
  private @Nullable FileTime modified;

  private AwsCredentials(AwsKeys keys, Optional<Profile> profile, InstantSource clock) {
    this.keys = keys;
    this.profile = profile;
    this.clock = clock;
    this.looked = clock.instant();
  }

  /** Keys that never change. */
  public static AwsCredentials fixed(AwsKeys keys) {
    return new AwsCredentials(keys, Optional.empty(), InstantSource.system());
  }

  /**
   * Keys of the variables {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code
   * AWS_SESSION_TOKEN}; empty if the first two are not both set.
   */
  public static Optional<AwsCredentials> environment(Map<String, String> environment) {
    return keys(
            environment.getOrDefault("AWS_ACCESS_KEY_ID", ""),
            environment.getOrDefault("AWS_SECRET_ACCESS_KEY", ""),
            environment.getOrDefault("AWS_SESSION_TOKEN", ""))
        .map(AwsCredentials::fixed);
  }

  /**
   * Keys of a profile in a credentials file.
   *
   * @throws IOException if the file cannot be read or does not hold the profile's keys
   */
  public static AwsCredentials profile(Path file, String name, InstantSource clock)
      throws IOException {
    var credentials =
        new AwsCredentials(read(file, name), Optional.of(new Profile(file, name)), clock);
    credentials.modified = Files.getLastModifiedTime(file);
    return credentials;
  }

  /**
   * Where the shared file is: {@code AWS_SHARED_CREDENTIALS_FILE} or {@code ~/.aws/credentials}.
   */
  public static Path sharedFile(Map<String, String> environment, String home) {
    String named = environment.getOrDefault("AWS_SHARED_CREDENTIALS_FILE", "");
    return named.isEmpty() ? Path.of(home, ".aws", "credentials") : Path.of(named);
  }

  /** Where profiles are set up: {@code AWS_CONFIG_FILE} or {@code ~/.aws/config}. */
  public static Path configFile(Map<String, String> environment, String home) {
    String named = environment.getOrDefault("AWS_CONFIG_FILE", "");
    return named.isEmpty() ? Path.of(home, ".aws", "config") : Path.of(named);
  }

  /** The names of what a profile of a file sets; empty if the file or the profile is not there. */
  public static Set<String> fields(Path file, String profile) throws IOException {
    return Set.copyOf(settings(file, profile).keySet());
  }

  /** What a section of a file says; empty if the file or the section is not there. */
  static Map<String, String> settings(Path file, String section) throws IOException {
    return Files.isReadable(file) && Files.size(file) <= FILE_BYTES_MAX
        ? section(Files.readAllLines(file), section)
        : Map.of();
  }

  /** The keys as last read. */
  AwsKeys keys() {
    return keys;
  }

  /** Whether it is time to look whether the file has changed. */
  boolean isDue() {
    return profile.isPresent() && !clock.instant().isBefore(looked.plus(LOOK_AGAIN_AFTER));
  }

  /**
   * Reads the file again if it has changed; blocks. A file that cannot be read now leaves the keys
   * as they are: whoever writes it may be halfway.
   */
  void refresh() {
    if (profile.isEmpty()) {
      return;
    }
    reading.lock();
    try {
      if (!isDue()) {
        return;
      }
      Profile source = profile.get();
      FileTime now = Files.getLastModifiedTime(source.file());
      if (!now.equals(modified)) {
        keys = read(source.file(), source.name());
        modified = now;
      }
    } catch (IOException | IllegalArgumentException e) {
      System.getLogger(AwsCredentials.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the AWS credentials file cannot be read, the keys read before stay in use: "
                  + e.getClass().getSimpleName());
    } finally {
      looked = clock.instant();
      reading.unlock();
    }
  }

  private static AwsKeys read(Path file, String name) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + " is larger than " + FILE_BYTES_MAX + " bytes");
    }
    Map<String, String> settings = section(Files.readAllLines(file), name);
    return keys(
            settings.getOrDefault("aws_access_key_id", ""),
            settings.getOrDefault("aws_secret_access_key", ""),
            settings.getOrDefault("aws_session_token", ""))
        .orElseThrow(() ->
            new IOException(
                "%s has no profile \"%s\" with aws_access_key_id and aws_secret_access_key"
                    .formatted(file, name)));
  }

  private static Map<String, String> section(List<String> lines, String name) {
    var settings = new HashMap<String, String>();
    boolean inside = false;
    for (String raw : lines) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("[") && line.indexOf(']') > 0) {
        String section = line.substring(1, line.indexOf(']')).strip();
        inside = section.equals(name) || section.equals("profile " + name);
      } else if (inside && line.indexOf('=') > 0) {
        int equals = line.indexOf('=');
        settings.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
      }
    }
    return settings;
  }

  private static Optional<AwsKeys> keys(String id, String secret, String token) {
    return id.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AwsKeys(
                id,
                new Secret(secret),
                token.isEmpty() ? Optional.empty() : Optional.of(new Secret(token))));
  }

  @Override
  public String toString() {
    return "AwsCredentials[…]";
  }
}
