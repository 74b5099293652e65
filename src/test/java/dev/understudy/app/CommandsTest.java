package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The command line knows its commands, and makes only the one that is asked for. */
final class CommandsTest {
  @Test
  void theHelpListsEveryCommand() {
    assertThat(said("--help"))
        .contains("serve", "check-config", "keys", "teams", "orgs", "admin-token", "backup")
        .contains("Create, list, change, rotate and revoke the keys of callers.")
        .doesNotContain("train");
    assertThat(said("serv")).contains("Did you mean: understudy serve");
  }

  @Test
  void onlyTheCommandThatIsAskedForIsMade() {
    assertThat(Commands.line(Map.of(), "serve", "--help").getSubcommands())
        .containsOnlyKeys("serve");
    assertThat(Commands.line(Map.of(), "--version").getSubcommands()).isEmpty();
    assertThat(said("keys", "--help")).contains("create", "rotate", "revoke");
    assertThat(said("teams", "set", "--help")).contains("--rpm", "--budget");
  }

  private static String said(String... arguments) {
    var said = new StringWriter();
    var line = Commands.line(Map.of(), arguments);
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(said));
    line.execute(arguments);
    return said.toString();
  }
}
