package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import dev.understudy.store.PostgresServer;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that share a database have one plan. */
final class SharedPlansTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(AdminToken.VARIABLE, "a-token-for-operators");

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Path file;
  private Running one;
  private Running two;

  @BeforeEach
  void start() throws Exception {
    PostgresServer server = PostgresServer.shared();
    String database = server.fresh().database();
    file =
        Files.writeString(
            folder.resolve("u.yaml"),
            """
            sandbox: true
            store: {url: "%s", user: "%s", password: "%s"}
            routes:
              assistant: {serve: openai/gpt-5.1}
            """
                .formatted(server.url(database), server.user(database), server.password()));
    one = open("one");
    two = open("two");
  }

  private Running open(String name) throws Exception {
    PlanDesk.Source source = () -> Settings.read(file, Map.of()).withPorts(0, 0);
    Path data = Files.createDirectories(folder.resolve(name));
    return Running.start(source.read(), ENVIRONMENT, OutputStream.nullOutputStream(), data, source);
  }

  @AfterEach
  void stop() {
    if (one != null) {
      one.close();
    }
    if (two != null) {
      two.close();
    }
    client.close();
  }

  @Test
  void aPlanThatWasSentToOneIsInForceAtAllAndAfterTheirNextStart() throws Exception {
    String plan = "routes: {assistant: {serve: anthropic/claude-sonnet-4-5}}";
    assertThat(admin(one, "PUT", "/admin/plan", plan)).contains("\"version\":2");

    awaitPlan(two, "\"version\":2", "anthropic/claude-sonnet-4-5", "\"previous\"");

    two.close();
    two = open("two");
    assertThat(admin(two, "GET", "/admin/plan", "")).contains("anthropic/claude-sonnet-4-5");
    assertThat(admin(two, "POST", "/admin/plan/rollback", "")).contains("\"version\":3");
    awaitPlan(one, "\"version\":3", "openai/gpt-5.1");
    // A replica that begins with an empty folder takes the plan of the others.
    Running three = open("three");
    try {
      awaitPlan(three, "\"version\":3", "openai/gpt-5.1");
    } finally {
      three.close();
    }
  }

  @Test
  void ofTwoPlansOnTopOfOneTheSecondIsToldAndChangesNothing() throws Exception {
    admin(one, "PUT", "/admin/plan", "routes: {a: {serve: openai/gpt-5.1}}");
    // Sent before this replica has looked, which it does once a second; else it is on top of it.
    String second = admin(two, "PUT", "/admin/plan", "routes: {b: {serve: openai/gpt-5.1}}");

    if (second.contains("\"version\"")) {
      awaitPlan(one, "\"version\":3", "\"b\"");
    } else {
      assertThat(second).contains("another replica was sent a plan meanwhile");
      assertThat(admin(two, "GET", "/admin/plan", "")).contains("\"version\":2", "\"a\"");
    }
  }

  private void awaitPlan(Running replica, String... holds) throws Exception {
    String seen = "";
    for (int i = 0; i < 400; i++) {
      seen = admin(replica, "GET", "/admin/plan", "");
      boolean all = true;
      for (String one : holds) {
        all &= seen.contains(one);
      }
      if (all) {
        return;
      }
      Thread.sleep(50);
    }
    assertThat(seen).contains(holds);
  }

  private String admin(Running at, String method, String path, String body) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.adminPort() + path))
                .header("authorization", "Bearer a-token-for-operators")
                .header("content-type", "application/yaml")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
