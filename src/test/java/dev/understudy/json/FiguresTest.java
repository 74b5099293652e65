package dev.understudy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"a\":tru}",
        "{\"a\":truth}",
        "{\"a\":1 2}",
        "{\"a\" 1}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":\"\t\"}",
        "{\"a\":1}}",
        "{\"a\":{\"b\":1}",
        "{\"a\":"
      })
  void refusesWhatIsNoObject(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(Malformed.class);
  }

  /** Whatever is said of a plain object is what the general parser says of it. */
  @Property(tries = 2_000)
  void readsWhatTheGeneralParserReads(@ForAll("nearlyPlain") String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    ObjectNode tree;
    try {
      tree = Json.parseObject(bytes, 0, bytes.length);
    } catch (Malformed e) {
      assertThatThrownBy(() -> figures.read(bytes, 0, bytes.length)).isInstanceOf(Malformed.class);
      return;
    }
    if (!figures.read(bytes, 0, bytes.length)) {
      return;
    }
    assertThat(figures.json()).isEqualTo(Json.text(tree));
    tree.forEachEntry((name, value) -> {
      same(name, value);
      value.forEachEntry((inner, held) -> same(name + "." + inner, held));
    });
  }

  private void same(String path, JsonNode value) {
    int at = figures.find(path);
    assertThat(at).isNotNegative();
    assertThat(figures.isNull(at)).isEqualTo(value.isNull());
    assertThat(figures.isNumber(at)).isEqualTo(value.isNumber());
    assertThat(figures.isString(at)).isEqualTo(value.isString());
    if (value.isNumber()) {
      assertThat(figures.number(at)).isEqualTo(value.longValue());
    } else if (value.isString()) {
      assertThat(figures.string(at)).isEqualTo(value.stringValue());
    }
  }

  @Provide
  Arbitrary<String> nearlyPlain() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "{", "}", "\"a\"", "\"bc\"", "\"de\"", ":", ",", "1", "0", "27", "null", "true", " ",
            "\n", "\"x.y\"", "-", "[", "]", "\"\"", "01", "1.5");
    Arbitrary<String> noise = piece.list().ofMaxSize(14).map(all -> String.join("", all));
    Arbitrary<String> name = Arbitraries.of("a", "bc", "de", "fgh", "x.y", "");
    Arbitrary<String> leaf =
        Arbitraries.of("0", "12", "null", "true", "\"t\"", "\"\"", "1.5", "-3", "[1]");
    Arbitrary<String> flat = object(name, leaf);
    return Arbitraries.frequencyOf(
        Tuple.of(1, noise), Tuple.of(6, object(name, Arbitraries.oneOf(leaf, leaf, flat))));
  }

  private static Arbitrary<String> object(Arbitrary<String> names, Arbitrary<String> values) {
    Arbitrary<String> space = Arbitraries.of("", "", " ", "\r\n\t");
    Arbitrary<String> member =
        Combinators.combine(names, values, space)
            .as((name, value, gap) -> gap + "\"" + name + "\":" + gap + value);
    return member.list().ofMaxSize(5).map(all -> "{" + String.join(",", all) + "}");
  }
}
