package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router from outcomes to a route: learned, refused, checked, and in service. */
final class RouterCommandTest {
  private static final String[] TARGETS = {"--cheap", "mai/mai-1", "--strong", "openai/gpt-5.1"};

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Commands.line(Map.of(), arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  /** Proofs are hard for the cheap model, recipes are not. */
  private Path outcomes(String name, int count, String opening, long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var text = new StringBuilder("prompt,weak,strong,domain,weak_cost,strong_cost\n");
    String[] dishes = {"soup", "bread", "cake", "salad", "rice", "stew"};
    String[] things = {"graph", "group", "ring", "field", "prime", "matrix"};
    for (int i = 0; i < count; i++) {
      boolean hard = random.nextBoolean();
      String one = hard ? things[random.nextInt(6)] : dishes[random.nextInt(6)];
      String prompt =
          hard
              ? "Prove lemma %d, that every finite %s is closed.".formatted(i, one)
              : "How do I cook %s for %d guests".formatted(one, i);
      text.append(
          "\"%s%s\",%s,%s,%s,0.001,0.02\n"
              .formatted(
                  opening,
                  prompt,
                  random.nextDouble() < (hard ? 0.3 : 0.95),
                  random.nextDouble() < 0.95,
                  hard ? "mathematics" : "cooking"));
    }
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aRouterIsLearnedRefusedCheckedAndServes() throws Exception {
    Path file = folder.resolve("router.bin");
    String router = file.toString();
    String learned = outcomes("learned.csv", 500, "", 1).toString();

    Ran train =
        run(
            "router",
            "train",
            "--outcomes",
            learned,
            TARGETS[0],
            TARGETS[1],
            TARGETS[2],
            TARGETS[3],
            "--out",
            router);
    assertThat(train.code()).as(train.err()).isZero();
    assertThat(train.out()).contains("mai/mai-1 or openai/gpt-5.1", "from 500 outcomes");
    assertThat(run("router", "show", router).out()).contains("proof      none", "2: cooking, math");
    assertThat(
            run("router", "explain", router, "Prove lemma 7, that every finite ring is closed.")
                .out())
        .startsWith("expected gain of openai/gpt-5.1 over mai/mai-1: 0.");

    Path settings = settings(file, "threshold: 0.25");
    assertThatThrownBy(() -> Settings.read(settings, Map.of()))
        .isInstanceOfSatisfying(
            BadSettings.class,
            e ->
                assertThat(e.lines().toString())
                    .contains("yaml:6:", "was not checked on outcomes that it did not learn from"));

    Ran seen = run("router", "check", router, "--outcomes", learned, "--threshold", "0.25");
    assertThat(seen.code()).isEqualTo(1);
    assertThat(seen.err()).contains("0 outcomes are left after the 500");
    String unseen = outcomes("unseen.csv", 1_500, "Please: ", 2).toString();
    Ran all = run("router", "check", router, "--outcomes", unseen, "--threshold", "2");
    assertThat(all.code()).isEqualTo(3);
    assertThatThrownBy(() -> Settings.read(settings, Map.of()))
        .isInstanceOfSatisfying(
            BadSettings.class,
            e -> assertThat(e.lines().toString()).contains("was checked, and rejected"));
    Ran check = run("router", "check", router, "--outcomes", unseen, "--threshold", "0.25");
    assertThat(check.code()).as(check.out() + check.err()).isZero();
    assertThat(check.out()).contains("proof      qualified at threshold 0.2500", "saving     ");

    try (Running running =
        Running.start(
            Settings.read(settings, Map.of()).withPorts(0, 0),
            Map.of(),
            OutputStream.nullOutputStream(),
            folder)) {
      int port = running.gateway().port();
      assertThat(served(port, "Prove lemma 300, that every finite matrix is closed."))
          .isEqualTo("openai/gpt-5.1");
      assertThat(served(port, "How do I cook bread for 300 guests")).isEqualTo("mai/mai-1");
    }
  }

  private Path settings(Path router, String rule) throws IOException {
    return Files.writeString(
        folder.resolve("understudy.yaml"),
        """
        sandbox: true
        routes:
          chat:
            balance: gain
            gain:
              router: %s
              %s
            targets:
              - {target: mai/mai-1}
              - {target: openai/gpt-5.1}
        """
            .formatted(router, rule));
  }

  private static String served(int port, String prompt) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      String body =
          "{\"model\":\"chat\",\"messages\":[{\"role\":\"system\",\"content\":\"Prove it.\"},"
              + "{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(prompt);
      var reply =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      return reply.headers().firstValue("x-understudy-target").orElse("");
    }
  }

  @Test
  void whatIsWrongWithARouteByGainIsNamed() throws Exception {
    assertThat(problems("balance: gain", "serve: mai/mai-1"))
        .contains("balance: gain needs a router");
    assertThat(problems("gain: {router: r.bin, share: 0.3}", "serve: mai/mai-1"))
        .contains("a router is of use with balance: gain only");
    assertThat(
            problems(
                "balance: gain", "gain: {router: r.bin, share: 0.3}", "targets: [{target: mai/m}]"))
        .contains("between two targets of one priority");
    String two = "targets: [{target: mai/mai-1}, {target: openai/gpt-5.1}]";
    assertThat(problems("balance: gain", "gain: {router: nowhere.bin, share: 0.3}", two))
        .contains("there is no file nowhere.bin");
    Path other = Files.writeString(folder.resolve("other.bin"), "something else");
    assertThat(problems("balance: gain", "gain: {router: " + other + ", share: 0.3}", two))
        .contains("is not a router's file");
    assertThat(problems("balance: gain", "gain: {share: 0.3}", two)).contains("router");
    String learned = outcomes("learned.csv", 200, "", 3).toString();
    Path file = folder.resolve("swapped.bin");
    assertThat(
            run(
                    "router",
                    "train",
                    "--outcomes",
                    learned,
                    "--cheap",
                    "a/a",
                    "--strong",
                    "b/b",
                    "--out",
                    file.toString())
                .code())
        .isZero();
    assertThat(problems("balance: gain", "gain: {router: " + file + ", share: 0.3}", two))
        .contains("learned for a/a and b/b, not for mai/mai-1 and openai/gpt-5.1");
    String unproven = "gain: {router: " + file + ", unproven: true";
    assertThat(problems("balance: gain", unproven + "}", two)).contains("one of threshold, share");
    assertThat(problems("balance: gain", unproven + ", share: 0.3, threshold: 1}", two))
        .contains("one of threshold, share");
    assertThat(problems("balance: gain", unproven + ", share: 1.5}", two))
        .contains("share must be from 0.0 to 1.0, not 1.5");
    assertThat(problems("balance: gain", unproven + ", value-per-point: 0}", two))
        .contains("value-per-point must be more than 0");
    assertThat(problems("balance: gain", "affinity: user", unproven + ", share: 0.3}", two))
        .contains("affinity can only be none");
    assertThat(problems("balance: gain", unproven + ", share: 0.3}", two)).isEmpty();
  }

  private String problems(String... lines) throws IOException {
    String text = "sandbox: true\nroutes:\n  chat:\n    " + String.join("\n    ", lines) + "\n";
    try {
      Settings.read(Files.writeString(folder.resolve("bad.yaml"), text), Map.of());
      return "";
    } catch (BadSettings e) {
      return e.lines().toString();
    }
  }

  @Test
  void badArgumentsAndFilesAreNamed() throws IOException {
    assertThat(run("router", "train", "--cheap", "a/a", "--strong", "b/b", "--out", "x").code())
        .isEqualTo(2);
    Ran none =
        run(
            "router",
            "train",
            "--outcomes",
            "nowhere.csv",
            "--cheap",
            "a/a",
            "--strong",
            "b/b",
            "--out",
            "x");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("there is no file nowhere.csv");
    Path bad = Files.writeString(folder.resolve("bad.csv"), "prompt,cheap,strong\na,NaN,1\n");
    Ran nan =
        run(
            "router",
            "train",
            "--outcomes",
            bad.toString(),
            "--cheap",
            "a/a",
            "--strong",
            "b/b",
            "--out",
            "x");
    assertThat(nan.err()).contains("bad.csv:2: cheap is no number");
    assertThat(run("router", "show", bad.toString()).err()).contains("is not a router's file");
    assertThat(run("router", "check", "x", "--outcomes", "y").code()).isEqualTo(2);
  }
}
