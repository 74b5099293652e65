package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product without a vendor's key. */
final class SandboxVendorsTest {
  @TempDir private Path folder;

  @Test
  void everySandboxVendorAnswersInEveryCallersProtocol() throws Exception {
    Settings settings = Settings.ofEnvironment(Map.of(), (_, _) -> "").withPorts(0, 0);
    try (Running running = Running.start(settings, Map.of(), OutputStream.nullOutputStream())) {
      for (String vendor : Settings.SANDBOX_VENDORS) {
        String said = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
        String model = "{\"model\":\"" + vendor + "/m\",";
        assertThat(
                List.of(
                    post(running, "/v1/chat/completions", model + said + "}"),
                    post(running, "/v1/responses", model + "\"input\":\"hello\"}"),
                    post(running, "/v1/messages", model + "\"max_tokens\":99," + said + "}"),
                    post(
                        running,
                        "/v1beta/models/" + vendor + "/m:generateContent",
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}]}")))
            .as(vendor)
            .allSatisfy(reply -> assertThat(reply).contains("sandbox", "hello"));
      }
    }
  }

  /** What there is to ask for: of vendors in a box their own lists, of others what prices know. */
  @Test
  void whoeverAsksWhatThereIsIsTold() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("u.yaml"),
            """
            vendors:
              mistral: {url: "http://127.0.0.1:1", key: none}
              azure: {kind: azure-openai, url: "http://127.0.0.1:1", key: none}
            sandbox: true
            """);
    Settings settings = Settings.read(file, Map.of()).withPorts(0, 0);
    try (Running running = Running.start(settings, Map.of(), OutputStream.nullOutputStream())) {
      String models = get(running, "/v1/models");
      // The list of prices is read beside the start.
      for (int i = 0; i < 600 && !models.contains("mistral/"); i++) {
        Thread.sleep(100);
        models = get(running, "/v1/models");
      }

      assertThat(models)
          .contains("\"openai/gpt-5.1\"", "\"mai/mai-1\"", "\"mistral/devstral-2512\"")
          .doesNotContain("\"azure/");
    }
  }

  @Test
  void tokensAreCountedWhereTheRealVendorCountsThem() throws Exception {
    Settings settings = Settings.ofEnvironment(Map.of(), (_, _) -> "").withPorts(0, 0);
    try (Running running = Running.start(settings, Map.of(), OutputStream.nullOutputStream())) {
      for (String model : List.of("openai/gpt-5.1", "anthropic/claude", "google/gemini")) {
        assertThat(
                post(
                    running,
                    "/v1/messages/count_tokens",
                    "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                        .formatted(model)))
            .as(model)
            .matches("\\{\"input_tokens\":[1-9][0-9]*}");
      }
    }
  }

  @Test
  void aRealVendorGoesBeforeItsDouble() throws Exception {
    Path file = Files.writeString(folder.resolve("u.yaml"), "sandbox: true\n");
    var environment = Map.of("OPENAI_API_KEY", "sk-of-this-test");
    Settings settings = Settings.read(file, environment).withPorts(0, 0);
    try (Running running = Running.start(settings, environment, OutputStream.nullOutputStream())) {
      assertThat(running.sandboxed()).doesNotContain("openai").contains("anthropic");
      assertThat(String.join("\n", Greeting.lines(running)))
          .contains("openai-chat at https://api.openai.com")
          .doesNotContain("no vendor's key", "sk-of-this-test");
    }
  }

  private static String post(Running running, String path, String body) throws Exception {
    return sent(
        HttpRequest.newBuilder(at(running, path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static String get(Running running, String path) throws Exception {
    return sent(HttpRequest.newBuilder(at(running, path)).build());
  }

  private static URI at(Running running, String path) {
    return URI.create("http://127.0.0.1:" + running.gateway().port() + path);
  }

  private static String sent(HttpRequest request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      return reply.body();
    }
  }
}
