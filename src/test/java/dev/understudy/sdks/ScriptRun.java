package dev.understudy.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs a script of {@code src/test/sdk} in another language, with its libraries installed. */
final class ScriptRun {
  private static final int INSTALL_SECONDS_MAX = 240;
  private static final int RUN_SECONDS_MAX = 240;

  private final Path sources;
  private final Path target;

  /** A folder of {@code src/test/sdk}; libraries and a copy of it go to {@code target/sdk}. */
  ScriptRun(String folder) throws IOException {
    sources = Path.of("src/test/sdk", folder);
    target = Path.of("target/sdk", folder).toAbsolutePath();
    Files.createDirectories(target);
  }

  Path target() {
    return target;
  }

  /** Skips the test unless this program runs. */
  void needs(String... command) throws IOException, InterruptedException {
    try {
      Output output = run(command, 30);
      Assumptions.assumeTrue(output.exit() == 0, () -> command[0] + " does not run: " + output);
    } catch (IOException e) {
      Assumptions.abort(command[0] + " is not there, so its libraries cannot be tested");
    }
  }

  /**
   * Installs what a file of exact versions lists, unless that is done. Skips the test if it cannot
   * be fetched.
   */
  void install(String list, String... command) throws IOException, InterruptedException {
    copy();
    Path done = target.resolve("installed");
    String wanted = Files.readString(sources.resolve(list));
    if (Files.exists(done) && Files.readString(done).equals(wanted)) {
      return;
    }
    Output output = run(command, INSTALL_SECONDS_MAX);
    Assumptions.assumeTrue(
        output.exit() == 0, () -> "the libraries cannot be installed: " + output);
    Files.writeString(done, wanted);
  }

  /** Runs the script against the box, and checks every case and the page about them. */
  void check(Box box, SdkPage page, String... command) throws IOException, InterruptedException {
    copy();
    var whole = new ArrayList<>(List.of(command));
    whole.add(Json.text(given(box)));
    Output output = run(whole.toArray(String[]::new), RUN_SECONDS_MAX);
    assertThat(output.exit()).as("%s", output).isZero();
    var problems = new ArrayList<String>();
    for (String line : output.text().lines().filter(line -> line.startsWith("{\"sdk\"")).toList()) {
      JsonNode one = Json.parse(line);
      String problem = one.path("problem").asString();
      page.add(
          one.path("sdk").asString(),
          one.path("protocol").asString(),
          one.path("scenario").asString(),
          problem.isEmpty());
      if (!problem.isEmpty()) {
        problems.add(
            "%s → %s: %s, %s: %s"
                .formatted(
                    one.path("sdk").asString(),
                    one.path("protocol").asString(),
                    one.path("scenario").asString(),
                    one.path("stream").asBoolean() ? "streamed" : "whole",
                    problem));
      }
    }
    assertThat(problems).isEmpty();
    page.check();
  }

  private static JsonNode given(Box box) {
    ObjectNode given = Json.object().put("url", box.url()).put("key", Box.KEY);
    var vendors = given.putArray("vendors");
    for (Box.Spoken spoken : Box.VENDORS) {
      vendors
          .addObject()
          .put("route", spoken.route())
          .put("seen", box.seenAt(spoken))
          .put("seals", spoken.seals());
    }
    return given;
  }

  private void copy() throws IOException {
    try (var files = Files.list(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(target.resolve(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
  }

  private record Output(int exit, String text) {
    @Override
    public String toString() {
      return "exit %d, %s".formatted(exit, text.substring(Math.max(0, text.length() - 2_000)));
    }
  }

  private Output run(String[] command, int secondsMax) throws IOException, InterruptedException {
    Path out = Files.createTempFile(target, "output", ".txt");
    try {
      var builder = new ProcessBuilder(command);
      builder.directory(target.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
      // What a person's own machine says about the real vendors must not change the test.
      builder
          .environment()
          .keySet()
          .removeIf(name ->
              name.startsWith("OPENAI_")
                  || name.startsWith("ANTHROPIC_")
                  || name.startsWith("GOOGLE_")
                  || name.startsWith("GEMINI_"));
      Process process = builder.start();
      if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return new Output(-1, "not done within %d s".formatted(secondsMax));
      }
      return new Output(
          process.exitValue(), new String(Files.readAllBytes(out), StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(out);
    }
  }
}
