package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README and the page behind it tell people to type does what they say. */
final class ReadmeTest {
  private static final Map<String, String> KEYS =
      Map.of(
          "OPENAI_API_KEY", "sk-test",
          "OPENAI_KEY_1", "sk-test-1",
          "OPENAI_KEY_2", "sk-test-2",
          "ANTHROPIC_API_KEY", "sk-ant-test",
          "AZURE_KEY", "azure-test",
          "MAI_KEY", "mai-test",
          "STORE_PASSWORD", "store-test",
          "OPS_TOKEN", "a-token-for-operators",
          "ALICE_KEY", "a key for alice, long".replace(' ', '-'),
          "JOB_KEY", "a key for the job, long".replace(' ', '-'));

  private static final Map<String, String> ENVIRONMENT =
      Map.of("UNDERSTUDY_ADMIN_TOKEN", Curl.ADMIN_TOKEN);

  /** Text of an answer, in whichever protocol, whole or in pieces. */
  private static final Pattern SAID =
      Pattern.compile("\"(?:content|text)\": ?\"((?:[^\"\\\\]|\\\\.)*)\"");

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void everyCurlLineOfTheReadmeEndsInAnAnswer() throws Exception {
    List<String> lines = Page.read("README.md").curls();
    Settings settings = Settings.ofEnvironment(Map.of(), (_, _) -> "").withPorts(0, 0);

    assertThat(lines).hasSizeGreaterThan(5);
    try (Running running = Running.start(settings, ENVIRONMENT, OutputStream.nullOutputStream())) {
      for (String line : lines) {
        HttpResponse<String> reply = Curl.parse(line).ask(client, running);

        assertThat(reply.statusCode()).as(line).isEqualTo(200);
        assertThat(said(reply)).as(line).contains("sandbox", "you said \\\"hello\\\"");
        assertThat(reply.headers().firstValue("content-type").orElse(""))
            .as(line)
            .startsWith(
                line.contains("\"stream\": true") ? "text/event-stream" : "application/json");
      }
    }
  }

  @Test
  void everyCurlLineOfTheFirstPageIsUnderstoodByTheExample() throws Exception {
    List<String> lines = Page.read("docs/start.md").curls();
    Settings settings =
        Settings.read(Path.of("examples/understudy.yaml"), Map.of()).withPorts(0, 0);

    assertThat(lines).hasSizeGreaterThan(5);
    try (Running running = Running.start(settings, ENVIRONMENT, OutputStream.nullOutputStream())) {
      for (String line : lines) {
        HttpResponse<String> reply = Curl.parse(line).ask(client, running);

        boolean strict = line.contains("x-understudy-strict");
        assertThat(reply.statusCode()).as(line).isEqualTo(strict ? 400 : 200);
        if (strict) {
          assertThat(reply.body()).contains("seed");
        } else if (line.contains("\"seed\"")) {
          assertThat(reply.headers().firstValue("x-understudy-losses")).contains("seed");
        } else if (line.contains("rehearsal")) {
          assertThat(reply.headers().firstValue("x-understudy-attempts")).contains("2");
          assertThat(reply.headers().firstValue("x-understudy-target"))
              .contains("anthropic/claude-sonnet-4-5");
        } else if (line.contains("sandbox-cut")) {
          assertThat(reply.body()).contains("\"error\"").doesNotContain("[DONE]");
        }
      }
    }
  }

  @Test
  void everySettingsBlockCanBeCopied() throws Exception {
    for (String page : List.of("README.md", "docs/start.md", "docs/reference/settings.md")) {
      List<String> blocks = Page.read(page).in("yaml");

      assertThat(blocks).as(page).isNotEmpty();
      for (String block : blocks) {
        Path file = Files.writeString(folder.resolve("understudy.yaml"), block);
        // Throws, with the place, if anything is wrong.
        assertThat(Settings.read(file, KEYS).notes()).as(block).isEmpty();
      }
    }
  }

  @Test
  void theExampleIsGoodAsItIsAndWithItsRealVendors() throws Exception {
    Path example = Path.of("examples/understudy.yaml");
    assertThat(Settings.read(example, Map.of()).sandbox()).isTrue();

    String[] parts = Files.readString(example).split("(?m)^.*# ----.*\\n", -1);
    String withReal = parts[0].replace("sandbox: true", "") + uncommented(parts[1]) + parts[2];
    Path file = Files.writeString(folder.resolve("understudy.yaml"), withReal);
    var environment =
        Map.of(
            "OPENAI_API_KEY", "sk-test",
            "ANTHROPIC_KEY_1", "sk-ant-1",
            "ANTHROPIC_KEY_2", "sk-ant-2",
            "GEMINI_API_KEY", "gemini-test",
            "AZURE_KEY", "azure-test",
            "MAI_KEY", "mai-test",
            "AWS_BEARER_TOKEN_BEDROCK", "bedrock-test",
            "GOOGLE_APPLICATION_CREDENTIALS", serviceAccount());

    Settings settings = Settings.read(file, environment);

    assertThat(settings.sandbox()).isFalse();
    assertThat(settings.vendors().all()).hasSize(8);
  }

  private static String uncommented(String lines) {
    return lines
        .lines()
        .map(line -> line.replaceFirst("# ", ""))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private String serviceAccount() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        Base64.getEncoder().encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    return Files.writeString(
            folder.resolve("account.json"),
            """
            {"type": "service_account", "project_id": "p", "private_key_id": "1",
             "client_email": "u@p.iam.gserviceaccount.com",
             "token_uri": "https://oauth2.googleapis.com/token",
             "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"}
            """
                .formatted(key))
        .toString();
  }

  private static String said(HttpResponse<String> reply) {
    return SAID.matcher(reply.body()).results().map(m -> m.group(1)).collect(Collectors.joining());
  }
}
