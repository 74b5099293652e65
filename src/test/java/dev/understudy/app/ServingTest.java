package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is served without the general reader of command lines is what that one would serve. */
final class ServingTest {
  @Test
  void plainOptionsAreUnderstood() {
    assertThat(Serving.plain("serve"))
        .contains(
            new Serving(Optional.empty(), Optional.empty(), Optional.empty(), Path.of("data")));
    assertThat(
            Serving.plain(
                "serve", "--config", "a b.yaml", "--port=80", "--admin-port", "0", "--data=d=e"))
        .contains(
            new Serving(
                Optional.of(Path.of("a b.yaml")), Optional.of(80), Optional.of(0), Path.of("d=e")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "check-config",
        "--config x serve",
        "serve --help",
        "serve -h",
        "serve --version",
        "serve x.yaml",
        "serve --config",
        "serve --config=",
        "serve --config -x",
        "serve --port 80 --port 81",
        "serve --port eighty",
        "serve --port -1",
        "serve --port 123456",
        "serve --data 'd'",
        "serve @options",
        "serve --conf x"
      })
  void whateverElseIsLeftToTheGeneralReader(String line) {
    assertThat(Serving.plain(line.isEmpty() ? new String[0] : line.split(" "))).isEmpty();
  }

  @Test
  void theGeneralReaderKnowsTheSameOptions() {
    CommandLine serve = Commands.line(Map.of(), "serve").getSubcommands().get("serve");
    assertThat(serve.getCommandSpec().optionsMap().keySet())
        .containsExactlyInAnyOrder(
            "--config", "--port", "--admin-port", "--data", "-h", "--help", "-V", "--version");
  }

  @Test
  void trainingWalksThroughAStart() throws Exception {
    assertThat(new Train().call()).isZero();
  }
}
