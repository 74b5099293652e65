package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans that are put in force while the gateway runs, and how they are explained. */
final class PlanDeskTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(AdminToken.VARIABLE, "a-token-for-operators");
  private static final String FILE =
      """
      sandbox: true
      routes:
        assistant: {serve: openai/gpt-5.1}
      """;

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private Path file;
  private Running running;

  @BeforeEach
  void start() throws Exception {
    file = Files.writeString(data.resolve("u.yaml"), FILE);
    open();
  }

  private void open() throws Exception {
    PlanDesk.Source source = () -> Settings.read(file, Map.of()).withPorts(0, 0);
    running =
        Running.start(source.read(), ENVIRONMENT, OutputStream.nullOutputStream(), data, source);
  }

  @AfterEach
  void stop() {
    running.close();
    client.close();
  }

  @Test
  void aPlanIsInForceAtOnceAndTheOneBeforeIsKept() throws Exception {
    assertThat(served("assistant")).isEqualTo("openai/gpt-5.1");

    HttpResponse<String> put =
        admin("PUT", "/admin/plan", "routes: {assistant: {serve: anthropic/claude-sonnet-4-5}}");

    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    assertThat(put.body()).contains("\"version\":2", "\"source\":\"api\"", "\"previous\":");
    assertThat(served("assistant")).isEqualTo("anthropic/claude-sonnet-4-5");

    assertThat(admin("POST", "/admin/plan/rollback", "").statusCode()).isEqualTo(200);
    assertThat(served("assistant")).isEqualTo("openai/gpt-5.1");
    assertThat(admin("POST", "/admin/plan/rollback", "").statusCode()).isEqualTo(200);
    assertThat(served("assistant")).isEqualTo("anthropic/claude-sonnet-4-5");
    assertThat(admin("DELETE", "/admin/plan", "").body()).contains("\"source\":\"file\"");
    assertThat(served("assistant")).isEqualTo("openai/gpt-5.1");
  }

  @Test
  void aPlanMayBeJson() throws Exception {
    String plan = "{\"routes\": {\"assistant\": {\"serve\": \"xai/grok-4\"}}}";

    assertThat(admin("PUT", "/admin/plan", plan).statusCode()).isEqualTo(200);

    assertThat(served("assistant")).isEqualTo("xai/grok-4");
  }

  @Test
  void aBadPlanIsNamedWithItsPlacesAndChangesNothing() throws Exception {
    HttpResponse<String> refused =
        admin(
            "PUT",
            "/admin/plan",
            "routes:\n  assistant: {serve: opnai/gpt}\n  b: {serve: openai/x, fallback: [b]}\n");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body())
        .contains("plan:2:22: unknown vendor \\\"opnai\\\"; near: openai")
        .contains("plan:3:35: the fallbacks loop: b → b");
    for (String bad : new String[] {"", "routes: {}", "routes: [", "vendors: {}", "nothing"}) {
      assertThat(admin("PUT", "/admin/plan", bad).statusCode()).as(bad).isEqualTo(400);
    }
    assertThat(admin("GET", "/admin/plan", "").body()).contains("\"version\":1");
    assertThat(admin("POST", "/admin/plan/rollback", "").statusCode()).isEqualTo(409);
    assertThat(served("assistant")).isEqualTo("openai/gpt-5.1");
  }

  @Test
  void aPlanOutlivesTheProcess() throws Exception {
    admin("PUT", "/admin/plan", "routes: {assistant: {serve: anthropic/claude-sonnet-4-5}}");
    running.close();

    open();

    assertThat(served("assistant")).isEqualTo("anthropic/claude-sonnet-4-5");
    assertThat(admin("GET", "/admin/plan", "").body()).contains("\"version\":2");
  }

  @Test
  void settingsAreReadAgainUnlessSomethingIsWrongWithThem() throws Exception {
    Files.writeString(file, FILE.replace("openai/gpt-5.1", "google/gemini-3-pro"));
    assertThat(run("reload")).contains("plan 2 is in force, 1 routes, from the settings file");
    assertThat(served("assistant")).isEqualTo("google/gemini-3-pro");

    Files.writeString(file, "routes: {assistant: {serve: nobody/x}}");
    assertThat(run("reload")).contains("unknown vendor");
    assertThat(served("assistant")).isEqualTo("google/gemini-3-pro");

    Files.writeString(file, FILE + "limits: {calls: 7}\n");
    assertThat(run("reload")).contains("only in force after a restart: limits");
  }

  @Test
  void aReloadDoesNotOpenTheDoorToCallersWithoutAKey() throws Exception {
    running.close();
    Files.writeString(file, FILE + "keys: {search: caller-key-0123456789}\n");
    open();

    Files.writeString(file, FILE.replace("openai/gpt-5.1", "google/gemini-3-pro"));
    assertThat(run("reload")).contains("no key any more");
    assertThat(ask("{\"model\":\"assistant\",\"messages\":[]}").statusCode()).isEqualTo(401);
    assertThat(admin("GET", "/admin/plan", "").body()).contains("openai/gpt-5.1");

    assertThat(run("keys", "create", "--name", "other")).contains("us-");
    assertThat(run("reload")).contains("plan 2 is in force");
    assertThat(ask("{\"model\":\"assistant\",\"messages\":[]}").statusCode()).isEqualTo(401);
  }

  @Test
  void theCommandLineShowsAndChangesPlans() throws Exception {
    Path plan =
        Files.writeString(
            data.resolve("routes.yaml"),
            "routes: {assistant: {serve: xai/grok-4, fallback: [openai/gpt-5.1]}}");

    assertThat(run("plan", "apply", plan.toString()))
        .contains("plan 2, from the operators' door")
        .contains("  assistant: xai/grok-4, then openai/gpt-5.1");
    assertThat(served("assistant")).isEqualTo("xai/grok-4");
    assertThat(run("plan", "rollback")).contains("plan 3, from the settings file");
    assertThat(run("plan")).contains("plan 3").contains("  assistant: openai/gpt-5.1");
    Files.writeString(plan, "routes: {assistant: {serve: xai}}");
    assertThat(run("plan", "apply", plan.toString()))
        .contains(plan + ":1:29: \"xai\" must be written as vendor/model");
    assertThat(run("plan", "apply", "nowhere.yaml")).contains("cannot be read");
    assertThat(run("plan", "reset")).contains("plan 3");
  }

  @Test
  void aCallIsExplainedInSentences() throws Exception {
    admin(
        "PUT",
        "/admin/plan",
        """
        routes:
          r:
            targets:
              - {target: openai/gpt-5.1, cannot: [tools]}
              - {target: anthropic/claude-sonnet-4-5, when: {tags: [gold]}}
              - {target: xai/grok-4, priority: 2}
        """);
    HttpResponse<String> reply =
        ask(
            "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"tools\":[{\"type\":"
                + "\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]}");
    String id = reply.headers().firstValue("x-understudy-exchange").orElseThrow();

    String told = run("explain", id);

    assertThat(told)
        .contains("asked for r in openai-chat")
        .contains("By plan 2 only xai/grok-4 could be asked.")
        .contains("openai/gpt-5.1 was left out, by capability: its model does not take tools.")
        .contains(
            "anthropic/claude-sonnet-4-5 was left out, by condition: it is for requests tagged gold.")
        .containsPattern(
            "1\\. xai/grok-4 with key .* \\(first choice\\): it answered with status 200")
        .contains("The caller got a whole answer, status 200.");
    assertThat(run("explain", "nobody")).contains("no such exchange");
  }

  @Test
  void pricesOfTheUpdatedListAndOfNewBooksAreInForceAfterAReload() throws Exception {
    String book =
        """
        book: list
        currency: USD
        sources: {page: {where: "https://example.com", checked: 2026-06-01, mark: verified}}
        unpriced: {input: 10, output: 50, unit: 1}
        vendors:
          openai:
            source: page
            tiers: {default: standard}
            models:
              gpt-5.1:
                prices: [{from: 2025-01-01, tokens: {input.text: %s, output.text: 15}}]
        """;
    Files.writeString(data.resolve(PriceFiles.UPDATED), book.formatted("3"));
    assertThat(admin("POST", "/admin/reload", "").statusCode()).isEqualTo(200);
    assertThat(priced()).contains("list/openai/gpt-5.1@2025-01-01");

    Files.writeString(
        data.resolve("own.yaml"),
        book.formatted("2").replace("book: list", "book: own\nkind: negotiated"));
    Files.writeString(file, FILE + "prices: {books: [own.yaml]}\n");
    assertThat(admin("POST", "/admin/reload", "").statusCode()).isEqualTo(200);
    assertThat(priced()).contains("own/openai/gpt-5.1@2025-01-01");

    Files.writeString(data.resolve("own.yaml"), "book: own\ncurrency: nothing\n");
    HttpResponse<String> bad = admin("POST", "/admin/reload", "");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("own.yaml");
    assertThat(priced()).contains("own/openai/gpt-5.1@2025-01-01");
  }

  /** The record of a call. */
  private String priced() throws Exception {
    HttpResponse<String> reply =
        ask("{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
    String id = reply.headers().firstValue("x-understudy-exchange").orElseThrow();
    HttpResponse<String> record = admin("GET", "/admin/exchanges/" + id, "");
    for (int i = 0; i < 200 && record.statusCode() != 200; i++) {
      Thread.sleep(20);
      record = admin("GET", "/admin/exchanges/" + id, "");
    }
    return record.body();
  }

  @Test
  void targetsAreShownWithHowTheyAreDoing() throws Exception {
    served("assistant");

    assertThat(admin("GET", "/admin/targets", "").body())
        .contains("\"target\":\"openai/gpt-5.1\"", "\"standing\":\"in\"", "\"open_calls\":0");
    assertThat(admin("GET", "/metrics", "").body())
        .contains("understudy_target_in{model=\"gpt-5.1\",vendor=\"openai\"} 1.0");
  }

  private String served(String route) throws Exception {
    HttpResponse<String> reply =
        ask(
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                .formatted(route));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return reply.headers().firstValue("x-understudy-target").orElse("");
  }

  private HttpResponse<String> ask(String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + running.gateway().port() + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> admin(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.adminPort() + path))
            .header("authorization", "Bearer a-token-for-operators")
            .header("content-type", "application/yaml")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** What a command prints, on both its streams. */
  private String run(String... command) {
    String[] all = Arrays.copyOf(command, command.length + 2);
    all[command.length] = "--admin";
    all[command.length + 1] = "http://127.0.0.1:" + running.adminPort();
    var out = new StringWriter();
    var line = Commands.line(ENVIRONMENT, all);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    line.execute(all);
    return out.toString();
  }
}
