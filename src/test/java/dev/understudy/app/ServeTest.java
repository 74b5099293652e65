package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code understudy serve}, called so that it cannot start: one line, and 1. */
final class ServeTest {
  @TempDir private Path folder;

  @Test
  void aPortThatIsNoneIsNamedWithItsOptionAndBounds() {
    assertThat(refused("--port", "99999"))
        .isEqualTo(
            "--port must be a whole number from 0 to 65535, not 99999; 0 takes any free port\n");
    assertThat(refused("--admin-port", "-1"))
        .isEqualTo(
            "--admin-port must be a whole number from 0 to 65535, not -1; 0 takes any free port\n");
  }

  @Test
  void settingsThatAreNotThereAreNamed() {
    assertThat(refused("--config", "nowhere.yaml")).isEqualTo("nowhere.yaml: no such file\n");
  }

  @Test
  void aVendorWithoutItsKeyIsNamedWithWhatToSet() throws Exception {
    Path file = Files.writeString(folder.resolve("u.yaml"), "vendors:\n  anthropic: {}\n");

    assertThat(refused("--config", file.toString()))
        .isEqualTo(
            file
                + ":2:3: vendor \"anthropic\" has no key: set ANTHROPIC_API_KEY, or key here,"
                + " or key: none\n");
  }

  @Test
  void aDataFolderThatIsAFileIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("data"));

    assertThat(refused("--data", file.toString())).startsWith("the data folder " + file);
  }

  private static String refused(String... arguments) {
    var err = new StringWriter();
    int status =
        new CommandLine(new Serve(Map.of())).setErr(new PrintWriter(err, true)).execute(arguments);
    assertThat(status).isEqualTo(1);
    return err.toString();
  }
}
