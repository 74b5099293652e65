package dev.understudy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class JsonScannerTest {
  private final JsonScanner scanner = new JsonScanner();

  @Test
  void findsMembersOfTheOutermostObjectOnly() {
    byte[] json = bytes("{ \"a\" : {\"model\":1}, \"model\" : \"gpt\\u002d5\", \"n\":null }");

    scanner.scan(json, 0, json.length);

    assertThat(scanner.members()).isEqualTo(3);
    assertThat(scanner.string(scanner.find("model"))).isEqualTo("gpt-5");
    assertThat(scanner.isNull(scanner.find("n"))).isTrue();
    assertThat(scanner.find("absent")).isEqualTo(-1);
    assertThat(json[scanner.closingBrace()]).isEqualTo((byte) '}');
  }

  @Test
  void knowsWhatStringsBeganWithAtAnyDepth() {
    byte[] json = bytes("{\"a\":[{\"b\":\"~seal\"}],\"c\":\"\",\"é\":\"0~\\\"!\"}");

    scanner.scan(json, 0, json.length);

    assertThat(scanner.mayBegin('~')).isTrue();
    assertThat(scanner.mayBegin('a')).isTrue();
    assertThat(scanner.mayBegin('b')).isTrue();
    assertThat(scanner.mayBegin('0')).isTrue();
    assertThat(scanner.mayBegin('s')).isFalse();
    assertThat(scanner.mayBegin('$')).isFalse();

    byte[] next = bytes("{\"a\":1}");
    scanner.scan(next, 0, next.length);

    assertThat(scanner.mayBegin('~')).isFalse();
  }

  /** Long texts are skipped by the block: whatever stands in one is found wherever it stands. */
  @Test
  void readsLongTextsToTheirEnds() {
    for (int before = 0; before < 1_100; before++) {
      String run = "x".repeat(before);
      for (String inside : List.of("", "\\n", "\\u00e9", "é", "\u007f", "\\\"", "\\\\")) {
        for (int after : new int[] {0, 1, 7, 300}) {
          String text = run + inside + "y".repeat(after);
          byte[] json = bytes("{\"a\":\"" + text + "\",\"b\":1}");
          scanner.scan(json, 0, json.length);
          int length = text.getBytes(StandardCharsets.UTF_8).length;
          assertThat(scanner.valueEnd(0) - scanner.valueStart(0)).isEqualTo(length + 2);
          assertThat(scanner.members()).isEqualTo(2);
        }
      }
      byte[] broken = bytes("{\"a\":\"" + run + "\t" + "y".repeat(300) + "\"}");
      assertThatThrownBy(() -> scanner.scan(broken, 0, broken.length))
          .isInstanceOf(Malformed.class)
          .hasMessageContaining("byte " + (6 + before) + ":");
      byte[] open = bytes("{\"a\":\"" + run);
      assertThatThrownBy(() -> scanner.scan(open, 0, open.length)).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void scansAPieceOfALargerArray() {
    byte[] json = bytes("xx{\"a\":[1,2]}yy");

    scanner.scan(json, 2, json.length - 4);

    int a = scanner.find("a");
    assertThat(
            new String(
                json,
                scanner.valueStart(a),
                scanner.valueEnd(a) - scanner.valueStart(a),
                StandardCharsets.UTF_8))
        .isEqualTo("[1,2]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "\"text\"",
        "{",
        "{}}",
        "{} x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":1e}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":nulL}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"open}",
        "{\"a\":[1 2]}",
        "{\"a\":[1,]}",
        "{\"a\":NaN}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\u0061\":1,\"a\":2}",
        "{\"o\":{\"deep\":[{\"k\":1,\"k\":2}]}}",
        "/* c */{}",
        "{'a':1}"
      })
  void refusesWhatTheGeneralParserRefuses(String json) {
    byte[] bytes = bytes(json);

    assertThatThrownBy(() -> scanner.scan(bytes, 0, bytes.length)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> Json.parseObject(bytes)).isInstanceOf(Malformed.class);
  }

  @Test
  void findsARepeatedNameInAnObjectOfManyNames() {
    var json = new StringBuilder("{\"o\":{");
    for (int i = 0; i < 5_000; i++) {
      json.append("\"n").append(i).append("\":0,");
    }
    byte[] good = bytes(json + "\"last\":1}}");
    byte[] bad = bytes(json + "\"n17\":1}}");
    byte[] hidden = bytes(json + "\"n1\\u0037\":1}}");

    scanner.scan(good, 0, good.length);

    assertThatThrownBy(() -> scanner.scan(bad, 0, bad.length)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> scanner.scan(hidden, 0, hidden.length)).isInstanceOf(Malformed.class);
  }

  @Test
  void tellsANumberOutOfAllBoundsAsMalformed() {
    assertThatThrownBy(() -> Json.parseObject("{\"a\":1e345678901234567890}"))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void refusesNestingWithoutEnd() {
    byte[] json = bytes("{\"a\":" + "[".repeat(100_000));

    assertThatThrownBy(() -> scanner.scan(json, 0, json.length))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("nested deeper");
  }

  @Property(tries = 2_000)
  void agreesWithTheGeneralParserOnDocuments(@ForAll("documents") String json) {
    byte[] bytes = bytes(json);

    scanner.scan(bytes, 0, bytes.length);

    ObjectNode parsed = Json.parseObject(bytes);
    assertThat(scanner.members()).isEqualTo(parsed.size());
    for (var member : parsed.properties()) {
      if (member.getKey().chars().allMatch(c -> c >= 0x20 && c < 0x7F && c != '"' && c != '\\')) {
        int at = scanner.find(member.getKey());
        JsonNode value =
            Json.parse(
                bytes, scanner.valueStart(at), scanner.valueEnd(at) - scanner.valueStart(at));
        assertThat(value).isEqualTo(member.getValue());
      }
    }
  }

  @Property(tries = 4_000)
  void agreesWithTheGeneralParserOnBrokenDocuments(
      @ForAll("documents") String json, @ForAll int where, @ForAll("scraps") String scrap) {
    int at = Math.floorMod(where, json.length());
    String broken = json.substring(0, at) + scrap + json.substring(Math.min(json.length(), at + 1));
    byte[] bytes = bytes(broken);

    // An exponent of many digits is good syntax; only a reader that wants the number must refuse.
    Assume.that(!broken.matches("(?s).*[eE][+-]?[0-9]{6,}.*"));

    assertThat(isRefusedByScanner(bytes)).isEqualTo(isRefusedByParser(bytes));
  }

  private boolean isRefusedByScanner(byte[] bytes) {
    try {
      scanner.scan(bytes, 0, bytes.length);
      return false;
    } catch (Malformed e) {
      return true;
    }
  }

  private static boolean isRefusedByParser(byte[] bytes) {
    try {
      Json.parseObject(bytes);
      return false;
    } catch (Malformed e) {
      return true;
    }
  }

  @Provide
  Arbitrary<String> scraps() {
    return Arbitraries.of(
        "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", "e", ".", " ", "t", "null", "\\u00",
        "\t");
  }

  @Provide
  Arbitrary<String> documents() {
    return members(2);
  }

  private static Arbitrary<String> members(int depth) {
    return Combinators.combine(names(), value(depth))
        .as((name, value) -> Map.entry(name, value))
        .list()
        .ofMaxSize(6)
        .uniqueElements(Map.Entry::getKey)
        .map(entries ->
            entries.stream()
                .map(e -> "\"" + e.getKey() + "\" :" + e.getValue())
                .collect(Collectors.joining(",", "{", "} ")));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.of("model", "stream", "a", "naïve", "k\\n", "\\u00e9x", "\\\\", "日本"),
        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12));
  }

  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> plain =
        Arbitraries.of(
            "true",
            "false",
            "null",
            "0",
            "-0.5e+10",
            "12345678901234567890",
            "\"\"",
            "\"caf\u00e9 \\\"quoted\\\" \\u00e9 and a longer run of text that passes eight bytes\"",
            "\"\\\\\"",
            "[]",
            "{}",
            "\"\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\"");
    return depth == 0
        ? plain
        : Arbitraries.oneOf(
            plain,
            plain,
            members(depth - 1),
            value(depth - 1)
                .list()
                .ofMaxSize(4)
                .map(values -> "[" + String.join(" ,", values) + "]"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
