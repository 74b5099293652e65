package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.admin.AdminClient;
import dev.understudy.app.settings.Settings;
import dev.understudy.vendor.Secret;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How operators come by their token, and by another one. */
final class AdminTokenTest {
  @TempDir private Path data;

  @Test
  void aTokenIsMadeUpAtTheFirstStartShownOnceAndKeptAsADigest() throws Exception {
    String token;
    try (Running running = start(Map.of())) {
      token = running.freshToken().orElseThrow().reveal();
      assertThat(Greeting.lines(running)).contains("admin token, shown this once: " + token);
      assertLetIn(running, token);
      assertNotLetIn(running, "ua-00000000000000000000000000000000");
    }
    try (Running running = start(Map.of())) {
      assertThat(running.freshToken()).isEmpty();
      assertThat(Greeting.lines(running).toString()).doesNotContain("admin token");
      assertLetIn(running, token);
    }
    assertThat(token).matches("ua-[0-9a-z]{32}");
    assertThat(Files.readString(data.resolve("admin-token.sha256")))
        .matches("[0-9a-f]{64}\n")
        .doesNotContain(token);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("admin-token.sha256"))))
        .isEqualTo("rw-------");
  }

  @Test
  void ofSeveralFirstStartsAtOnceOneMakesTheToken() throws Exception {
    var starts = new ArrayList<Callable<Optional<Secret>>>();
    for (int i = 0; i < 8; i++) {
      starts.add(() -> AdminToken.of(data).fresh());
    }
    try (var threads = Executors.newFixedThreadPool(starts.size())) {
      var shown = new ArrayList<Secret>();
      for (var start : threads.invokeAll(starts)) {
        start.get().ifPresent(shown::add);
      }

      assertThat(shown).hasSize(1);
      try (Running running = start(Map.of())) {
        assertLetIn(running, shown.getFirst().reveal());
      }
    }
  }

  @Test
  void aTokenThatIsLostIsReplacedWhileTheGatewayRuns() throws Exception {
    try (Running running = start(Map.of())) {
      String lost = running.freshToken().orElseThrow().reveal();
      String another = run(0, "--reset", "--data", data.toString()).strip();

      assertNotLetIn(running, lost);
      assertLetIn(running, another);
      Files.writeString(data.resolve("admin-token.sha256"), "nothing of use");
      assertNotLetIn(running, another);
      Files.delete(data.resolve("admin-token.sha256"));
      assertNotLetIn(running, another);
    }
    assertThat(run(1, "--reset", "--data", data.resolve("nowhere").toString()))
        .contains("there is no data folder")
        .contains("name it with --data");
    assertThat(run(2)).contains("say --reset");
  }

  @Test
  void aTokenThatIsSetIsTheOne() throws Exception {
    Path file = Files.writeString(data.resolve("u.yaml"), "server: {admin-token: '${OPS}'}");
    Settings settings =
        Settings.read(file, Map.of("OPS", "an operators' token".replace(' ', '-'))).withPorts(0, 0);
    try (Running running =
        Running.start(settings, Map.of(), OutputStream.nullOutputStream(), data)) {
      assertLetIn(running, "an-operators'-token");
    }
    Map<String, String> environment = Map.of("UNDERSTUDY_ADMIN_TOKEN", "of-the-environment");
    try (Running running =
        Running.start(settings, environment, OutputStream.nullOutputStream(), data)) {
      assertLetIn(running, "of-the-environment");
      assertNotLetIn(running, "an-operators'-token");
    }
    assertThat(data.resolve("admin-token.sha256")).doesNotExist();
    assertThat(settings.toString()).doesNotContain("an-operators'-token");
  }

  @Test
  void aTokenThatCouldBeGuessedIsRefused() {
    assertThatThrownBy(() -> start(Map.of("UNDERSTUDY_ADMIN_TOKEN", "short")))
        .hasMessage("UNDERSTUDY_ADMIN_TOKEN has 5 characters, and at least 16 are needed");
  }

  private Running start(Map<String, String> environment) throws Exception {
    Settings settings = Settings.ofEnvironment(Map.of(), (_, _) -> "").withPorts(0, 0);
    return Running.start(settings, environment, OutputStream.nullOutputStream(), data);
  }

  private static void assertLetIn(Running running, String token) throws Exception {
    assertThat(door(running, token).get("/admin/info").has("version")).isTrue();
  }

  private static void assertNotLetIn(Running running, String token) {
    assertThatThrownBy(() -> door(running, token).get("/admin/info"))
        .hasMessageContaining("does not know this admin token");
  }

  private static AdminClient door(Running running, String token) {
    return new AdminClient(
        URI.create("http://127.0.0.1:" + running.adminPort()), Optional.of(new Secret(token)));
  }

  private String run(int code, String... options) {
    var said = new StringWriter();
    var words = new ArrayList<>(List.of("admin-token"));
    words.addAll(List.of(options));
    var line = Commands.line(Map.of(), words.toArray(String[]::new));
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(said));
    assertThat(line.execute(words.toArray(String[]::new))).isEqualTo(code);
    return said.toString();
  }
}
