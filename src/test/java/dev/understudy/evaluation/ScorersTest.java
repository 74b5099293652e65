package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What each kind of check demands. */
final class ScorersTest {
  private static Answer.Given said(String text) {
    return new Answer.Given(text, List.of(), false, false, 0, 0, 120, "");
  }

  private static boolean passes(String type, String text, String... values) {
    var complaints = new ArrayList<String>();
    Check check =
        CheckKinds.of(
                new CheckKinds.Written(
                    type, List.of(values), OptionalDouble.empty(), OptionalDouble.empty(), 1),
                complaints::add)
            .orElseThrow(() -> new AssertionError(complaints));
    return check.judge(said(text)).passed();
  }

  @Test
  void textsAreComparedAsTheirNamesSay() {
    assertThat(passes("equals", " Paris\n", "Paris")).isTrue();
    assertThat(passes("equals", "paris", "Paris")).isFalse();
    assertThat(passes("iequals", "paris", "Paris")).isTrue();
    assertThat(passes("contains", "It is Paris.", "Paris")).isTrue();
    assertThat(passes("not-contains", "It is Paris.", "Paris")).isFalse();
    assertThat(passes("contains-all", "a and b", "a", "b")).isTrue();
    assertThat(passes("contains-all", "a and c", "a", "b")).isFalse();
    assertThat(passes("icontains-any", "only B", "a", "b")).isTrue();
    assertThat(passes("starts-with", "  Yes, it is", "Yes")).isTrue();
    assertThat(passes("regex", "order 4711 shipped", "order \\d{4}\\b")).isTrue();
    assertThat(passes("latency", "x", "120")).isTrue();
    assertThat(passes("latency", "x", "119")).isFalse();
  }

  @Test
  void theLastNumberIsTheAnswer() {
    assertThat(passes("numeric", "16 - 3 - 4 = 9, times 2: $1,018.50", "1018.5")).isTrue();
    assertThat(passes("numeric", "about -3e2", "-300")).isTrue();
    assertThat(passes("numeric", "none", "0")).isFalse();
  }

  @Test
  void jsonIsComparedByMeaning() {
    assertThat(passes("is-json", "```json\n{\"a\": 1}\n```")).isTrue();
    assertThat(passes("is-json", "{\"a\": 1} and more")).isFalse();
    assertThat(passes("is-json", "{\"a\": 1, \"a\": 2}")).isTrue();
    assertThat(passes("json-equals", "{\"a\": 1, \"a\": 2}", "{\"a\": 2}")).isTrue();
    assertThat(
            passes("json-equals", "{\"b\": [1.0, 2], \"a\": \"x\"}", "{\"a\":\"x\",\"b\":[1,2]}"))
        .isTrue();
    assertThat(passes("json-equals", "{\"b\": [2, 1], \"a\": \"x\"}", "{\"a\":\"x\",\"b\":[1,2]}"))
        .isFalse();
  }

  @Test
  void aToolCallIsOneCallWithTheseArguments() {
    var check =
        new Check(
            "tool-call",
            new Scorer.ToolCall("weather", "{\"city\":\"Oslo\",\"days\":2}"),
            false,
            1,
            1);
    var right =
        new Answer.Given(
            "",
            List.of(new Answer.Call("weather", "{\"days\": 2.0, \"city\": \"Oslo\"}")),
            false,
            false,
            0,
            0,
            0,
            "");
    var twice =
        new Answer.Given(
            "",
            List.of(right.calls().getFirst(), right.calls().getFirst()),
            false,
            false,
            0,
            0,
            0,
            "");

    assertThat(check.judge(right).passed()).isTrue();
    assertThat(check.judge(twice).passed()).isFalse();
    assertThat(check.judge(said("weather")).passed()).isFalse();
  }

  private static boolean booked(String argumentsJson) {
    var rules =
        new FunctionCalls(
            List.of(
                JsonText.parse(
                        """
                        {"name": "book", "parameters": {"type": "dict", "required": ["city"], "properties": {
                          "city": {"type": "string"}, "until": {"type": "string"},
                          "wishes": {"type": "array", "items": {"type": "string"}}}}}
                        """)
                    .orElseThrow()));
    var accepted =
        List.of(
            JsonText.parse(
                    "{\"book\": {\"city\": [\"Oslo\"], \"until\": [\"\", null], \"wishes\": [[\"Sea view\"], \"\"]}}")
                .orElseThrow());
    var answer =
        new Answer.Given(
            "", List.of(new Answer.Call("book", argumentsJson)), false, false, 0, 0, 0, "");
    return new Scorer.Functions(rules, accepted).score(answer) == 1;
  }

  @Test
  void anOptionalArgumentMayBeNullOrAnEmptyListWhereNothingIsAccepted() {
    assertThat(booked("{\"city\": \"oslo\", \"wishes\": [\"sea-view\"]}")).isTrue();
    assertThat(booked("{\"city\": \"Oslo\", \"until\": null}")).isTrue();
    assertThat(booked("{\"city\": \"Oslo\", \"wishes\": []}")).isTrue();
    assertThat(booked("{\"city\": null}")).isFalse();
    assertThat(booked("{\"city\": \"Oslo\", \"until\": \"May\"}")).isFalse();
    assertThat(booked("{\"city\": \"Oslo\", \"wishes\": [\"sauna\"]}")).isFalse();
  }

  @Test
  void aFuzzyMatchLeavesMarksAndArticlesAside() {
    assertThat(passes("fuzzy-match", "The  capital is PARIS!", "capital is paris.")).isTrue();
    assertThat(passes("fuzzy-match", "Paris", "It is Paris")).isTrue();
    assertThat(passes("fuzzy-match", "Rome", "It is Paris")).isFalse();
    assertThat(passes("fuzzy-match", "!", "Paris")).isFalse();
  }

  @Test
  void sayingNothingIsARefusalToo() {
    assertThat(passes("is-refusal", " \n")).isTrue();
    assertThat(passes("not-is-refusal", "")).isFalse();
  }

  @Test
  void jsonInATextIsAnObjectOrAList() {
    assertThat(passes("contains-json", "here: [1] so")).isTrue();
    assertThat(passes("contains-json", "```json\n{\"a\": 1}\n```")).isTrue();
    assertThat(passes("contains-json", "42")).isFalse();
  }

  @Test
  void refusalsAreKnownByTheirBeginning() {
    assertThat(passes("is-refusal", "I’m sorry, but I can’t help with that.")).isTrue();
    assertThat(passes("is-refusal", "I cannot provide instructions for this.")).isTrue();
    assertThat(passes("not-is-refusal", "Sure: mix flour and water. I can't stress enough …"))
        .isTrue();
  }

  @Test
  void similaritiesAreThoseOfTheirDefinitions() {
    assertThat(Similarity.levenshtein("kitten", "sitting")).isCloseTo(1 - 3.0 / 7, within(1e-12));
    // Lin 2004: "police killed the gunman" against "police kill the gunman" shares 3 of 4 words.
    assertThat(Similarity.rougeL("police kill the gunman", "police killed the gunman"))
        .isCloseTo(0.75, within(1e-12));
    assertThat(Similarity.rougeL("the gunman kill police", "police killed the gunman"))
        .isCloseTo(0.5, within(1e-12));
    assertThat(Similarity.rougeN("a b c", "a b d", 2)).isCloseTo(0.5, within(1e-12));
    assertThat(Similarity.bleu("the cat is on the mat", "the cat is on the mat"))
        .isCloseTo(1, within(1e-12));
    assertThat(Similarity.bleu("the the the the", "the cat is on the mat")).isLessThan(0.4);
    assertThat(Similarity.bleu("dog", "the cat is on the mat")).isZero();
  }

  @Test
  void anExpressionThatWouldRunForEverIsGivenUp() {
    String trap = "a".repeat(60) + "!";

    assertThat(passes("regex", trap, "^(a+)+$")).isFalse();
  }

  @Test
  void unknownKindsAndBadValuesAreNamed() {
    var complaints = new ArrayList<String>();
    var written =
        List.of(
            new CheckKinds.Written(
                "contain", List.of("x"), OptionalDouble.empty(), OptionalDouble.empty(), 1),
            new CheckKinds.Written(
                "regex", List.of("("), OptionalDouble.empty(), OptionalDouble.empty(), 1),
            new CheckKinds.Written(
                "is-json", List.of("x"), OptionalDouble.empty(), OptionalDouble.empty(), 1),
            new CheckKinds.Written(
                "numeric", List.of("many"), OptionalDouble.empty(), OptionalDouble.empty(), 1),
            new CheckKinds.Written(
                "equals", List.of("x"), OptionalDouble.empty(), OptionalDouble.of(2), 1),
            new CheckKinds.Written(
                "contains", List.of(""), OptionalDouble.empty(), OptionalDouble.empty(), 1));
    written.forEach(w -> assertThat(CheckKinds.of(w, complaints::add)).isEmpty());

    assertThat(complaints.get(0)).contains("unknown check \"contain\"").contains("near: contains");
    assertThat(complaints.get(1)).contains("regular expression cannot be read");
    assertThat(complaints.get(2)).isEqualTo("a JSON schema is wanted, and this text is no JSON");
    assertThat(complaints.get(3)).contains("a number is wanted");
    assertThat(complaints.get(4)).contains("threshold lies above 0");
  }
}
