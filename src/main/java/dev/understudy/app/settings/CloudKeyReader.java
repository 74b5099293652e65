package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.VendorBlock;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.AwsCredentials;
import dev.understudy.vendor.AwsKeys;
import dev.understudy.vendor.AwsSigV4;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.GoogleServiceAccount;
import dev.understudy.vendor.Secret;
import dev.understudy.vendor.TokenExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what clouds let us in by: AWS keys, and the key files of Google accounts. */
final class CloudKeyReader {
  private static final int KEY_FILE_BYTES_MAX = 1 << 16;

  private final Path settingsFile;
  private final Map<String, String> environment;
  private final TokenExchange tokens;
  private final Problems problems;

  CloudKeyReader(
      Path settingsFile, Map<String, String> environment, TokenExchange tokens, Problems problems) {
    this.settingsFile = settingsFile;
    this.environment = environment;
    this.tokens = tokens;
    this.problems = problems;
  }

  /** A credential, and where it is from. */
  record Found(Credential credential, String source) {}

  /**
   * AWS keys, from the block, the usual variables or the shared credentials file; empty if there
   * are none, or something is wrong with them, which has been reported.
   *
   * @param region empty if it is missing, which has been reported
   */
  Optional<Found> aws(Text name, VendorBlock said, String region) {
    try {
      if (said.accessKey().isPresent() || said.secretKey().isPresent()) {
        return written(name, said).map(keys -> signing("access-key", "access-key", keys, region));
      }
      Optional<AwsCredentials> held = AwsCredentials.environment(environment);
      if (held.isPresent()) {
        return held.map(keys -> signing("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID", keys, region));
      }
      return shared(name)
          .map(keys -> signing(profile(), "profile " + profile() + " of AWS", keys, region));
    } catch (IllegalArgumentException e) {
      problems.add(said.accessKey().orElse(name).place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<AwsCredentials> written(Text name, VendorBlock said) {
    String id = said.accessKey().map(Text::value).orElse("");
    String secret = said.secretKey().map(Text::value).orElse("");
    if (id.isEmpty() || secret.isEmpty()) {
      problems.add(name.place(), "access-key and secret-key go together, and neither is empty");
      return Optional.empty();
    }
    Optional<Secret> session = said.sessionToken().map(token -> new Secret(token.value()));
    return Optional.of(AwsCredentials.fixed(new AwsKeys(id, new Secret(secret), session)));
  }

  private Optional<AwsCredentials> shared(Text name) {
    try {
      Path file = AwsCredentials.sharedFile(environment, environment.getOrDefault("HOME", ""));
      return Files.isReadable(file)
          ? Optional.of(AwsCredentials.profile(file, profile(), InstantSource.system()))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      problems.add(
          name.place(),
          "the shared AWS credentials file has no keys for the profile "
              + Nearness.quoted(profile()));
      return Optional.empty();
    }
  }

  private String profile() {
    String profile = environment.getOrDefault("AWS_PROFILE", "");
    return profile.isEmpty() ? "default" : profile;
  }

  private static Found signing(
      String label, String source, AwsCredentials credentials, String region) {
    return new Found(
        new AwsSigV4(label, credentials, region, "bedrock", InstantSource.system()), source);
  }

  /** A Google account's key file, from the block or the usual variable; empty if there is none. */
  Optional<Found> google(Text name, VendorBlock said) {
    Optional<byte[]> content = keyFile(said);
    Place place = said.credentials().orElse(name).place();
    String source = said.credentials().isPresent() ? "credentials" : VARIABLE;
    if (content.isEmpty()) {
      if (said.credentials().isPresent() || !environment.getOrDefault(VARIABLE, "").isEmpty()) {
        problems.add(place, source + " names no file that can be read");
      }
      return Optional.empty();
    }
    try {
      var account = new GoogleServiceAccount(source, content.get(), tokens, InstantSource.system());
      return Optional.of(new Found(account, source));
    } catch (IllegalArgumentException e) {
      problems.add(place, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static final String VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

  /** The project that the account of the key file belongs to, where the file says so. */
  Optional<String> projectOfKeyFile(VendorBlock said) {
    try {
      return keyFile(said)
          .flatMap(content -> Fields.of(Json.parseObject(content)).text("project_id"));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> keyFile(VendorBlock said) {
    try {
      String held = environment.getOrDefault(VARIABLE, "");
      Optional<Path> path =
          said.credentials().isPresent()
              ? TrustReader.beside(settingsFile, said.credentials().get().value())
              : held.isEmpty() ? Optional.empty() : Optional.of(Path.of(held));
      if (path.isEmpty() || !Files.isRegularFile(path.get())) {
        return Optional.empty();
      }
      try (var in = Files.newInputStream(path.get())) {
        return Optional.of(in.readNBytes(KEY_FILE_BYTES_MAX));
      }
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Reports fields of one cloud in the block of a vendor elsewhere. */
  void refuse(List<Optional<Text>> fields, List<String> names, String whom) {
    for (int i = 0; i < fields.size(); i++) {
      String field = names.get(i);
      fields
          .get(i)
          .ifPresent(text -> problems.add(text.place(), field + " is of no use to " + whom));
    }
  }
}
