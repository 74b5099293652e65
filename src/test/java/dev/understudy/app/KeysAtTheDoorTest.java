package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Directory;
import dev.understudy.access.KeyDesk;
import dev.understudy.access.Terms;
import dev.understudy.app.settings.Settings;
import dev.understudy.json.Json;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Keys from the command line to the callers' door of a gateway that runs, in every protocol. */
final class KeysAtTheDoorTest {
  private static final String TOKEN = "a-token-for-operators";
  private static final Map<String, String> ENVIRONMENT = Map.of("UNDERSTUDY_ADMIN_TOKEN", TOKEN);

  /** How each protocol asks, shows its key, and where it says what is wrong. */
  private enum Speech {
    CHAT(
        "/v1/chat/completions",
        "authorization",
        "Bearer ",
        "{\"model\":\"MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
    RESPONSES(
        "/v1/responses", "authorization", "Bearer ", "{\"model\":\"MODEL\",\"input\":\"hi\"}"),
    MESSAGES(
        "/v1/messages",
        "x-api-key",
        "",
        "{\"model\":\"MODEL\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
    GEMINI(
        "/v1beta/models/MODEL:generateContent",
        "x-goog-api-key",
        "",
        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}");

    private final String path;
    private final String header;
    private final String prefix;
    private final String body;

    Speech(String path, String header, String prefix, String body) {
      this.path = path;
      this.header = header;
      this.prefix = prefix;
      this.body = body;
    }
  }

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Running running;

  @BeforeEach
  void start() throws Exception {
    Path file =
        Files.writeString(
            data.resolve("u.yaml"),
            """
            sandbox: true
            routes:
              search-best: {serve: openai/gpt-5.1, fallback: [anthropic/claude-sonnet-4-5]}
              ads-best: {serve: openai/gpt-5.1}
            """);
    Settings settings = Settings.read(file, Map.of()).withPorts(0, 0);
    running = Running.start(settings, ENVIRONMENT, OutputStream.nullOutputStream(), data);
  }

  @AfterEach
  void stop() {
    running.close();
    client.close();
  }

  @Test
  void theFirstKeyShutsTheDoorForWhoeverHasNone() throws Exception {
    assertThat(asked(Speech.CHAT, "").statusCode()).isEqualTo(200);
    assertThat(Greeting.lines(running).toString())
        .contains("no key is there, so only callers on this machine are let in")
        .doesNotContain("admin token");

    String key = create("--team", "default", "--name", "first");

    for (Speech speech : Speech.values()) {
      assertThat(asked(speech, key).statusCode()).as(speech.name()).isEqualTo(200);
      assertRefused(speech, "", 401, "a key is needed");
      assertRefused(
          speech, key.substring(0, key.length() - 1), 401, "not one that this gateway knows");
    }
    assertThat(Greeting.lines(running)).contains("keys: 1");
  }

  @Test
  void aKeyThatIsRevokedOrRotatedOutOrExpiredIsRefusedInEveryProtocol() throws Exception {
    String revoked = create("--name", "revoked");
    String rotated = create("--name", "rotated");
    KeyDesk desk = running.keyring().desk();
    KeyDesk.Issued expiring =
        desk.create(
            new KeyDesk.Wish(
                Optional.of("expiring"),
                "default",
                Map.of(),
                Terms.NONE,
                Optional.of(desk.now().plusMillis(1_500))));
    String expired = expiring.text().reveal();
    assertThat(asked(Speech.CHAT, expired).statusCode()).isEqualTo(200);

    run(0, "keys", "revoke", "revoked");
    String fresh = firstLine(run(0, "keys", "rotate", "default/rotated", "--overlap", "0s"));
    while (!desk.now().isAfter(expiring.key().expiresAt().orElseThrow())) {
      Thread.sleep(50);
    }

    for (Speech speech : Speech.values()) {
      assertRefused(speech, revoked, 401, "the key was revoked at 2");
      assertRefused(speech, rotated, 401, "the key expired at 2");
      assertRefused(speech, expired, 401, "the key expired at 2");
      assertThat(asked(speech, fresh).statusCode()).as(speech.name()).isEqualTo(200);
    }
  }

  @Test
  void whileARotationOverlapsBothSecretsAreTaken() throws Exception {
    String before = create("--name", "nightly");
    String after = firstLine(run(0, "keys", "rotate", "nightly", "--overlap", "1h"));

    assertThat(after).isNotEqualTo(before);
    assertThat(err.toString()).contains("rotated, us-").contains("is taken until");
    assertThat(asked(Speech.CHAT, before).statusCode()).isEqualTo(200);
    assertThat(asked(Speech.CHAT, after).statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyReachesWhatItsTeamAndItselfAllowAndHearsWhatThatIs() throws Exception {
    run(0, "teams", "create", "search", "--route", "search-*,anthropic/*");
    run(0, "teams", "create", "ads", "--route", "ads-*");
    String search = create("--team", "search", "--name", "any");
    String narrow = create("--team", "search", "--name", "narrow", "--route", "anthropic/*");
    String ads = create("--team", "ads", "--name", "any");

    for (Speech speech : Speech.values()) {
      assertThat(asked(speech, search, "search-best").statusCode()).isEqualTo(200);
      assertThat(asked(speech, ads, "ads-best").statusCode()).isEqualTo(200);
      // A key of another team.
      assertThat(refusal(speech, ads, "search-best"))
          .isEqualTo("403 this key may not ask for \"search-best\"; it may ask for: ads-*");
      assertThat(refusal(speech, search, "openai/gpt-5.1"))
          .isEqualTo(
              "403 this key may not ask for \"openai/gpt-5.1\"; it may ask for: search-*, anthropic/*");
      assertThat(refusal(speech, narrow, "search-best"))
          .isEqualTo(
              "403 this key may not ask for \"search-best\"; it may ask for: search-*, anthropic/*, of these only anthropic/*");
    }
    assertThat(listed(search)).contains("search-best").doesNotContain("ads-best");
    assertThat(listed(ads)).contains("ads-best").doesNotContain("search-best");
  }

  @Test
  void aVendorThatAKeyMayNotUseIsPassedOverAlsoAsFallback() throws Exception {
    String claude = create("--vendor", "anthropic");
    String nobody = create("--vendor", "xai,mai");

    HttpResponse<String> reply = asked(Speech.CHAT, claude, "search-best");
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("x-understudy-target"))
        .contains("anthropic/claude-sonnet-4-5");
    assertThat(
            recorded(reply.headers().firstValue("x-understudy-exchange").orElseThrow()).toString())
        .contains("the key may not use vendor openai");
    for (Speech speech : Speech.values()) {
      assertThat(refusal(speech, nobody, "search-best"))
          .isEqualTo(
              "403 no vendor that this key may use answers for \"search-best\"; it may use: xai, mai");
    }
  }

  private String listed(String key) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + running.gateway().port() + "/v1/models"))
            .header("authorization", "Bearer " + key)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private String refusal(Speech speech, String key, String model) throws Exception {
    HttpResponse<String> reply = asked(speech, key, model);
    return reply.statusCode()
        + " "
        + Json.parse(reply.body()).path("error").path("message").asString();
  }

  @Test
  void theRecordOfACallNamesKeyTeamOrganisationAndTags() throws Exception {
    run(0, "orgs", "create", "acme");
    run(0, "teams", "create", "search", "--org", "acme");
    String key = create("--team", "search", "--name", "nightly", "--tag", "env=prod");

    String exchange =
        asked(Speech.CHAT, key).headers().firstValue("x-understudy-exchange").orElseThrow();
    JsonNode record = recorded(exchange);

    assertThat(record.path("caller").asString()).isEqualTo("nightly");
    assertThat(key).startsWith("us-" + record.path("key_id").asString() + "-");
    assertThat(record.path("team").asString()).isEqualTo("search");
    assertThat(record.path("organisation").asString()).isEqualTo("acme");
    assertThat(record.at("/tags/env").asString()).isEqualTo("prod");
  }

  @Test
  void theCommandLineShowsWhatThereIs() throws Exception {
    run(0, "orgs", "create", "acme", "--budget", "900USD/month");
    run(0, "teams", "create", "search", "--org", "acme", "--rpm", "600", "--route", "openai/*");
    String id =
        create(
                "--team",
                "search",
                "--name",
                "nightly",
                "--budget",
                "100USD/month,5USD/day",
                "--tpm",
                "50000",
                "--concurrent",
                "4",
                "--expires",
                "90d",
                "--vendor",
                "openai,azure-*")
            .split("-")[1];

    assertThat(run(0, "keys", "list"))
        .contains("KEY ", id + "  nightly  search  active")
        .contains("50000 tpm, 4 at once, 100USD/month, 5USD/day");
    assertThat(run(0, "keys", "list", "--team", "default")).doesNotContain("nightly");
    assertThat(run(0, "keys", "show", id))
        .contains("team      search of acme")
        .contains("may use   vendors openai azure-*")
        .contains("secret    us-" + id);
    assertThat(run(0, "keys", "set", id, "--tpm", "none", "--expires", "never", "--tag", "a=b"))
        .contains("limits    4 at once, 100USD/month, 5USD/day")
        .contains("expires   never")
        .contains("tags      a=b");
    assertThat(run(0, "teams", "list")).contains("search   acme          600 rpm  routes openai/*");
    assertThat(run(0, "teams", "set", "search", "--rpm", "none", "--route", "none"))
        .contains("limits    none")
        .contains("may use   everything");
    assertThat(run(0, "orgs", "list")).contains("acme          900USD/month  -");
    assertThat(run(0, "orgs", "show", "acme", "--json"))
        .isEqualTo("{\"name\":\"acme\",\"limits\":{\"budgets\":[\"900USD/month\"]}}\n");
    assertThat(Json.parse(run(0, "keys", "list", "--json")).path("keys").size()).isEqualTo(1);
    run(0, "keys", "revoke", id);
    create("--name", "another");
    assertThat(run(0, "keys", "forget", id)).isEqualTo("key " + id + " is forgotten\n");
    run(0, "teams", "remove", "search");
    assertThat(run(0, "orgs", "remove", "acme")).isEqualTo("organisation acme is removed\n");
  }

  @Test
  void whatCannotBeDoneIsOneLineOnStandardError() throws Exception {
    assertThat(failed("keys", "create", "--team", "serach")).isEqualTo("unknown team \"serach\"\n");
    assertThat(failed("keys", "create", "--rpm", "-5"))
        .isEqualTo("a limit of -5 requests per minute is not from 1 to 1000000000000\n");
    assertThat(failed("keys", "create", "--budget", "5/month"))
        .isEqualTo(
            "the budget \"5/month\" has no currency; write it like 100USD/month or 2.50EUR/day\n");
    assertThat(failed("keys", "revoke", "nobody")).isEqualTo("unknown key \"nobody\"\n");
    run(2, "keys", "create", "--rpm", "many");
    assertThat(err.toString()).startsWith("--rpm must be a whole number, or none\n");
    assertThat(running.keyring().desk().directory()).isEqualTo(Directory.EMPTY);
    assertThat(Files.exists(data.resolve("understudy.db"))).isFalse();
  }

  @Test
  void theTokenMayComeFromAFileAndTheAddressMustBeOne() throws Exception {
    Path file = Files.writeString(data.resolve("token"), TOKEN + "\n");
    String admin = "127.0.0.1:" + running.adminPort();

    assertThat(run(0, Map.of(), "teams", "list", "--admin", admin, "--token-file", "" + file))
        .contains("default");
    run(1, Map.of(), "teams", "list", "--admin", admin);
    assertThat(err.toString()).contains("wants its admin token").hasLineCount(1);
    run(1, ENVIRONMENT, "teams", "list", "--admin", "127.0.0.1:1");
    assertThat(err.toString()).startsWith("no gateway answers at http://127.0.0.1:1;");
    run(1, ENVIRONMENT, "teams", "list", "--admin", "ftp://x");
    assertThat(err.toString())
        .isEqualTo("--admin must be an address such as http://127.0.0.1:8081\n");
    run(1, ENVIRONMENT, "teams", "list", "--admin", admin, "--token-file", "/nowhere");
    assertThat(err.toString()).isEqualTo("the token file /nowhere cannot be read\n");
  }

  private String create(String... options) throws Exception {
    var words = new ArrayList<>(List.of("keys", "create"));
    words.addAll(List.of(options));
    return firstLine(run(0, words.toArray(String[]::new)));
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private String failed(String... words) {
    run(1, words);
    assertThat(out.toString()).isEmpty();
    return err.toString();
  }

  private String run(int code, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--admin", "http://127.0.0.1:" + running.adminPort()));
    return run(code, ENVIRONMENT, all.toArray(String[]::new));
  }

  private String run(int code, Map<String, String> environment, String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Commands.line(environment, words);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    assertThat(line.execute(words)).as("%s: %s%s", List.of(words), out, err).isEqualTo(code);
    return out.toString();
  }

  private void assertRefused(Speech speech, String key, int status, String words) throws Exception {
    HttpResponse<String> reply = asked(speech, key);

    assertThat(reply.statusCode()).as(speech.name()).isEqualTo(status);
    JsonNode error = Json.parse(reply.body()).path("error");
    assertThat(error.path("message").asString()).as(speech.name()).contains(words);
    if (!key.isEmpty()) {
      assertThat(reply.body()).doesNotContain(key);
    }
  }

  private HttpResponse<String> asked(Speech speech, String key) throws Exception {
    return asked(speech, key, "openai/gpt-5.1");
  }

  private HttpResponse<String> asked(Speech speech, String key, String model) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + running.gateway().port()
                        + speech.path.replace("MODEL", model)))
            .timeout(Duration.ofSeconds(60))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(speech.body.replace("MODEL", model)));
    if (!key.isEmpty()) {
      request.header(speech.header, speech.prefix + key);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The record is written when the reply is out, which may be a moment later. */
  private JsonNode recorded(String exchange) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d/admin/exchanges/%s"
                        .formatted(running.adminPort(), exchange)))
            .header("authorization", "Bearer " + TOKEN)
            .build();
    for (int i = 0; i < 200; i++) {
      HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() == 200) {
        return Json.parse(reply.body());
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no record of " + exchange);
  }
}
