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

/** {@code understudy check-config}. */
final class CheckConfigTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void saysWhatAFileComesToWithoutAnyKey() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("u.yaml"),
            """
            vendors:
              vllm:
              openai: {key: sk-written-out}
            routes:
              assistant: {serve: openai/gpt-5.1, fallback: [vllm/qwen, anthropic/claude]}
            keys: {alice: "0123456789abcdef"}
            """);

    assertThat(check(file.toString())).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            %s: OK
            vendors:
              vllm: openai-chat at http://127.0.0.1:8000, no key
              openai: openai-responses, openai-chat at https://api.openai.com, key written in the file
              anthropic: anthropic-messages at https://api.anthropic.com, key from ANTHROPIC_API_KEY
            routes:
              assistant: openai/gpt-5.1, then vllm/qwen, anthropic/claude
            callers: alice
            """
                .formatted(file));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void saysWhatIsWrongAndFails() throws Exception {
    Path file = Files.writeString(folder.resolve("u.yaml"), "vendorz: 1\nsandbox: 2\n");

    assertThat(check(file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            """
            %1$s:1:1: unknown field "vendorz"; near: vendors
            %1$s:2:10: "sandbox" must be true or false, not a number
            """
                .formatted(file));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void failsWhenTheFileIsNotThere() {
    assertThat(check("nowhere.yaml")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("nowhere.yaml: no such file\n");
  }

  @Test
  void explainsItselfWhenItIsCalledWrongly() {
    assertThat(check()).isEqualTo(2);
    assertThat(check("--nope")).isEqualTo(2);
  }

  private int check(String... arguments) {
    return new CommandLine(new CheckConfig(Map.of("ANTHROPIC_API_KEY", "s3cr3t")))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
