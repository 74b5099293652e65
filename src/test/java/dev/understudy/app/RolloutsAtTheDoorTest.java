package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Digest;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.evaluation.Certificate;
import dev.understudy.evaluation.Certificates;
import dev.understudy.evaluation.SigningKey;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Rollouts as operators begin and steer them: by settings, by address and from the command line.
 */
final class RolloutsAtTheDoorTest {
  private static final String TOKEN = "a-token-for-operators";
  private static final String GOOD =
      """
      route: assistant
      candidate: mai/mai-1
      guardrails: {errors: {margin: 2%}}
      """;

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Running running;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(data.resolve("ours.yaml"), RolloutRig.PRICES);
    Path file =
        Files.writeString(
            data.resolve("u.yaml"),
            """
            sandbox: true
            server:
              operators: {ann: %s}
            prices: {books: [ours.yaml]}
            routes:
              assistant: {serve: openai/gpt-5.1}
              european: {targets: [{target: openai/gpt-5.1, region: eu}], regions: [eu]}
            rollouts:
              takeover: {route: assistant, candidate: mai/mai-9}
            """
                .formatted(Digest.of("token-of-ann").hex()));
    running =
        Running.start(
            Settings.read(file, Map.of()).withPorts(0, 0),
            Map.of("UNDERSTUDY_ADMIN_TOKEN", TOKEN),
            OutputStream.nullOutputStream(),
            data);
  }

  @AfterEach
  void stop() {
    running.close();
    client.close();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(running.adminPort(), path)))
            .header("authorization", "Bearer " + TOKEN)
            .header("content-type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String message(HttpResponse<String> reply) {
    return Json.parse(reply.body()).path("error").path("message").asString("");
  }

  /** What a command prints: on standard output if it does what it is to do, else what it says. */
  private String run(int code, String token, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--admin");
    all.add("127.0.0.1:" + running.adminPort());
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] words = all.toArray(String[]::new);
    CommandLine line = Commands.line(Map.of("UNDERSTUDY_ADMIN_TOKEN", token), words);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertThat(line.execute(words)).as(out + "\n" + err).isEqualTo(code);
    return code == 0 ? out.toString() : err.toString();
  }

  /** The same answer from the address and the command line, once without and once with a file. */
  private void isRefused(int status, String text, String where, String why) throws Exception {
    HttpResponse<String> reply = post("/admin/rollouts/trial", text);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(message(reply)).isEqualTo("rollout:" + where + ": " + why);

    Path file = Files.writeString(data.resolve("trial.yaml"), text);
    assertThat(run(1, TOKEN, "rollout", "start", "trial", "--file", file.toString()).strip())
        .isEqualTo(file + ":" + where + ": " + why);
    assertThat(run(0, TOKEN, "rollout", "list")).startsWith("no rollout has begun");
  }

  @Test
  void anUnknownMetricIsNamedWithItsPlaceAndWithThoseThatThereAre() throws Exception {
    isRefused(
        400,
        """
        route: assistant
        candidate: mai/mai-1
        guardrails:
          latencey: {margin: 5%}
        """,
        "4:3",
        "unknown metric \"latencey\"; near: latency; known: errors, refusals, format, quality,"
            + " latency, first-token, cost");
  }

  @Test
  void aMarginOfZeroIsRefusedWhereItStands() throws Exception {
    isRefused(
        400,
        """
        route: assistant
        candidate: mai/mai-1
        guardrails:
          errors: {margin: 0%}
        """,
        "4:20",
        "a margin of zero can never be shown to be kept: say how much worse is still good enough,"
            + " such as 2%");
  }

  @Test
  void anAlphaAndABoundOfCostThatAreNoneAreRefusedWhereTheyStand() throws Exception {
    isRefused(
        400,
        "route: assistant\ncandidate: mai/mai-1\nalpha: 0.5\n",
        "3:8",
        "alpha lies between 0 and 0.5, not 0.5");
    isRefused(
        400,
        "route: assistant\ncandidate: mai/mai-1\nshadow:\n  cost-per-day: 0\n",
        "4:17",
        "what copies may cost in a day is above 0");
  }

  @Test
  void sharesMayBePlainNumbersOrPercentages() throws Exception {
    HttpResponse<String> reply =
        post(
            "/admin/rollouts/trial",
            """
            route: assistant
            candidate: mai/mai-1
            stages: [shadow, 0.05, 1]
            shadow: {share: 0.5}
            guardrails:
              errors: {margin: 0.02, limit: 25%}
              latency: {margin: 0.5, limit: 8s}
              cost: {margin: 10%, limit: 0.05}
            """);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
    var rules = Json.parse(reply.body()).path("rules");
    assertThat(rules.path("stages").toString()).isEqualTo("[0.0,0.05,1.0]");
    assertThat(rules.path("shadow").asDouble()).isEqualTo(0.5);
    assertThat(rules.path("guardrails").path(0).path("margin").asDouble()).isEqualTo(0.02);
    assertThat(rules.path("guardrails").path(1).path("limit").asDouble()).isEqualTo(8_000);
    assertThat(rules.path("guardrails").path(2).path("limit").asDouble()).isEqualTo(0.05);
  }

  @Test
  void theSettingsAreHeldToTheSame() throws Exception {
    Path file =
        Files.writeString(
            data.resolve("bad.yaml"),
            """
            routes: {assistant: {serve: openai/gpt-5.1}}
            rollouts:
              one:
                route: assistant
                candidate: mai/mai-1
                guardrails:
                  quality: {margin: 3%}
                  errors: {margin: 0}
                  latencey: {}
            """);

    assertThatThrownBy(() -> Settings.read(file, Map.of()))
        .isInstanceOfSatisfying(
            BadSettings.class,
            bad ->
                assertThat(bad.lines())
                    .containsExactly(
                        file + ":7:7: nobody judges quality: name a suite with checks under suite",
                        file
                            + ":8:24: a margin of zero can never be shown to be kept: say how much"
                            + " worse is still good enough, such as 2%",
                        file
                            + ":9:7: unknown metric \"latencey\"; near: latency; known: errors,"
                            + " refusals, format, quality, latency, first-token, cost"));
  }

  @Test
  void aCandidateThatLacksWhatTheIncumbentTakesIsRefusedUnlessSuchRequestsPassItBy()
      throws Exception {
    String text = "route: assistant\ncandidate: openai/gpt-3.5-turbo\n";
    isRefused(
        409,
        text,
        "2:12",
        "openai/gpt-3.5-turbo does not take documents, images, json-schema, reasoning, which"
            + " openai/gpt-5.1 does; with lacking: pass such requests pass it by");

    assertThat(post("/admin/rollouts/trial", text + "lacking: pass\n").statusCode()).isEqualTo(201);
  }

  @Test
  void aCandidateThatDoesNotAnswerInTheRoutesRegionIsRefused() throws Exception {
    isRefused(
        409,
        "route: european\ncandidate: mai/mai-1\n",
        "2:12",
        "route european answers in eu, and it is not known where mai/mai-1 does");
  }

  @Test
  void aCandidateWithoutAPriceIsRefusedAlsoWhereTheSettingsDeclareIt() throws Exception {
    String why =
        "mai/mai-9 has no price, so that neither its cost nor what its copies may cost can be held"
            + " to; give it one in a price book under prices, 0 if it costs nothing";
    isRefused(409, "candidate: mai/mai-9\nroute: assistant\n", "1:12", why);

    String place = data.resolve("u.yaml") + ":9:43: ";
    HttpResponse<String> reply = post("/admin/rollouts/takeover", "");
    assertThat(reply.statusCode()).isEqualTo(409);
    assertThat(message(reply)).isEqualTo(place + why);
    assertThat(run(1, TOKEN, "rollout", "start", "takeover").strip()).isEqualTo(place + why);
  }

  @Test
  void aSuiteThatIsNotThereOrJudgesNothingIsRefused() throws Exception {
    isRefused(
        409,
        "route: assistant\ncandidate: mai/mai-1\nsuite: none.yaml\n",
        "3:8",
        "the suite "
            + data.resolve("rollout/none.yaml").getParent().getParent().resolve("none.yaml")
            + " cannot be read");
  }

  private void certificate(String run, SigningKey key, String candidate, Instant at)
      throws Exception {
    var certificate =
        new Certificate(
            run,
            at,
            "support",
            "ab12",
            candidate,
            "openai/gpt-5.1",
            "{}",
            "cd34",
            "qualified",
            "it is not worse at all",
            500,
            0.01,
            -0.012,
            0.03,
            false,
            List.of());
    Path folder = Files.createDirectories(data.resolve("qualify").resolve(run));
    Files.writeString(folder.resolve(Certificates.FILE), Certificates.issue(certificate, key));
  }

  private void lacksCertificate(String why) throws Exception {
    isRefused(
        409,
        GOOD + "certificate: {suite: support, days: 30}\n",
        "4:22",
        "there is no certificate for mai/mai-1: no certificate shows that mai/mai-1 may take the"
            + " place of openai/gpt-5.1"
            + why);
  }

  @Test
  void aCertificateIsThereOfTheRightPairYoungTrustedAndAsItWasSigned() throws Exception {
    Path file = data.resolve("qualify/r1/" + Certificates.FILE);
    lacksCertificate("");

    Instant now = Instant.now();
    SigningKey key = SigningKey.in(data.resolve("qualify"));
    certificate("r1", key, "mai/mai-1", now.minus(Duration.ofDays(31)));
    lacksCertificate(
        " (%s: it is of %s, more than 30 days old)"
            .formatted(file, Json.parse(payload(file)).path("at").asString("")));

    certificate("r1", key, "mai/mai-0", now);
    lacksCertificate(" (" + file + ": it is about mai/mai-0 in the place of openai/gpt-5.1)");

    certificate("r1", SigningKey.in(data.resolve("elsewhere")), "mai/mai-1", now);
    lacksCertificate(" (" + file + ": no key that is trusted here signed it as it stands)");

    certificate("r1", key, "mai/mai-0", now);
    String forged =
        Base64.getEncoder()
            .encodeToString(new String(payload(file)).replace("mai-0", "mai-1").getBytes());
    Files.writeString(
        file, Files.readString(file).replaceAll("(\"payload\"\\s*:\\s*\")[^\"]*", "$1" + forged));
    lacksCertificate(" (" + file + ": no key that is trusted here signed it as it stands)");

    certificate("r2", key, "mai/mai-1", now);
    assertThat(
            post("/admin/rollouts/trial", GOOD + "certificate: {suite: support, days: 30}\n")
                .statusCode())
        .isEqualTo(201);
  }

  private static byte[] payload(Path file) throws Exception {
    return Base64.getDecoder()
        .decode(Json.parse(Files.readAllBytes(file)).path("payload").asString(""));
  }

  @Test
  void aRouteIsUnderOneRolloutAtATime() throws Exception {
    assertThat(post("/admin/rollouts/first", GOOD).statusCode()).isEqualTo(201);

    HttpResponse<String> reply = post("/admin/rollouts/second", GOOD);

    assertThat(reply.statusCode()).isEqualTo(409);
    String why = "1:8: route assistant is under rollout first already, which is running";
    assertThat(message(reply)).isEqualTo("rollout:" + why);
    Path file = Files.writeString(data.resolve("second.yaml"), GOOD);
    assertThat(run(1, TOKEN, "rollout", "start", "second", "--file", file.toString()).strip())
        .isEqualTo(file + ":" + why);
    run(0, TOKEN, "rollout", "abort", "first");
    assertThat(post("/admin/rollouts/second", GOOD).statusCode()).isEqualTo(201);
  }

  @Test
  void operatorsSteerByHandAndEachStepIsKeptWithItsPersonAndEvidence() throws Exception {
    Path file = Files.writeString(data.resolve("trial.yaml"), GOOD);
    assertThat(run(0, "token-of-ann", "rollout", "start", "trial", "--file", file.toString()))
        .contains("running, shadow, 0 calls and 0 pairs in this stage: it has begun");
    assertThat(run(0, TOKEN, "rollout", "advance", "trial", "--by", "Jürgen", "--reason", "seen"))
        .contains("running, 1 %, 0 calls and 0 pairs in this stage: seen");
    run(0, "token-of-ann", "rollout", "pause", "trial", "--reason", "night");
    assertThat(run(1, TOKEN, "rollout", "advance", "trial"))
        .contains("rollout trial is paused, and only one that goes on can be advanced");
    assertThat(run(1, "token-of-ann", "rollout", "resume", "trial", "--by", "bob"))
        .contains("this token is of ann, who cannot act as bob");
    run(0, TOKEN, "rollout", "resume", "trial");
    assertThat(run(1, TOKEN, "rollout", "approve", "trial"))
        .contains("rollout trial is running, and only one that waits can be approved");
    run(0, TOKEN, "rollout", "rollback", "trial", "--reason", "no", "--by", "eve");

    String shown = run(0, TOKEN, "rollout", "status", "trial", "--evidence");

    assertThat(shown)
        .contains("rolled-back, shadow")
        .containsPattern("1 +\\S+ +start +shadow to shadow +ann ")
        .containsPattern("2 +\\S+ +advance +shadow to 1 % +Jürgen +seen")
        .containsPattern("3 +\\S+ +pause +1 % to 1 % +ann +night")
        .containsPattern("4 +\\S+ +resume +1 % to 1 % +operator +no reason was given")
        .containsPattern("5 +\\S+ +roll-back +1 % to shadow +eve +no")
        .contains("step 5, roll-back, at ")
        .contains("  errors: difference 0 points in 0 comparisons, margin 2 (p 1)");
    assertThat(run(1, TOKEN, "rollout", "rollback", "trial"))
        .contains("rollout trial is rolled-back, and nothing of it is in force");
    assertThat(run(1, TOKEN, "rollout", "status", "trail"))
        .contains("no rollout is named trail; there are trial");
  }
}
