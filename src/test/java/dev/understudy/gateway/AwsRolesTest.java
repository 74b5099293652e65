package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.vendor.AwsCredentials;
import dev.understudy.vendor.AwsIssuer;
import dev.understudy.vendor.AwsKeys;
import dev.understudy.vendor.AwsProfiles;
import dev.understudy.vendor.AwsRole;
import dev.understudy.vendor.AwsSignOn;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles and sign-ons of AWS, asked of a server that answers as its documentation shows. */
final class AwsRolesTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final String ARN = "arn:aws:iam::123456789012:role/team/models";
  private static final String XML =
      """
      <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <Credentials>
          <AccessKeyId>ASIAROLE</AccessKeyId>
          <SecretAccessKey>hidden/+=</SecretAccessKey>
          <SessionToken>hidden-session</SessionToken>
          <Expiration>2026-11-27T13:00:00Z</Expiration>
        </Credentials></AssumeRoleResult></AssumeRoleResponse>
      """;
  private static final String JSON =
      """
      {"roleCredentials": {"accessKeyId": "ASIAPORTAL", "secretAccessKey": "hidden",
       "sessionToken": "hidden-session", "expiration": 1795788000000}}
      """;

  @TempDir private Path home;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile String answer = XML;
  private volatile int status = 200;
  private HttpServer server;
  private URI base;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          asked.add(
              "%s %s %s %s|%s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      headers.getFirst("authorization"),
                      headers.getFirst("x-amz-sso_bearer_token"),
                      new String(
                          exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @Test
  void whoHasKeysSignsToBecomeARole() throws Exception {
    var source =
        AwsCredentials.fixed(new AwsKeys("AKIASOURCE", new Secret("s3cret"), Optional.empty()));
    var role =
        new AwsRole(
            base,
            "eu-west-1",
            ARN,
            "understudy",
            new AwsRole.Proof.Signature(source, Optional.of("a b")));

    AwsIssuer.Issued issued = role.issue(new JdkTokenExchange(), NOW);

    assertThat(issued.keys().accessKeyId()).isEqualTo("ASIAROLE");
    assertThat(issued.keys().secretKey()).isEqualTo(new Secret("hidden/+="));
    assertThat(issued.keys().sessionToken()).contains(new Secret("hidden-session"));
    assertThat(issued.expiry()).isEqualTo(Instant.parse("2026-11-27T13:00:00Z"));
    assertThat(asked.getFirst())
        .startsWith("POST / AWS4-HMAC-SHA256 Credential=AKIASOURCE/20261127/eu-west-1/sts/aws4_")
        .endsWith(
            "|Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Fmodels"
                + "&RoleSessionName=understudy&Action=AssumeRole&ExternalId=a+b");
    assertThat(issued + " " + role).doesNotContain("hidden", "s3cret");
  }

  @Test
  void aTokenInAFileIsShownWithoutASignature() throws Exception {
    Path file = Files.writeString(home.resolve("token"), "eyJ.first\n");
    var role = new AwsRole(base, "eu-west-1", ARN, "understudy", new AwsRole.Proof.TokenFile(file));

    assertThat(role.issue(new JdkTokenExchange(), NOW).keys().accessKeyId()).isEqualTo("ASIAROLE");
    assertThat(asked.getFirst())
        .startsWith("POST / null ")
        .endsWith("&Action=AssumeRoleWithWebIdentity&WebIdentityToken=eyJ.first");

    Files.delete(file);
    assertThatThrownBy(() -> role.issue(new JdkTokenExchange(), NOW))
        .isInstanceOf(IOException.class)
        .hasMessage("the file of the web identity token cannot be read");
  }

  @Test
  void aRefusalOrAnAnswerOfNoUseIsSaidAndNotRepeated() throws Exception {
    Path file = Files.writeString(home.resolve("token"), "eyJ.first");
    var role = new AwsRole(base, "eu-west-1", ARN, "understudy", new AwsRole.Proof.TokenFile(file));
    answer = "<AccessKeyId>ASIAROLE</AccessKeyId> hidden";
    assertThatThrownBy(() -> role.issue(new JdkTokenExchange(), NOW))
        .hasMessage("the answer of AWS's token service holds no keys that can be used");
    status = 403;
    assertThatThrownBy(() -> role.issue(new JdkTokenExchange(), NOW))
        .hasMessageContaining("403")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void whoSignedOnIsGivenTheKeysOfTheRole() throws Exception {
    answer = JSON;
    Path token =
        Files.writeString(
            home.resolve("t.json"),
            "{\"accessToken\": \"tok\", \"expiresAt\": \"2026-11-27T15:00:00Z\"}");
    var signOn = new AwsSignOn(base, token, "123456789012", "Dev Ops");

    AwsIssuer.Issued issued = signOn.issue(new JdkTokenExchange(), NOW);

    assertThat(issued.keys().accessKeyId()).isEqualTo("ASIAPORTAL");
    assertThat(issued.expiry()).isEqualTo(Instant.ofEpochMilli(1_795_788_000_000L));
    assertThat(asked)
        .containsExactly(
            "GET /federation/credentials?role_name=Dev+Ops&account_id=123456789012 null tok|");

    assertThatThrownBy(
            () -> signOn.issue(new JdkTokenExchange(), Instant.parse("2026-11-27T15:00:00Z")))
        .hasMessageEndingWith("is over; sign on again with aws sso login");
    Files.delete(token);
    assertThatThrownBy(() -> signOn.issue(new JdkTokenExchange(), NOW))
        .hasMessage("nobody is signed on at AWS's portal; sign on again with aws sso login");
  }

  @Test
  void profilesSayWhoIssuesTheirKeys() throws Exception {
    Path credentials =
        Files.writeString(
            home.resolve("credentials"),
            "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = hidden\n");
    Path config =
        Files.writeString(
            home.resolve("config"),
            """
            [profile role]
            role_arn = %s
            source_profile = base
            [profile bad]
            role_arn = nonsense
            source_profile = base
            [profile row]
            role_arn = %s
            source_profile = role
            [profile lonely]
            role_arn = %s
            [profile person]
            sso_session = company
            sso_account_id = 123456789012
            sso_role_name = Dev
            [sso-session company]
            sso_region = eu-central-1
            """
                .formatted(ARN, ARN, ARN));
    var profiles = new AwsProfiles(credentials, config, home.toString(), "eu-west-1");

    assertThat(profiles.issuer("base")).isEmpty();
    assertThat(profiles.issuer("nobody")).isEmpty();
    assertThat(profiles.issuer("role"))
        .get()
        .isInstanceOfSatisfying(
            AwsRole.class,
            role -> assertThat(role.service()).hasToString("https://sts.eu-west-1.amazonaws.com"));
    assertThat(profiles.issuer("person"))
        .contains(
            new AwsSignOn(
                URI.create("https://portal.sso.eu-central-1.amazonaws.com"),
                // The name is the SHA-1 of "company".
                home.resolve(".aws/sso/cache/71b21161ffa1e6516bcc072aaf5ef38cbe85b511.json"),
                "123456789012",
                "Dev"));
    assertThatThrownBy(() -> profiles.issuer("bad")).hasMessageContaining("arn:aws:iam::");
    assertThatThrownBy(() -> profiles.issuer("row"))
        .hasMessageContaining(
            "the source_profile \"role\" of the AWS profile \"row\" holds no keys");
    assertThatThrownBy(() -> profiles.issuer("lonely"))
        .hasMessage("the AWS profile \"lonely\" needs source_profile");
  }
}
