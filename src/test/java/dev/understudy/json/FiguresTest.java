package dev.understudy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FiguresTest {
  private final Figures figures = new Figures();

  private boolean read(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return figures.read(bytes, 0, bytes.length);
  }

  @Test
  void findsMembersByTheirPaths() {
    assertThat(
            read(
                """
                { "prompt": 12, "details": {"cached": 7, "kind": "a b"},
                  "kind": "none", "cached": null, "total": 999999999999999999 }\
                """))
        .isTrue();

    assertThat(figures.number(figures.find("prompt"))).isEqualTo(12);
    assertThat(figures.number(figures.find("details.cached"))).isEqualTo(7);
    assertThat(figures.number(figures.find("total"))).isEqualTo(999_999_999_999_999_999L);
    assertThat(figures.isNull(figures.find("cached"))).isTrue();
    assertThat(figures.string(figures.find("details.kind"))).isEqualTo("a b");
    assertThat(figures.string(figures.find("kind"))).isEqualTo("none");
    assertThat(figures.isNumber(figures.find("details"))).isFalse();
    assertThat(figures.find("details.prompt")).isEqualTo(-1);
    assertThat(figures.find("prompt.cached")).isEqualTo(-1);
    assertThat(figures.find("tails.cached")).isEqualTo(-1);
  }

  @Test
  void writesTheObjectWithoutWhiteSpaceBetweenItsTokens() {
    assertThat(read("{ \"a\" :\n\t1, \"b\": { \"c\": \"x  y\" } }")).isTrue();

    assertThat(figures.json()).isEqualTo("{\"a\":1,\"b\":{\"c\":\"x  y\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":-1}",
        "{\"a\":1.0}",
        "{\"a\":1e3}",
        "{\"a\":1000000000000000000}",
        "{\"a\":[1]}",
        "{\"a\":{\"b\":{\"c\":1}}}",
        "{\"a\":{\"b\":[]}}",
        "{\"a.b\":1}",
        "{\"a\":{\"b.c\":1}}",
        "{\"\\u0061\":1}",
        "{\"a\":\"\\n\"}",
        "{\"a\":\"é\"}"
      })
  void leavesToTheGeneralParserWhatIsNotPlain(String json) {
    assertThat(read(json)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"a\":1",
        "{\"a\":01}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":2}}"
      })
  void refusesWhatIsNoObject(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(Malformed.class);
  }
}
