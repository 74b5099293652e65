package dev.understudy.app.settings;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.AwsCredentials;
import dev.understudy.vendor.AwsIssuedKeys;
import dev.understudy.vendor.AwsIssuer;
import dev.understudy.vendor.AwsKeys;
import dev.understudy.vendor.AwsProfiles;
import dev.understudy.vendor.AwsRole;
import dev.understudy.vendor.AwsSigV4;
import dev.understudy.vendor.AwsSignOn;
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
import java.util.Set;

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
   * AWS keys, from the block, the usual variables, the shared files, or the role of this container
   * or machine; empty if there are none, or something is wrong with them, which has been reported.
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
      Optional<AwsIssuer> elsewhere = role(region);
      if (elsewhere.isPresent()) {
        return elsewhere.map(issuer -> issued(issuer, region));
      }
      int before = problems.total();
      Optional<AwsCredentials> profile = shared(name);
      if (profile.isPresent() || problems.total() > before) {
        return profile.map(
            keys -> signing(profile(), "profile " + profile() + " of AWS", keys, region));
      }
      return AwsIssuer.of(environment, isMachineOfAws()).map(issuer -> issued(issuer, region));
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

  /** Of the two shared files the one that holds keys for the profile. */
  private Optional<AwsCredentials> shared(Text name) {
    String home = environment.getOrDefault("HOME", "");
    try {
      for (Path file :
          List.of(
              AwsCredentials.sharedFile(environment, home),
              AwsCredentials.configFile(environment, home))) {
        Set<String> fields = AwsCredentials.fields(file, profile());
        if (fields.contains("aws_access_key_id")) {
          return Optional.of(AwsCredentials.profile(file, profile(), InstantSource.system()));
        }
      }
    } catch (InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      problems.add(
          name.place(),
          "the shared AWS files hold no keys that can be used for the profile "
              + Nearness.quoted(profile()));
      return Optional.empty();
    }
    if (!environment.getOrDefault("AWS_PROFILE", "").isEmpty()) {
      problems.add(
          name.place(),
          "the shared AWS files have no keys for the profile " + Nearness.quoted(profile()));
    }
    return Optional.empty();
  }

  /** A role that the environment or the profile says to take, or a person's sign-on. */
  private Optional<AwsIssuer> role(String region) {
    String file = environment.getOrDefault("AWS_WEB_IDENTITY_TOKEN_FILE", "");
    String arn = environment.getOrDefault("AWS_ROLE_ARN", "");
    try {
      if (!file.isEmpty() && !arn.isEmpty()) {
        String session = environment.getOrDefault("AWS_ROLE_SESSION_NAME", "understudy");
        return Optional.of(AwsRole.byTokenFile(region, arn, session, Path.of(file)));
      }
      String home = environment.getOrDefault("HOME", "");
      return new AwsProfiles(
              AwsCredentials.sharedFile(environment, home),
              AwsCredentials.configFile(environment, home),
              home,
              region)
          .issuer(profile());
    } catch (InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the shared AWS files cannot be read for the profile " + Nearness.quoted(profile()));
    }
  }

  /** As its firmware says, so that nobody else's machine is kept waiting for an answer. */
  private static boolean isMachineOfAws() {
    try {
      return Files.readString(Path.of("/sys/devices/virtual/dmi/id/sys_vendor"))
          .strip()
          .equals("Amazon EC2");
    } catch (IOException e) {
      return false;
    }
  }

  private Found issued(AwsIssuer issuer, String region) {
    String source =
        switch (issuer) {
          case AwsIssuer.Container _ -> "the container's role";
          case AwsIssuer.Machine _ -> "the machine's role";
          case AwsRole _ -> "a role of AWS";
          case AwsSignOn _ -> "a sign-on at AWS";
        };
    return new Found(
        new AwsIssuedKeys(source, issuer, tokens, region, "bedrock", InstantSource.system()),
        source);
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
