package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.vendor.AwsIssuedKeys;
import dev.understudy.vendor.AwsIssuer;
import dev.understudy.vendor.LocalAddress;
import dev.understudy.vendor.VendorRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of AWS from a server that speaks as the metadata services of its machines do. */
final class AwsIssuedKeysTest {
  private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String base;
  private volatile Instant now = START;
  private volatile Instant expiry = START.plusSeconds(3_600);
  private volatile int issued;
  private volatile int status = 200;
  private volatile String shape = "";

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    base = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @Test
  void aMachineIsAskedForATokenFirstThenForItsRoleAndItsKeys() throws Exception {
    AwsIssuedKeys keys = keys(Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", base + "/"));
    assertThat(keys.isReady()).isFalse();

    keys.prepare();

    assertThat(keys.isReady()).isTrue();
    Map<String, String> headers = signed(keys);
    assertThat(headers.get("authorization")).contains("Credential=ASIAISSUED1/20261127/eu-west-1/");
    assertThat(headers).containsEntry("x-amz-security-token", "session-1");
    assertThat(asked)
        .containsExactly(
            "PUT /latest/api/token ttl=60",
            "GET /latest/meta-data/iam/security-credentials/ token=imds-token",
            "GET /latest/meta-data/iam/security-credentials/app-role token=imds-token");
  }

  @Test
  void aContainerShowsTheTokenOfItsFileWhichMayBeReplaced(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "first\n");
    AwsIssuedKeys keys =
        keys(
            Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                base + "/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "ignored",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                file.toString()));
    keys.prepare();
    Files.writeString(file, "second");
    now = expiry;
    expiry = now.plusSeconds(3_600);

    keys.prepare();

    assertThat(asked)
        .containsExactly("GET /v1/credentials auth=first", "GET /v1/credentials auth=second");
    assertThat(signed(keys).get("authorization")).contains("Credential=ASIAISSUED2/");
  }

  @Test
  void keysAreReplacedBeforeTheyEndAndKeptWhileTheServiceIsAway() throws Exception {
    AwsIssuedKeys keys = keys(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", base + "/c"));
    keys.prepare();
    now = expiry.minus(Duration.ofMinutes(6));
    assertThat(keys.isReady()).isTrue();

    now = expiry.minus(Duration.ofMinutes(4));
    assertThat(keys.isReady()).isFalse();
    status = 500;
    keys.prepare();
    assertThat(signed(keys).get("authorization")).contains("ASIAISSUED1/");
    // Not asked again by every call.
    assertThat(keys.isReady()).isTrue();
    now = now.plusSeconds(11);
    assertThat(keys.isReady()).isFalse();

    now = expiry;
    assertThatThrownBy(keys::prepare)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("500")
        .hasMessageNotContaining("hidden");
    status = 200;
    expiry = now.plusSeconds(3_600);
    keys.prepare();
    assertThat(signed(keys).get("authorization")).contains("ASIAISSUED2/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "not json hidden",
        "{\"AccessKeyId\":\"ASIA1234\",\"SecretAccessKey\":\"\"}",
        "{\"AccessKeyId\":\"ASIA1234\",\"SecretAccessKey\":\"hidden\",\"Expiration\":\"soon\"}",
        "{\"AccessKeyId\":\"ASIA1234\",\"SecretAccessKey\":\"hidden\",\"Token\":\"a\\r\\nb: c\"}"
      })
  void anAnswerWithoutKeysIsSaidToBeOneAndNotRepeated(String answer) {
    shape = answer;
    AwsIssuedKeys keys = keys(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", base + "/c"));

    assertThatThrownBy(keys::prepare)
        .isInstanceOf(IOException.class)
        .hasMessage("the answer of AWS's service holds no keys that can be used");
    assertThat(keys.isReady()).isFalse();
  }

  @Test
  void nothingBeyondThisMachinesLinkIsAskedOrFollowed() {
    assertThatThrownBy(() ->
            AwsIssuer.of(
                Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/s3cret"), false))
        .hasMessageContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(
            () -> new JdkTokenExchange().local("GET", URI.create("http://10.0.0.1/"), Map.of()))
        .isInstanceOf(IOException.class);
    status = 302;
    AwsIssuedKeys keys = keys(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", base + "/c"));
    assertThatThrownBy(keys::prepare).hasMessageContaining("302");
    for (String far :
        List.of(
            "http://169.254.170.2@evil.example/",
            "http://169.254.1.1.evil.example/",
            "http://localhost.evil.example/",
            "http://[2001:db8::1]/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd")) {
      assertThat(LocalAddress.isLocal(URI.create(far))).as(far).isFalse();
    }
    for (String near :
        List.of(
            "http://169.254.170.2/x", "http://[fd00:ec2::23]/v1/credentials", "http://[::1]:80/")) {
      assertThat(LocalAddress.isLocal(URI.create(near))).as(near).isTrue();
    }
  }

  @Test
  void aMachineThatIsNotOfAwsIsNotAsked() {
    assertThat(AwsIssuer.of(Map.of(), false)).isEmpty();
    assertThat(AwsIssuer.of(Map.of(), true)).isPresent();
    assertThat(AwsIssuer.of(Map.of("AWS_EC2_METADATA_DISABLED", "true"), true)).isEmpty();
    assertThat(
            AwsIssuer.of(
                Map.of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x"), true))
        .isPresent()
        .get()
        .isInstanceOf(AwsIssuer.Container.class);
  }

  @Test
  void nothingThatIsPrintedTellsASecret() throws Exception {
    AwsIssuedKeys keys =
        keys(
            Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                base + "/c/s3cret",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "s3cret"));
    keys.prepare();
    AwsIssuer issuer =
        AwsIssuer.of(
                Map.of(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    base + "/c/s3cret",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                    "s3cret"),
                false)
            .orElseThrow();

    assertThat(keys + " " + issuer + " " + issuer.issue(new JdkTokenExchange(), now))
        .doesNotContain("s3cret", "hidden", "session-");
  }

  private AwsIssuedKeys keys(Map<String, String> environment) {
    return new AwsIssuedKeys(
        "aws",
        AwsIssuer.of(environment, false).orElseThrow(),
        new JdkTokenExchange(),
        "eu-west-1",
        "bedrock",
        () -> now);
  }

  private static Map<String, String> signed(AwsIssuedKeys keys) {
    var request = VendorRequest.post("host", "/", Map.of(), new byte[0]);
    keys.sign(request);
    return request.headers();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    String path = exchange.getRequestURI().getPath();
    asked.add(
        exchange.getRequestMethod()
            + " "
            + path
            + said(" ttl=", headers.getFirst("x-aws-ec2-metadata-token-ttl-seconds"))
            + said(" token=", headers.getFirst("x-aws-ec2-metadata-token"))
            + said(" auth=", headers.getFirst("authorization")));
    String answer;
    if (path.endsWith("/api/token")) {
      answer = "imds-token";
    } else if (path.endsWith("/security-credentials/")) {
      answer = "app-role";
    } else if (!shape.isEmpty()) {
      answer = shape;
    } else {
      if (status == 200) {
        issued++;
      }
      answer =
          """
          {"Code": "Success", "AccessKeyId": "ASIAISSUED%d", "SecretAccessKey": "hidden",
           "Token": "session-%d", "Expiration": "%s"}
          """
              .formatted(issued, issued, expiry);
    }
    exchange.getResponseHeaders().add("location", base + "/elsewhere");
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String said(String name, String value) {
    return value == null ? "" : name + value;
  }
}
