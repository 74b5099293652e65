package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about the sandbox lists the faults there are. */
final class SandboxReferenceTest {
  private static final Path PAGE = Path.of("docs/reference/sandbox.md");

  @Test
  void listsEveryFault() throws IOException {
    String table =
        Arrays.stream(FaultKind.values())
            .map(kind ->
                "| `%s` | %s | `%s` |\n"
                    .formatted(
                        kind == FaultKind.STATUS ? "400 to 599" : kind.word(),
                        kind.meaning(),
                        kind.example()))
            .collect(Collectors.joining());

    assertThat(Files.readString(PAGE))
        .as("between the marks of %s must stand:%n%s", PAGE, table)
        .contains("| --- | --- | --- |\n" + table + "\n<!-- /faults -->");
  }
}
