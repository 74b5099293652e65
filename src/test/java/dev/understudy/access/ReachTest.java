package dev.understudy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may use. */
final class ReachTest {
  @ParameterizedTest
  @CsvSource({
    "openai/*, openai/gpt-5.1, true",
    "openai/*, azure/gpt-5.1, false",
    "*, anything/at/all, true",
    "assistant, assistant, true",
    "assistant, assistant2, false",
    "*-eu, azure-eu, true",
    "a*b*c, aXbYc, true",
    "a*b*c, acb, false",
  })
  void aStarStandsForAnyCharacters(String pattern, String name, boolean fits) {
    assertThat(new Glob(pattern).matches(name)).isEqualTo(fits);
  }

  @Property(tries = 500)
  void aPatternMeansWhatARegularExpressionWould(
      @ForAll @NotEmpty @StringLength(max = 8) @CharRange(from = 'a', to = 'b') @Chars('*')
          String pattern,
      @ForAll @StringLength(max = 10) @CharRange(from = 'a', to = 'b') String name) {
    String regex =
        pattern
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());

    assertThat(new Glob(pattern).matches(name)).isEqualTo(name.matches(regex));
  }

  @Test
  void everyLevelThatNarrowsMustAgree() {
    Reach team = Reach.of(globs("assistant", "openai/*"), globs("openai", "azure-*"));
    Reach key = Reach.of(globs("openai/gpt-5*"), List.of());
    Reach both = team.and(key);

    assertThat(team.mayAskFor("assistant")).isTrue();
    assertThat(both.mayAskFor("assistant")).isFalse();
    assertThat(both.mayAskFor("openai/gpt-5.1")).isTrue();
    assertThat(both.mayAskFor("openai/o3")).isFalse();
    assertThat(both.mayUse("azure-eu")).isTrue();
    assertThat(both.mayUse("anthropic")).isFalse();
    assertThat(both.routesText()).isEqualTo("assistant, openai/*, of these only openai/gpt-5*");
    assertThat(both.vendorsText()).isEqualTo("openai, azure-*");
    assertThat(Reach.ANY.and(Reach.ANY).isAny()).isTrue();
    assertThat(Reach.ANY.mayUse("anybody")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "é", "tab\t"})
  void aPatternIsVisible(String text) {
    assertThatThrownBy(() -> new Glob(text)).hasMessageContaining("visible ASCII characters");
  }

  @Test
  void aTagIsAskedForByNameOrWithItsValue() {
    var caller =
        new Caller("k1", "n", "t", "o", Map.of("env", "prod", "batch", ""), Reach.ANY, List.of());

    assertThat(caller.isTagged("env")).isTrue();
    assertThat(caller.isTagged("env=prod")).isTrue();
    assertThat(caller.isTagged("env=test")).isFalse();
    assertThat(caller.isTagged("batch")).isTrue();
    assertThat(caller.isTagged("interactive")).isFalse();
  }

  private static List<Glob> globs(String... texts) {
    return List.of(texts).stream().map(Glob::new).toList();
  }
}
