package dev.understudy.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class AwsSigV4Test {
  private static final String KEY = "AKIDEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-11-24T09:08:07Z"));

  /** The expected signatures in sigv4.json were computed once by botocore 1.44.5. */
  @Test
  void signsAsAnIndependentImplementationDoes() throws IOException {
    for (JsonNode vector : vectors()) {
      Optional<Secret> token =
          Optional.of(vector.get("sessionToken").stringValue())
              .filter(text -> !text.isEmpty())
              .map(Secret::new);
      var credential = sigV4(token, vector.get("region").stringValue(), "bedrock", NOW);
      var request =
          VendorRequest.post(
              vector.get("host").stringValue(),
              vector.get("pathAndQuery").stringValue(),
              Map.of("content-type", "application/json"),
              vector.get("body").stringValue().getBytes(StandardCharsets.UTF_8));

      credential.sign(request);

      assertThat(request.headers())
          .as(vector.get("name").stringValue())
          .containsEntry("authorization", vector.get("authorization").stringValue())
          .containsEntry("x-amz-date", vector.get("date").stringValue());
      assertThat(Optional.ofNullable(request.headers().get("x-amz-security-token")))
          .isEqualTo(token.map(Secret::reveal));
    }
  }

  /** "get-vanilla" and "get-vanilla-query-order-key-case" of AWS's published test suite. */
  @Test
  void signsThePublishedExamples() {
    var clock = InstantSource.fixed(Instant.parse("2015-08-30T12:36:00Z"));
    var credential = sigV4(Optional.empty(), "us-east-1", "service", clock);

    assertThat(signature(credential, "/"))
        .endsWith("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assertThat(signature(credential, "/?Param2=value2&Param1=value1"))
        .endsWith("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    assertThat(signature(credential, "/example/.."))
        .endsWith("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }

  @Test
  void signsARequestAgainAsIfForTheFirstTime() {
    var credential = sigV4(Optional.of(new Secret("token")), "us-east-1", "bedrock", NOW);
    var request = VendorRequest.post("localhost:1", "/model/m/converse", Map.of(), new byte[0]);
    credential.sign(request);
    var once = Map.copyOf(request.headers());

    credential.sign(request);

    assertThat(request.headers()).isEqualTo(once);
  }

  @Test
  void showsNoSecret() {
    var credential = sigV4(Optional.of(new Secret("token123")), "us-east-1", "bedrock", NOW);
    var keys = new AwsKeys(KEY, new Secret(SECRET), Optional.of(new Secret("token123")));

    assertThat(credential + " " + keys + " " + AwsCredentials.fixed(keys))
        .doesNotContain(SECRET)
        .doesNotContain("token123")
        .doesNotContain(KEY);
  }

  @Test
  void refusesAHeaderHiddenInARegionOrToken() {
    assertThatThrownBy(() -> sigV4(Optional.empty(), "us-east-1\nx", "bedrock", NOW))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AwsKeys(KEY, new Secret("s"), Optional.of(new Secret("a\r\nb"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("session token");
  }

  @Test
  void readsTheProfileAgainWhenTheFileHasChanged(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("credentials");
    Files.writeString(
        file,
        """
        # comment
        [default]
        aws_access_key_id = AKIADEFAULT
        aws_secret_access_key=one
        [work]
        aws_access_key_id = AKIAWORK
        aws_secret_access_key = two=2
        aws_session_token = tok
        """);
    var time = new Instant[] {Instant.parse("2026-11-24T00:00:00Z")};
    var credentials = AwsCredentials.profile(file, "work", () -> time[0]);

    assertThat(credentials.keys().accessKeyId()).isEqualTo("AKIAWORK");
    assertThat(credentials.keys().secretKey()).isEqualTo(new Secret("two=2"));
    assertThat(credentials.keys().sessionToken()).contains(new Secret("tok"));
    assertThat(credentials.isDue()).isFalse();

    Files.writeString(file, "[work]\naws_access_key_id=AKIANEW\naws_secret_access_key=three\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
    time[0] = time[0].plus(AwsCredentials.LOOK_AGAIN_AFTER);
    assertThat(credentials.isDue()).isTrue();
    credentials.refresh();

    assertThat(credentials.keys().accessKeyId()).isEqualTo("AKIANEW");
    assertThat(credentials.isDue()).isFalse();
  }

  @Test
  void keepsTheKeysWhileTheFileIsBroken(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("credentials");
    Files.writeString(file, "[default]\naws_access_key_id=AKIA1\naws_secret_access_key=one\n");
    var time = new Instant[] {Instant.parse("2026-11-24T00:00:00Z")};
    var credentials = AwsCredentials.profile(file, "default", () -> time[0]);
    Files.delete(file);
    time[0] = time[0].plusSeconds(60);

    credentials.refresh();

    assertThat(credentials.keys().accessKeyId()).isEqualTo("AKIA1");
  }

  @Test
  void saysWhichProfileIsMissing(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("credentials");
    Files.writeString(file, "[default]\naws_access_key_id=AKIA1\naws_secret_access_key=hidden\n");

    assertThatThrownBy(() -> AwsCredentials.profile(file, "absent", NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("absent")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void readsTheEnvironment() {
    assertThat(AwsCredentials.environment(Map.of("AWS_ACCESS_KEY_ID", "AKIA1"))).isEmpty();
    assertThat(
            AwsCredentials.environment(
                    Map.of("AWS_ACCESS_KEY_ID", "AKIA1", "AWS_SECRET_ACCESS_KEY", "s"))
                .map(c -> c.keys().accessKeyId()))
        .contains("AKIA1");
  }

  private static AwsSigV4 sigV4(
      Optional<Secret> token, String region, String service, InstantSource clock) {
    var keys = new AwsKeys(KEY, new Secret(SECRET), token);
    return new AwsSigV4("aws", AwsCredentials.fixed(keys), region, service, clock);
  }

  private static String signature(AwsSigV4 credential, String path) {
    var request =
        new VendorRequest(
            "GET",
            "example.amazonaws.com",
            path,
            new LinkedHashMap<>(),
            BodyPieces.of(new byte[0]));
    credential.sign(request);
    return String.valueOf(request.headers().get("authorization"));
  }

  private static List<JsonNode> vectors() throws IOException {
    try (InputStream in = AwsSigV4Test.class.getResourceAsStream("/vendor/sigv4.json")) {
      return List.copyOf(Json.parse(Objects.requireNonNull(in).readAllBytes()).values());
    }
  }
}
