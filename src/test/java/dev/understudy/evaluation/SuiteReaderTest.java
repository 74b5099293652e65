package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.text.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Suites are read whole, or every mistake is told with its place. */
final class SuiteReaderTest {
  @TempDir private Path folder;

  private Problems problems = new Problems();

  private Optional<Suite> read(String text) throws IOException {
    return SuiteReader.read(Files.writeString(folder.resolve("suite.yaml"), text), problems);
  }

  private List<String> complaints(String text) throws IOException {
    problems = new Problems();
    assertThat(read(text)).isEmpty();
    return problems.lines().stream()
        .map(line -> line.substring(line.lastIndexOf("suite.yaml")))
        .toList();
  }

  @Test
  void casesComeFromTheFileAndFromOthers() throws IOException {
    Files.writeString(
        folder.resolve("more.jsonl"),
        """
        {"id": "j1", "input": [{"role": "system", "content": "short"}, {"role": "user", "content": "2+2?"}], "ideal": ["4", "four"]}

        {"input": "3+3?", "checks": [{"type": "numeric", "value": 6}], "slices": {"kind": "sums"}}
        """);
    Files.writeString(
        folder.resolve("more.csv"),
        "id,input,ideal,slice:kind\nt1,\"a, \"\"b\"\"?\nc\",yes,words\n");

    Suite suite =
        read("""
        suite: mixed
        metric: pass
        margin: 0.05
        system: Be brief.
        max-tokens: 50
        case-files: [more.jsonl, more.csv]
        gates: {"kind:sums": {failure-rate-max: 0.1}}
        cases:
          - {id: y1, input: "Capital of France?", ideal: [Paris], slices: {kind: facts}}
          - id: y2
            messages: [{role: user, content: hi}, {role: assistant, content: hello}, {role: user, content: bye}]
            checks: [{type: not-contains, value: hello}, {type: latency, value: "5000"}]
        """)
            .orElseThrow(() -> new AssertionError(problems.lines()));

    assertThat(suite.cases())
        .extracting(Case::id)
        .containsExactly("y1", "y2", "j1", "case-4", "t1");
    assertThat(suite.cases().get(0).turns())
        .containsExactly(new Turn("system", "Be brief."), new Turn("user", "Capital of France?"));
    assertThat(suite.cases().get(2).turns().getFirst()).isEqualTo(new Turn("system", "short"));
    assertThat(suite.cases().get(3).slices()).isEqualTo(Map.of("kind", "sums"));
    assertThat(suite.cases().get(4).turns().getLast().text()).isEqualTo("a, \"b\"?\nc");
    assertThat(suite.sampling()).isEqualTo(new Question.Sampling(-1, 50));
    assertThat(suite.gates()).containsOnlyKeys("kind:sums");
  }

  @Test
  void everyMistakeIsToldWithLineAndColumn() throws IOException {
    assertThat(
            complaints(
                """
                suite: bad
                metric: wins
                margin: 0
                alpha: 1.5
                repeats: 0
                gates: {"kind:none": {failure-rate-max: 0.1}}
                cases:
                  - {id: a, input: x, ideal: [y]}
                  - {id: a, input: x, checks: [{type: containz, value: y}]}
                  - {id: b, messages: [{role: tool, content: x}], ideal: [y]}
                """))
        .anyMatch(l -> l.startsWith("suite.yaml:2:9: unknown metric \"wins\"; known: pass, score"))
        .anyMatch(l -> l.startsWith("suite.yaml:3:9: margin lies between 0 and 1"))
        .anyMatch(l -> l.startsWith("suite.yaml:4:8: alpha lies between 0 and 1"))
        .anyMatch(l -> l.contains("repeats lies between 1 and 100"))
        .anyMatch(l -> l.contains("no case is in the slice \"kind:none\""))
        .anyMatch(l -> l.contains("two cases have the id \"a\""))
        .anyMatch(l -> l.contains("unknown check \"containz\""))
        .anyMatch(l -> l.contains("unknown role \"tool\""))
        .anyMatch(l -> l.contains("the last message of a case is by the user"));
  }

  /** As OpenAI's evals take their ideals, whichever way they are compared. */
  @Test
  void ofSeveralIdealsOneIsEnough() throws IOException {
    for (var one :
        Map.of(
                "starts-with",
                "4 it is",
                "equals",
                "four",
                "fuzzy-match",
                "The Four!",
                "numeric",
                "so 4")
            .entrySet()) {
      problems = new Problems();
      String ideals = one.getKey().equals("numeric") ? "[3, 4]" : "[4, four]";
      Suite suite =
          read("""
          suite: s
          metric: pass
          margin: 0.05
          ideal: %s
          cases: [{id: a, input: "2+2?", ideal: %s}]
          """
                  .formatted(one.getKey(), ideals))
              .orElseThrow(() -> new AssertionError(problems.lines()));
      Check check = suite.cases().getFirst().checks().getFirst();

      assertThat(check.judge(said(one.getValue())).passed()).as(one.getKey()).isTrue();
      assertThat(check.judge(said("five")).passed()).as(one.getKey()).isFalse();
    }
    assertThat(
            complaints(
                "suite: s\nmetric: pass\nmargin: 0.05\nideal: numeric\ncases: [{id: a, input: x, ideal: [1, two]}]\n"))
        .anyMatch(l -> l.contains("a number is wanted"));
  }

  private static Answer.Given said(String text) {
    return new Answer.Given(text, List.of(), false, false, 0, 0, 0, "");
  }

  @Test
  void aSuiteWithoutCasesOrDemandsIsNone() throws IOException {
    assertThat(complaints("suite: empty\nmetric: pass\nmargin: 0.05\n"))
        .anyMatch(l -> l.contains("has no case"));
    assertThat(complaints("suite: open\nmetric: pass\nmargin: 0.05\ncases: [{id: a, input: x}]\n"))
        .anyMatch(l -> l.contains("nothing says what a good answer is"));
    assertThat(complaints("suite: open\ncases: [{id: a, input: x, ideal: [y]}]\n"))
        .anyMatch(l -> l.contains("margin"));
  }

  @Test
  void aBadLineOfAnotherFileIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("c.jsonl"), "{\"input\": \"x\", \"ideal\": \"y\"}\n{\"input\": \n");
    read("suite: s\nmetric: pass\nmargin: 0.05\ncase-files: [c.jsonl, missing.csv]\n");

    assertThat(problems.lines()).anyMatch(l -> l.contains("c.jsonl:2:11: not valid JSON: "));
    assertThat(problems.lines()).anyMatch(l -> l.contains("missing.csv cannot be read"));
  }

  @Test
  void aMarginOfNothingIsRefusedWhereItStands() throws IOException {
    assertThat(complaints("suite: s\nmargin: 0.05\ncases: [{input: x, ideal: y}]\n"))
        .singleElement()
        .asString()
        .startsWith("suite.yaml:2:9: a margin of what? write metric: pass");
    for (String margin : List.of("0", "-0.1", "1", "3")) {
      assertThat(
              complaints(
                  "suite: s\nmetric: pass\nmargin: %s\ncases: [{input: x, ideal: y}]\n"
                      .formatted(margin)))
          .singleElement()
          .asString()
          .startsWith("suite.yaml:3:9: margin lies between 0 and 1");
    }
  }

  private List<String> lines(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
    problems = new Problems();
    read("suite: s\nmetric: pass\nmargin: 0.05\ncase-files: [" + name + "]\n");
    return problems.lines().stream().map(l -> l.replace(folder + "/", "")).toList();
  }

  @Test
  void aLineOfJsonIsReadStrictlyAndEachMistakeHasItsColumn() throws IOException {
    assertThat(
            lines(
                "c.jsonl",
                """
                {"id":"a","input":"hü","ideal":["x"}
                {"id":"b"}
                {"id":"c","input":"hi","checks":[{"type":"containz","value":"x"}]}
                {"id":"d","input":"hi","checks":[{"type":"json-schema","value":{"type":"objekt"}}]}
                {"id":"e","input":"hi","checks":"x"}
                {"id":"f","input":"hi","slices":["x"],"ideal":"y"}
                {"id":"g","input":"hi","checks":[{"type":"contains","value":"x","threshhold":1}]}
                {"id":"h","input":"hi","checks":[{"type":"contains","value":"x","weight":"2"}]}
                {"id":"i","input":"hi","tools":{"a":1},"ideal":"z"}
                {"id":"j","input":[{"role":"user"}],"ideal":"z"}
                {"id":"k","input":"hi","ideal":"z"} {"id":"l"}
                {"id":"m","input":"hi","messages":[],"ideal":"z"}
                {"id":"n","input":"","ideal":"z"}
                """))
        .satisfiesExactly(
            l -> assertThat(l).startsWith("c.jsonl:1:36: not valid JSON: "),
            l -> assertThat(l).isEqualTo("c.jsonl:2:1: a case has input or messages"),
            l -> assertThat(l).startsWith("c.jsonl:3:42: unknown check \"containz\""),
            l -> assertThat(l).startsWith("c.jsonl:4:42: the schema cannot be used at #/type"),
            l -> assertThat(l).isEqualTo("c.jsonl:5:33: checks is a list"),
            l -> assertThat(l).startsWith("c.jsonl:6:33: slices is an object"),
            l -> assertThat(l).startsWith("c.jsonl:7:78: unknown field \"threshhold\""),
            l -> assertThat(l).isEqualTo("c.jsonl:8:74: weight is a number"),
            l -> assertThat(l).startsWith("c.jsonl:9:32: tools is a JSON array"),
            l -> assertThat(l).isEqualTo("c.jsonl:10:20: content is a text"),
            l -> assertThat(l).startsWith("c.jsonl:11:37: not valid JSON: it goes on"),
            l -> assertThat(l).startsWith("c.jsonl:12:35: a case has input or messages, not both"),
            l -> assertThat(l).startsWith("c.jsonl:13:1: the user says nothing"));
  }

  @Test
  void aJudgeWithoutTargetsIsToldWhereItsBlockBegins() throws IOException {
    String before = "suite: s\nmetric: pass\nmargin: 0.1\n";
    String after = "cases: [{input: hi, ideal: ho}]\n";
    String told = "judge has no targets: name at least one vendor/model or route";
    assertThat(complaints(before + "judge:\n  scale: 5\n" + after))
        .containsExactly("suite.yaml:5:3: " + told);
    assertThat(complaints(before + "judge: {targets: []}\n" + after))
        .containsExactly("suite.yaml:4:8: " + told);
  }

  @Test
  void casesOfOtherBenchmarksAreReadStrictlyToo() throws IOException {
    assertThat(
            lines(
                "c.jsonl",
                """
                {"prompt":"x","key":1,"instruction_id_list":"a","kwargs":[]}
                {"prompt":5,"key":2,"instruction_id_list":["punctuation:no_comma"],"kwargs":[{}]}
                {"prompt":"y","key":3,"instruction_id_list":["length_constraints:number_words"],"kwargs":[{}]}
                {"prompt":"y","key":4,"instruction_id_list":["length_constraints:number_wordz"],"kwargs":[{}]}
                {"prompt":"y","key":5,"instruction_id_list":["length_constraints:number_words"],"kwargs":[{"relation":"about","num_words":5}]}
                {"prompt":"y","key":6,"instruction_id_list":["language:response_language"],"kwargs":[{"language":"xx"}]}
                {"id":"s_1","question":"x","function":[]}
                {"id":"s_2","question":[[{"role":"user","content":"hi"}]],"function":"x"}
                {"id":"s_3","question":[[{"role":"user","content":"hi"}]],"function":[{}]}
                {"id":"a","input":"hi"}
                """))
        .containsExactly(
            "c.jsonl:1:45: instruction_id_list is a list of one instruction or more",
            "c.jsonl:2:11: prompt is a text",
            "c.jsonl:3:46: length_constraints:number_words has no relation in kwargs",
            "c.jsonl:4:46: unknown instruction \"length_constraints:number_wordz\"",
            "c.jsonl:5:46: unknown relation \"about\"; known: at least, less than, al menos, como"
                + " máximo",
            "c.jsonl:6:46: unknown language \"xx\", which no answer would be in; known: "
                + String.join(", ", LanguageRule.PUBLISHED.known()),
            "c.jsonl:7:24: question is a list of lists of messages",
            "c.jsonl:8:70: function is a list of functions",
            "c.jsonl:9:71: a function has a name",
            "c.jsonl:10:1: nothing says what a good answer is: write checks or ideal");
  }

  @Test
  void languagesAreToldAsPublishedUnlessTheSuiteSaysOtherwise() throws IOException {
    Files.writeString(
        folder.resolve("ifeval.jsonl"),
        """
        {"key": 1, "prompt": "One word, in English and small letters.", "instruction_id_list": ["change_case:english_lowercase"], "kwargs": [{}]}
        """);
    String suite = "suite: s\nmetric: pass\nmargin: 0.1\ncase-files: [ifeval.jsonl]\n";
    assertThat(score(suite, "etchings")).isZero();
    assertThat(score(suite + "languages: published\n", "etchings")).isZero();
    assertThat(score(suite + "languages: lenient\n", "etchings")).isEqualTo(1);
    assertThat(score(suite, "these are old etchings")).isEqualTo(1);
    assertThat(complaints(suite + "languages: lenien\n"))
        .containsExactly(
            "suite.yaml:5:12: unknown languages \"lenien\"; known: published, lenient; near:"
                + " lenient");
  }

  private double score(String suite, String answer) throws IOException {
    Check check = read(suite).orElseThrow().cases().getFirst().checks().getFirst();
    return check.judge(new Answer.Given(answer, List.of(), false, false, 0, 0, 0, "")).score();
  }

  @Test
  void aTableIsReadStrictlyAndEachMistakeHasItsPlace() throws IOException {
    assertThat(lines("t.csv", "id,input,ideal\na,\"hi\nho\",x\nb,hi\nc,,x\na,hi,y\n"))
        .containsExactly(
            "t.csv:4:1: 2 fields under 3 columns",
            "t.csv:5:3: a case has an input",
            "t.csv:6:1: two cases have the id \"a\"");
    assertThat(lines("t.csv", "id,input,ideal\na,\"hi,x\nb,ho,y\n"))
        .containsExactly("t.csv:2:3: a quote begins here that is never closed");
    assertThat(lines("t.csv", "id,inputs,ideal\na,hi,x\n"))
        .singleElement()
        .asString()
        .startsWith("t.csv:1:4: unknown column \"inputs\"");
    assertThat(lines("t.csv", "id,ideal\na,x\n"))
        .containsExactly("t.csv:1:1: there is no column input");
    assertThat(lines("t.csv", "\uFEFFinput,ideal\nhi,x\n")).isEmpty();
    for (String empty : List.of("", "input,ideal\n")) {
      assertThat(lines("t.csv", empty)).singleElement().asString().endsWith("t.csv holds no case");
    }
    assertThat(lines("l.jsonl", "\n")).singleElement().asString().endsWith("holds no case");
  }

  @Test
  void aSchemaThatIsNoneIsRefused() throws IOException {
    for (String schema :
        List.of(
            "'not json'",
            "[1]",
            "{type: objekt}",
            "{type: 5}",
            "{required: a}",
            "{pattern: '('}",
            "{tipe: object}",
            "{minLength: -1}",
            "{$ref: '#/nope'}",
            "{$ref: 'https://example.org/schema'}",
            "{enum: 3}")) {
      for (String kind : List.of("json-schema", "not-is-json", "contains-json")) {
        assertThat(
                complaints(
                    "suite: s\nmetric: pass\nmargin: 0.05\ncases: [{input: x, checks: [{type: %s, value: %s}]}]\n"
                        .formatted(kind, schema)))
            .as(schema)
            .singleElement()
            .asString()
            .startsWith("suite.yaml:4:36: ");
      }
    }
  }

  @Test
  void valuesMayBeWrittenAsWhatTheyAre() throws IOException {
    Suite suite =
        read("""
        suite: s
        metric: pass
        margin: 0.05
        cases:
          - {input: x, ideal: "4"}
          - {input: x, ideal: [4, four]}
          - input: x
            checks:
              - {type: numeric, value: 42}
              - {type: json-schema, value: {type: object, required: [a]}}
              - {type: contains-any, value: [a, b]}
              - {type: json-equals, value: [1, 2]}
              - {type: tool-call, values: [order, {id: 7}]}
        """)
            .orElseThrow(() -> new AssertionError(problems.lines()));

    assertThat(suite.cases().get(1).checks().getFirst().measure())
        .isEqualTo(
            new Scorer.AnyOf(
                List.of(
                    new Scorer.Contains(List.of("4"), false, false),
                    new Scorer.Contains(List.of("four"), false, false))));
    assertThat(suite.cases().get(2).checks())
        .extracting(Check::measure)
        .contains(
            new Scorer.Numeric(42, 1e-9),
            new Scorer.JsonEqual("[1,2]"),
            new Scorer.ToolCall("order", "{\"id\":7}"));
  }

  @Test
  void answersOutliveAKilledRunEvenIfTheLastLineIsTorn() throws IOException {
    Path file = folder.resolve("answers.jsonl");
    var answer =
        new Answer.Given("text", List.of(new Answer.Call("t", "{}")), false, true, 1, 2, 3, "x");
    try (var answers = new AnswerFile(file)) {
      answers.keep("k1", answer);
    }
    Files.writeString(file, Files.readString(file) + "{\"key\":\"k2\",\"te");

    try (var answers = new AnswerFile(file)) {
      assertThat(answers.find("k1")).contains(answer);
      assertThat(answers.find("k2")).isEmpty();
      answers.keep("k3", answer);
    }
    try (var answers = new AnswerFile(file)) {
      assertThat(answers.find("k3")).contains(answer);
    }
  }

  @Test
  void theExamplesCanBeRead() throws IOException {
    for (String name : List.of("suite.yaml", "suite-judged.yaml")) {
      problems = new Problems();
      assertThat(SuiteReader.read(Path.of("examples").resolve(name), problems)).isPresent();
      assertThat(problems.lines()).isEmpty();
    }
  }

  @Test
  void theHashIsOfEveryFileThatIsRead() throws IOException {
    Files.writeString(folder.resolve("more.jsonl"), "{\"input\": \"a\", \"ideal\": \"b\"}\n");
    String text = "suite: s\nmetric: pass\nmargin: 0.05\ncase-files: [more.jsonl]\n";
    String before = read(text).orElseThrow().hash();
    assertThat(read(text).orElseThrow().hash()).isEqualTo(before).hasSize(64);
    Files.writeString(folder.resolve("more.jsonl"), "{\"input\": \"a\", \"ideal\": \"c\"}\n");
    assertThat(read(text).orElseThrow().hash()).isNotEqualTo(before);
  }

  @Test
  void aBerkeleyCaseWithoutItsAcceptedCallsIsNotOneWhereNoCallIsRight() throws IOException {
    String question =
        "\"question\":[[{\"role\":\"user\",\"content\":\"hi\"}]],\"function\":[{\"name\":\"f\",\"parameters\":{\"type\":\"dict\",\"properties\":{}}}]}";
    assertThat(
            lines(
                "b.json",
                String.join(
                    "\n",
                    "{\"id\":\"irrelevance_1\"," + question,
                    "{\"id\":\"live_irrelevance_1-0-0\"," + question,
                    "{\"id\":\"simple_python_0\"," + question,
                    "{\"id\":\"live_relevance_1-0-0\"," + question,
                    "{\"id\":\"simple_java_0\"," + question)))
        .containsExactly(
            "b.json:3:7: its accepted calls are missing: they stand in a file of the same name in"
                + " the folder possible_answer beside it",
            "b.json:4:7: cases in which any call is right are not read",
            "b.json:5:7: cases of simple_java are compared by another language's rules, and not"
                + " read");
  }

  @Test
  void whoAsksTheSameAgainIsNoOtherWitness() throws IOException {
    Suite suite =
        read("""
        suite: s
        metric: pass
        margin: 0.05
        cases:
          - {id: a, input: "What is 17 + 25?", ideal: "42"}
          - {id: b, input: "What is 17 + 25?", ideal: "forty-two"}
          - {id: c, input: "What is 17 + 26?", ideal: "43"}
          - {id: d, input: "What is 17 + 26?", ideal: "43", cluster: sums}
        """)
            .orElseThrow(() -> new AssertionError(problems.lines()));

    assertThat(suite.cases().stream().map(Case::cluster))
        .containsExactly("case a", "case a", "case c", "sums");
    assertThat(suite.notes())
        .containsExactly(
            "2 cases ask what another one asks: those get one answer, and count as one cluster");
  }
}
