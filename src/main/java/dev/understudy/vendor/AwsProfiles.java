package dev.understudy.vendor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads from AWS's shared files who issues the keys of a profile
 * (docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
 *
 * @param region of the token service, where a profile becomes a role
 */
public record AwsProfiles(Path credentials, Path config, String home, String region) {

  /**
   * Who issues the profile's keys; empty if it holds them itself, or is not there.
   *
   * @throws IllegalArgumentException if the profile says something else, or lacks something
   */
  public Optional<AwsIssuer> issuer(String name) throws IOException {
    Map<String, String> said = settings(name);
    if (said.containsKey("role_arn")) {
      return Optional.of(role(name, said));
    }
    if (said.containsKey("aws_access_key_id")) {
      return Optional.empty();
    }
    if (said.containsKey("sso_session") || said.containsKey("sso_start_url")) {
      return Optional.of(signOn(name, said));
    }
    for (String other : List.of("credential_process", "login_session")) {
      if (said.containsKey(other)) {
        throw new IllegalArgumentException(
            "the AWS profile \"%s\" gets its keys by %s, which is not followed here; set AWS_ACCESS_KEY_ID and the like, as `aws configure export-credentials` prints"
                .formatted(name, other));
      }
    }
    return Optional.empty();
  }

  private AwsRole role(String name, Map<String, String> said) throws IOException {
    String session = said.getOrDefault("role_session_name", "understudy");
    AwsRole.Proof proof;
    if (said.containsKey("web_identity_token_file")) {
      proof = new AwsRole.Proof.TokenFile(Path.of(said.get("web_identity_token_file")));
    } else {
      String source = needed(name, said, "source_profile");
      proof =
          new AwsRole.Proof.Signature(
              keysOf(name, source), Optional.ofNullable(said.get("external_id")));
    }
    return new AwsRole(
        AwsRole.service(region), region, needed(name, said, "role_arn"), session, proof);
  }

  private AwsCredentials keysOf(String name, String source) throws IOException {
    for (Path file : List.of(credentials, config)) {
      if (AwsCredentials.fields(file, source).contains("aws_access_key_id")) {
        return AwsCredentials.profile(file, source, InstantSource.system());
      }
    }
    throw new IllegalArgumentException(
        "the source_profile \"%s\" of the AWS profile \"%s\" holds no keys itself, which is needed here"
            .formatted(source, name));
  }

  private AwsSignOn signOn(String name, Map<String, String> said) throws IOException {
    var all = new HashMap<>(said);
    String session = said.getOrDefault("sso_session", "");
    if (!session.isEmpty()) {
      all.putAll(AwsCredentials.settings(config, "sso-session " + session));
    }
    String at = needed(name, all, "sso_region");
    if (!at.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException(
          "sso_region of the AWS profile \"" + name + "\" is no region");
    }
    return new AwsSignOn(
        AwsSignOn.portal(at),
        AwsSignOn.tokenFile(home, session.isEmpty() ? needed(name, all, "sso_start_url") : session),
        needed(name, all, "sso_account_id"),
        needed(name, all, "sso_role_name"));
  }

  private Map<String, String> settings(String name) throws IOException {
    var settings = new HashMap<>(AwsCredentials.settings(config, name));
    settings.putAll(AwsCredentials.settings(credentials, name));
    return settings;
  }

  private static String needed(String name, Map<String, String> said, String field) {
    String value = said.getOrDefault(field, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("the AWS profile \"%s\" needs %s".formatted(name, field));
    }
    return value;
  }
}
