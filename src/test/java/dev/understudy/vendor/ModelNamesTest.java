package dev.understudy.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which models a list of patterns lets in. */
final class ModelNamesTest {
  @ParameterizedTest
  @CsvSource({
    "'', anything, true",
    "a, a, true",
    "a, ab, false",
    "claude-*, claude-x, true",
    "claude-*, my-claude-x, false",
    "*.anthropic.*, us.anthropic.claude, true",
    "*.anthropic.*, anthropic.claude, false",
    "anthropic.* *.anthropic.*, anthropic.claude, true",
    "!claude-*, gemini, true",
    "!claude-*, claude-x, false",
    "openai.* !*gpt-oss*, openai.gpt-oss-20b, false",
    "openai.* !*gpt-oss*, openai.gpt-6, true",
    "a*b*c, aXbYc, true",
    "a*b*c, aXcYb, false",
    "*, '', true"
  })
  void letsIn(String patterns, String model, boolean expected) {
    var names = new ModelNames(patterns.isEmpty() ? List.of() : List.of(patterns.split(" ")));

    assertThat(names.contains(model)).isEqualTo(expected);
  }
}
