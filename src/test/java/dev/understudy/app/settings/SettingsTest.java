package dev.understudy.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Admission;
import dev.understudy.access.Caller;
import dev.understudy.chat.ProtocolName;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Target;
import dev.understudy.store.PostgresAddress;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Secret;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.VendorRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a settings file and the environment come to. */
final class SettingsTest {
  private static final String ISSUE =
      """
      vendors:
        openai: {}                                  # known vendor
        azure-eu: {kind: azure-openai, url: "https://x.openai.azure.com", key: "${AZURE_KEY}"}
        mai: {protocol: openai-chat, url: "http://10.0.0.7:8000/v1", key: "${MAI_KEY}"}
        claude-test: {protocol: anthropic-messages, url: "http://127.0.0.1:9000", key: none}
      routes:
        assistant: {serve: openai/gpt-5.1, fallback: [anthropic/claude-sonnet-4-5, mai/mai-1]}
      """;

  @Test
  void readsTheFileThatIsPromised() throws BadSettings {
    Settings settings =
        read(
            ISSUE,
            Map.of(
                "OPENAI_API_KEY", "a", "ANTHROPIC_API_KEY", "b", "AZURE_KEY", "c", "MAI_KEY", "d"));

    assertThat(settings.vendors().all())
        .extracting(Vendor::name)
        .containsExactly("openai", "azure-eu", "mai", "claude-test", "anthropic");
    assertThat(targets(settings, "assistant"))
        .containsExactly(
            new Target("openai", "gpt-5.1"),
            new Target("anthropic", "claude-sonnet-4-5"),
            new Target("mai", "mai-1"));
    assertThat(targets(settings, "mai/some/model"))
        .containsExactly(new Target("mai", "some/model"));
    assertThat(settings.sandbox()).isFalse();
    assertThat(signed(settings, "azure-eu")).containsEntry("api-key", "c");
    assertThat(signed(settings, "mai")).containsEntry("authorization", "Bearer d");
    assertThat(signed(settings, "anthropic")).containsEntry("x-api-key", "b");
    assertThat(signed(settings, "claude-test")).isEmpty();
  }

  @Test
  void asksForTheSandboxWhenNoVendorIsOn() throws BadSettings {
    assertThat(read("", Map.of()).sandbox()).isTrue();
    assertThat(read("# nothing\n", Map.of("OPENAI_API_KEY", "")).sandbox()).isTrue();
    assertThat(read("sandbox: false", Map.of()).sandbox()).isFalse();
    assertThat(read("", Map.of("XAI_API_KEY", "k")).sandbox()).isFalse();
  }

  @Test
  void routesMayLeadToTheSandboxWhenItIsOn() throws BadSettings {
    Settings settings = read("routes: {a: {serve: google/gemini-3-pro}}", Map.of());

    assertThat(targets(settings, "a")).containsExactly(new Target("google", "gemini-3-pro"));
  }

  @Test
  void aRolloutThatCouldNotBeginIsNoted() throws BadSettings {
    Settings settings =
        read(
            """
            routes: {assistant: {serve: openai/gpt-5.1}}
            rollouts:
              good: {route: assistant, candidate: mai/mai-1}
              bad: {route: asistant, candidate: nobody/m, suite: no-such-suite.yaml}
            """,
            Map.of());

    assertThat(settings.notes())
        .containsExactly(
            "rollout bad cannot begin yet: there is no route \"asistant\"; near: assistant",
            "rollout bad cannot begin yet: vendor \"nobody\" of its candidate is not on",
            "rollout bad cannot begin yet: the suite no-such-suite.yaml cannot be read");
  }

  @Test
  void aVendorIsOnWhenItsUsualVariableIsSet() throws BadSettings {
    Settings settings =
        read("", Map.of("GEMINI_API_KEY", "g", "COHERE_API_KEY", "c", "LLAMA_API_KEY", "l"));

    assertThat(settings.vendors().all())
        .extracting(Vendor::name)
        .containsExactly("gemini", "meta", "cohere");
    assertThat(targets(settings, "google/gemini-3-pro"))
        .containsExactly(new Target("gemini", "gemini-3-pro"));
    assertThat(settings.origins().get("cohere").keys()).containsExactly("COHERE_API_KEY");
  }

  @Test
  void aBlockTakesThePlaceOfWhatTheVariableWouldSwitchOn() throws BadSettings {
    Settings settings =
        read(
            """
            vendors:
              google: {url: "http://127.0.0.1:1", key: mine}
              openai: {enabled: false}
            """,
            Map.of("GEMINI_API_KEY", "g", "OPENAI_API_KEY", "o"));

    assertThat(settings.vendors().all()).extracting(Vendor::name).containsExactly("google");
    assertThat(signed(settings, "google")).containsEntry("x-goog-api-key", "mine");
    assertThat(settings.notes()).containsExactly("vendor openai is switched off");
  }

  @Test
  void aVariableThatDoesNotSufficeIsANoteAndNoMistake() throws BadSettings {
    Settings settings =
        read("", Map.of("AZURE_OPENAI_API_KEY", "k", "AWS_BEARER_TOKEN_BEDROCK", "k"));

    assertThat(settings.notes())
        .containsExactly(
            "vendor azure-openai is off although AZURE_OPENAI_API_KEY is set: url is missing:"
                + " set it here or in AZURE_OPENAI_ENDPOINT",
            "vendor bedrock is off although AWS_BEARER_TOKEN_BEDROCK is set: region is missing:"
                + " set it here or in AWS_REGION");
  }

  @Test
  void oneVendorMayHaveSeveralKeysAndSeveralNames() throws BadSettings {
    Settings settings =
        read(
            """
            vendors:
              openai: {keys: ["${A}", "${B}", literal]}
              openai-eu: {kind: openai, url: "https://eu.api.openai.com/v1/", key: "${A}"}
            """,
            Map.of("A", "one", "B", "two"));

    Vendor openai = settings.vendors().named("openai").orElseThrow();
    assertThat(openai.credentials()).extracting(c -> c.label()).containsExactly("A", "B", "key-3");
    Endpoint eu = settings.vendors().named("openai-eu").orElseThrow().endpoints().getFirst();
    assertThat(eu.authority()).isEqualTo("eu.api.openai.com");
    assertThat(eu.path(Operation.CHAT, "gpt-5")).contains("/v1/responses");
  }

  @Test
  void whatAVariableHoldsIsNeverReadAgain() throws BadSettings {
    Settings settings =
        read(
            "vendors: {openai: {key: '${A}', headers: {x-a: '$${B}', x-c: 'a-${C}-z'}}}",
            Map.of("A", "${B}", "C", "'}, x: {"));

    assertThat(signed(settings, "openai")).containsEntry("authorization", "Bearer ${B}");
    assertThat(settings.vendors().named("openai").orElseThrow().endpoints().getFirst().headers())
        .containsEntry("x-a", "${B}")
        .containsEntry("x-c", "a-'}, x: {-z");
  }

  @Test
  void readsBoundsTimesAndAddresses() throws BadSettings {
    Settings settings =
        read(
            """
            vendors:
              vllm: {timeouts: {connect: 500ms, first-token: 90s, idle: 2m, total: 1h}}
            server: {host: 0.0.0.0, port: "${PORT}", admin-port: 0}
            limits: {body: 1MiB, headers: 8192, calls: 5}
            log: {prompts: true}
            telemetry: {otlp: "http://127.0.0.1:4318/", service: gate, prompts: true, prompts-max: 2KiB}
            """,
            Map.of("PORT", "9090"));

    assertThat(settings.vendors().named("vllm").orElseThrow().timeouts().firstToken())
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.server())
        .isEqualTo(new Settings.Server("0.0.0.0", 9090, "127.0.0.1", 0, Optional.empty()));
    assertThat(settings.limits())
        .isEqualTo(new Settings.Limits(1 << 20, 8192, 5, Settings.Counting.USUAL));
    assertThat(settings.logPrompts()).isTrue();
    assertThat(settings.telemetry().otlp()).contains("http://127.0.0.1:4318");
    assertThat(settings.telemetry().prompts()).isTrue();
    assertThat(settings.telemetry().promptsMax()).isEqualTo(2_048);
  }

  @Test
  void aBlockMayBeEmptyAndAnAliasMayRepeatOne() throws BadSettings {
    Settings settings =
        read(
            """
            vendors:
              ollama:
              a: &a {kind: vllm, url: "http://127.0.0.1:1"}
              b: *a
            """,
            Map.of());

    assertThat(settings.vendors().all())
        .extracting(Vendor::name)
        .containsExactly("ollama", "a", "b");
  }

  @Test
  void aSharedStoreAndAnAdminTokenAreTakenFromVariablesAndNeverShown() throws BadSettings {
    Settings settings =
        read(
            """
            store: {url: "postgres://db.example/understudy", user: u, password: "${PW}", connections: 3}
            server: {admin-token: "${OPS}"}
            """,
            Map.of("PW", "a password", "OPS", "0123456789abcdef"));

    PostgresAddress store = settings.store().orElseThrow();
    assertThat(store.place()).isEqualTo("db.example:5432/understudy");
    assertThat(store.user()).contains("u");
    assertThat(store.password()).contains(new Secret("a password"));
    assertThat(store.connections()).isEqualTo(3);
    assertThat(settings.server().adminToken()).contains(new Secret("0123456789abcdef"));
    assertThat(settings.toString()).doesNotContain("a password", "0123456789abcdef");
    assertThat(SettingsSummary.lines(settings).toString())
        .contains("store: PostgreSQL at db.example:5432/understudy")
        .doesNotContain("a password");
  }

  @Test
  void theKeysOfCallersAreAskedFor() throws BadSettings {
    Settings settings = read("keys: {alice: '${ALICE}'}", Map.of("ALICE", "0123456789abcdef"));

    assertThat(settings.callers().admit("0123456789abcdef", false, 0))
        .isEqualTo(new Admission.Admitted(Caller.ofSettings("alice")));
    assertThat(settings.callers().admit("0123456789abcdeF", true, 0))
        .isInstanceOf(Admission.Refused.class);
  }

  @Test
  void trustsCertificatesBesideTheSettingsFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("understudy.yaml");
    Files.writeString(folder.resolve("ca.pem"), PEM);
    Files.writeString(
        file, "vendors: {x: {protocol: openai-chat, url: 'https://x', key: none, ca: ca.pem}}");

    Settings settings = Settings.read(file, Map.of());

    assertThat(settings.vendors().named("x").orElseThrow().trust()).hasSize(1);
  }

  @Test
  void aProtocolMayBeChosenAmongThoseOfAKind() throws BadSettings {
    Settings settings =
        read("vendors: {openai: {protocols: [openai-chat, openai-responses], key: k}}", Map.of());

    assertThat(settings.vendors().named("openai").orElseThrow().endpoints())
        .extracting(Endpoint::protocol)
        .containsExactly(ProtocolName.OPENAI_CHAT, ProtocolName.OPENAI_RESPONSES);
  }

  @Test
  void bedrockIsLetInBySignaturesWhenAPairOfKeysIsThere() throws BadSettings {
    Settings settings =
        read(
            "vendors: {bedrock-eu: {kind: bedrock, region: eu-west-1, access-key: AKIDEXAMPLE,"
                + " secret-key: '${S}'}}",
            Map.of(
                "S", "wJalrXUtnFEMI",
                "AWS_ACCESS_KEY_ID", "AKIDOTHER",
                "AWS_SECRET_ACCESS_KEY", "other",
                "AWS_REGION", "us-east-1"));

    assertThat(signed(settings, "bedrock-eu").get("authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        .contains("/eu-west-1/bedrock/");
    assertThat(signed(settings, "bedrock").get("authorization"))
        .contains("Credential=AKIDOTHER/")
        .contains("/us-east-1/bedrock/");
    assertThat(settings.vendors().named("bedrock").orElseThrow().endpoints().getFirst().host())
        .isEqualTo("bedrock-runtime.us-east-1.amazonaws.com");
  }

  @Test
  void bedrockFindsKeysInEitherOfTheSharedFilesAndThenInTheRoleOfItsContainer(@TempDir Path home)
      throws Exception {
    Path aws = Files.createDirectories(home.resolve(".aws"));
    Files.writeString(
        aws.resolve("credentials"),
        "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s\n");
    Files.writeString(
        aws.resolve("config"),
        """
        [default]
        region = eu-west-1
        [profile work]
        aws_access_key_id = AKIAWORK
        aws_secret_access_key = s
        [profile people]
        sso_session = company
        sso_account_id = 123456789012
        sso_role_name = Developer
        [sso-session company]
        sso_region = eu-central-1
        sso_start_url = https://company.example/start
        [profile shipping]
        role_arn = arn:aws:iam::123456789012:role/ships
        source_profile = work
        [profile program]
        credential_process = /bin/true
        """);
    String yaml = "vendors: {bedrock: {region: eu-west-1}}";

    Settings work = read(yaml, Map.of("HOME", home.toString(), "AWS_PROFILE", "work"));
    assertThat(signed(work, "bedrock").get("authorization")).contains("Credential=AKIAWORK/");

    assertThatThrownBy(() -> read(yaml, Map.of("HOME", home.toString(), "AWS_PROFILE", "program")))
        .isInstanceOfSatisfying(
            BadSettings.class,
            bad ->
                assertThat(bad.lines())
                    .singleElement()
                    .asString()
                    .contains("the AWS profile \"program\" gets its keys by credential_process"));
    assertThatThrownBy(() -> read(yaml, Map.of("HOME", home.toString(), "AWS_PROFILE", "nobody")))
        .isInstanceOfSatisfying(
            BadSettings.class,
            bad ->
                assertThat(bad.lines())
                    .singleElement()
                    .asString()
                    .endsWith("the shared AWS files have no keys for the profile \"nobody\""));

    for (var expected :
        Map.of("people", "a sign-on at AWS", "shipping", "a role of AWS").entrySet()) {
      Settings elsewhere =
          read(yaml, Map.of("HOME", home.toString(), "AWS_PROFILE", expected.getKey()));
      assertThat(elsewhere.vendors().named("bedrock").orElseThrow().credentials())
          .singleElement()
          .satisfies(found -> assertThat(found.label()).isEqualTo(expected.getValue()));
    }

    Settings container =
        read(
            yaml,
            Map.of(
                "HOME", home.toString(), "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/c/hidden"));
    var credential = container.vendors().named("bedrock").orElseThrow().credentials().getFirst();
    assertThat(credential.label()).isEqualTo("the container's role");
    assertThat(credential.isReady()).isFalse();
    assertThat(credential.toString()).doesNotContain("hidden");
    assertThatThrownBy(() ->
            read(yaml, Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://keys.example/hidden")))
        .isInstanceOfSatisfying(
            BadSettings.class,
            bad ->
                assertThat(bad.lines())
                    .singleElement()
                    .asString()
                    .contains("AWS_CONTAINER_CREDENTIALS_FULL_URI must be an address of this")
                    .doesNotContain("hidden"));
  }

  @Test
  void vertexIsLetInByAKeyFileWhichAlsoNamesTheProject(@TempDir Path folder) throws Exception {
    var pair = KeyPairGenerator.getInstance("RSA");
    pair.initialize(2048);
    String key =
        Base64.getEncoder().encodeToString(pair.generateKeyPair().getPrivate().getEncoded());
    Path file = folder.resolve("account.json");
    Files.writeString(
        file,
        """
        {"type": "service_account", "project_id": "p-1", "client_email": "a@example.com",
         "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"}
        """
            .formatted(key));

    Settings settings = read("", Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString()));

    Vendor vertex = settings.vendors().named("vertex").orElseThrow();
    assertThat(vertex.endpoints().getFirst().host()).isEqualTo("aiplatform.googleapis.com");
    assertThat(vertex.endpoints().getFirst().path(Operation.CHAT, "m").orElseThrow())
        .contains("/projects/p-1/locations/global/publishers/google/");
    assertThat(vertex.credentials().getFirst().isReady()).isFalse();
  }

  private static Map<String, String> signed(Settings settings, String vendor) {
    var request = VendorRequest.post("host", "/", Map.of(), new byte[0]);
    settings.vendors().named(vendor).orElseThrow().credentials().getFirst().sign(request);
    return new HashMap<>(request.headers());
  }

  private static Settings read(String yaml, Map<String, String> environment) throws BadSettings {
    return Settings.read(
        Path.of("understudy.yaml"), yaml.getBytes(StandardCharsets.UTF_8), environment);
  }

  private static final String PEM =
      """
      -----BEGIN CERTIFICATE-----
      MIIBjDCCATGgAwIBAgIUZFlRLNyfbsjs/GbGKJL/pFwixpswCgYIKoZIzj0EAwIw
      GjEYMBYGA1UEAwwPRXhhbXBsZSBUZXN0IENBMCAXDTI2MTEyNDAzMDE1M1oYDzIx
      MjYxMDMxMDMwMTUzWjAaMRgwFgYDVQQDDA9FeGFtcGxlIFRlc3QgQ0EwWTATBgcq
      hkjOPQIBBggqhkjOPQMBBwNCAARfI2ZlQRo7z3bM0tg/O8vx39qFsMtDj+Te9KBq
      btPuCA05xBcY0uPa10EZFRJaj5a4mDRgPO6wuBeIORBQKnZFo1MwUTAdBgNVHQ4E
      FgQUsBLGVTvgVAnBOp5P4497o7wAprswHwYDVR0jBBgwFoAUsBLGVTvgVAnBOp5P
      4497o7wAprswDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAmQ3A
      SjB+DZ+jIfm3w4WnK/Tigk3zVP4Z20AIfABK3TkCIQDcaco5UG1IV2phAlI8khwu
      2nOH5s9zzizusUT5MS2tFg==
      -----END CERTIFICATE-----
      """;

  private static List<Target> targets(Settings settings, String name) {
    return ((Resolution.Found) settings.plan().resolve(name)).targets();
  }
}
