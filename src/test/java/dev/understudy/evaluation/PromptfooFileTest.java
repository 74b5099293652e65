package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.text.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations of promptfoo, and what becomes of them. */
final class PromptfooFileTest {
  @TempDir private Path folder;

  private final Problems problems = new Problems();

  private Optional<Suite> read(String promptfoo, String more) throws IOException {
    Files.writeString(folder.resolve("promptfooconfig.yaml"), promptfoo);
    Path suite =
        Files.writeString(
            folder.resolve("suite.yaml"),
            "suite: moved\nmetric: pass\nmargin: 0.05\ncase-files: [promptfooconfig.yaml]\n"
                + more);
    return SuiteReader.read(suite, problems);
  }

  private static Answer.Given said(String text) {
    return new Answer.Given(text, List.of(), false, false, 10, 5, 1_500, "");
  }

  private static boolean passes(Case asked, String answer) {
    return ((Side.Judged) Side.of(asked, List.of(said(answer)))).passRate() == 1;
  }

  @Test
  void promptsTimesTestsAreCasesWithTheirChecks() throws IOException {
    Files.writeString(
        folder.resolve("chat.json"),
        "[{\"role\":\"system\",\"content\":\"Be {{tone}}.\"},{\"role\":\"user\",\"content\":\"{{question}}\"}]");
    Suite suite =
        read(
                """
                description: a support bot
                prompts:
                  - "Answer {{question}} in a {{tone}} way."
                  - {id: "file://chat.json", label: chat}
                providers: [openai:gpt-4o-mini]
                defaultTest:
                  vars: {tone: brief}
                  assert:
                    - {type: not-contains, value: "As an AI"}
                tests:
                  - description: capital
                    vars: {question: ["of France?", "of Spain?"]}
                    metadata: {kind: facts}
                    assert:
                      - {type: icontains-any, value: "paris, madrid"}
                      - {type: latency, threshold: 2000}
                  - vars: {question: "2+2", expected: {sum: 4}}
                    threshold: 0.5
                    assert:
                      - {type: equals, value: "{{expected.sum}}", weight: 3}
                      - {type: levenshtein, value: "four", threshold: 1}
                """,
                "")
            .orElseThrow(() -> new AssertionError(problems.lines()));

    assertThat(suite.cases()).hasSize(6);
    Case first = suite.cases().getFirst();
    assertThat(first.turns())
        .containsExactly(new Turn("user", "Answer of France? in a brief way."));
    assertThat(first.slices()).containsEntry("kind", "facts").containsEntry("prompt", "prompt 1");
    assertThat(passes(first, "PARIS it is")).isTrue();
    assertThat(passes(first, "As an AI, Paris")).isFalse();
    assertThat(passes(first, "Rome")).isFalse();
    Case chat = suite.cases().stream().filter(c -> c.turns().size() == 2).findFirst().orElseThrow();
    assertThat(chat.turns().getFirst()).isEqualTo(new Turn("system", "Be brief."));
    Case sum = suite.cases().getLast();
    // 3 of 5 parts of the weight are the sum, one is the distance, one what is not to be said.
    assertThat(passes(sum, "4")).isTrue();
    assertThat(passes(sum, "five")).isFalse();
    assertThat(suite.cases().stream().map(Case::cluster).distinct()).hasSize(2);
    assertThat(suite.notes()).anyMatch(note -> note.contains("providers are left aside"));
  }

  @Test
  void tablesAndLinesAreTestsToo() throws IOException {
    Files.writeString(
        folder.resolve("tests.csv"),
        """
        question,__expected,__expected2,__metadata:kind,__threshold
        a?,"contains: yes",not-contains: no,x,
        b?,plain text,,y,
        c?,"is-json",,y,
        """);
    Files.writeString(
        folder.resolve("tests.jsonl"),
        "{\"vars\":{\"question\":\"d?\"},\"assert\":[{\"type\":\"assert-set\",\"threshold\":0.5,\"assert\":[{\"type\":\"contains\",\"value\":\"x\"},{\"type\":\"contains\",\"value\":\"y\"}]}]}\n");
    Suite suite =
        read("prompts: ['{{question}}']\ntests: ['file://tests.csv', 'file://tests.jsonl']\n", "")
            .orElseThrow(() -> new AssertionError(problems.lines()));

    assertThat(suite.cases()).hasSize(4);
    assertThat(passes(suite.cases().get(0), "yes")).isTrue();
    assertThat(passes(suite.cases().get(0), "yes and no")).isFalse();
    assertThat(passes(suite.cases().get(1), "plain text")).isTrue();
    assertThat(suite.cases().get(1).slices()).containsEntry("kind", "y");
    assertThat(passes(suite.cases().get(2), "[1]")).isTrue();
    assertThat(passes(suite.cases().get(3), "only y")).isTrue();
    assertThat(passes(suite.cases().get(3), "neither")).isFalse();
  }

  private void judges(String assertion, String answer, boolean passes) throws IOException {
    Suite suite =
        read("prompts: [hi]\ntests: [{assert: [%s]}]\n".formatted(assertion), "")
            .orElseThrow(() -> new AssertionError(problems.lines()));
    assertThat(passes(suite.cases().getFirst(), answer))
        .as(assertion + " of " + answer)
        .isEqualTo(passes);
  }

  /** As promptfoo 0.121 itself judges them. */
  @Test
  void assertionsMeanWhatTheyMeanInPromptfoo() throws IOException {
    judges("{type: equals, value: Paris}", "Paris", true);
    judges("{type: equals, value: Paris}", "Paris\n", false);
    judges("{type: not-starts-with, value: Paris}", " Paris", true);
    judges("{type: equals, value: {a: 1}}", "{ \"a\": 1.0 }", true);
    judges("{type: equals, value: '{\"a\":1}'}", "{ \"a\": 1 }", false);
    judges("{type: is-json}", " {\"a\": 1}\n", true);
    judges("{type: is-json}", "```json\n{\"a\": 1}\n```", false);
    judges("{type: is-json, value: {required: [a]}}", "{\"b\": 1}", false);
    judges("{type: contains-any, value: 'x, , \"is, y\"'}", "it is", false);
    judges("{type: contains-any, value: 'x, , \"is, y\"'}", "is, y", true);
    judges("{type: contains-all, value: '\"a \"\"b\", \"c\\\"\"'}", "a \"b c\"", true);
    judges("{type: regex, value: '^\\d+$'}", "42", true);
    judges("{type: regex, value: '^\\d+$'}", "42\n", false);
    judges("{type: regex, value: '{\"a\": \\d{1,2}}'}", "{\"a\": 12}", true);
    judges("{type: regex, value: '[^[\\]]+\\[x[^]y'}", "abc[x\ny", true);
    judges("{type: regex, value: '[a&&b]z'}", "&z", true);
    judges("{type: regex, value: '\\/a\\-\\_b'}", "/a-_b", true);
    judges("{type: is-refusal}", "", true);
    judges("{type: bleu, value: brown the café}", "BROWN THE? CAFÉ", false);
    judges("{type: bleu, value: '(five) brown'}", "(five) brown", true);
    judges(
        "{type: bleu, value: is it the one we want, threshold: 0.7}", "is it the one we had", true);
    judges(
        "{type: rouge-n, value: $5 Paris brown Größe dogs'}",
        "\"quoted\"! paris brown größe dogs'",
        false);
    judges("{type: rouge-n, value: I can't see it}", "i can't see it!", true);
  }

  @Test
  void aFilesLastLineFeedIsNoPartOfItsText() throws IOException {
    Files.writeString(folder.resolve("said.txt"), "Hello there\n");
    Suite suite =
        read(
                "prompts: ['{{q}}!']\ntests: [{vars: {q: 'file://said.txt'}, assert: [{type: equals, value: 'file://said.txt'}]}]\n",
                "")
            .orElseThrow(() -> new AssertionError(problems.lines()));

    assertThat(suite.cases().getFirst().turns()).containsExactly(new Turn("user", "Hello there!"));
    assertThat(passes(suite.cases().getFirst(), "Hello there")).isTrue();
  }

  private static final String UNKNOWN =
      """
      prompts: ["{{question}}"]
      tests:
        - vars: {question: one}
          assert:
            - {type: contains, value: x}
            - type: javascript
              value: output.length > 3
        - vars: {question: two}
          assert: [{type: contains, value: "{{missing}}"}]
      """;

  @Test
  void whatIsNotUnderstoodIsToldWithItsPlace() throws IOException {
    assertThat(read(UNKNOWN, "")).isEmpty();
    assertThat(problems.lines())
        .anyMatch(line ->
            line.contains("promptfooconfig.yaml:6:9") && line.contains("assertion \"javascript\""))
        .anyMatch(line ->
            line.contains("promptfooconfig.yaml:8:5") && line.contains("no variable missing"));
  }

  @Test
  void whatIsNotUnderstoodIsLeftOutIfTheSuiteSaysSo() throws IOException {
    Suite suite =
        read(UNKNOWN.replace("{{missing}}", "y"), "unsupported: leave-out\n")
            .orElseThrow(() -> new AssertionError(problems.lines()));
    assertThat(suite.cases().getFirst().checks()).hasSize(1);
    assertThat(suite.notes())
        .anyMatch(note -> note.contains("line 6: the assertion \"javascript\" is left out"));
  }

  @Test
  void gradedAssertionsWantAJudge() throws IOException {
    String graded =
        "prompts: ['{{q}}']\ntests: [{vars: {q: a}, assert: [{type: llm-rubric, value: is kind}]}]\n";
    assertThat(read(graded, "")).isEmpty();
    assertThat(problems.lines().toString()).contains("write judge with its targets");
    var again = new Problems();
    Optional<Suite> suite =
        SuiteReader.read(
            Files.writeString(
                folder.resolve("judged.yaml"),
                "suite: j\nmetric: pass\nmargin: 0.05\njudge: {targets: [a/b]}\ncase-files: [promptfooconfig.yaml]\n"),
            again);
    assertThat(again.lines()).isEmpty();
    assertThat(suite.orElseThrow().judgeQuestions(suite.orElseThrow().cases().getFirst()))
        .isEqualTo(2);
  }

  @Test
  void mistakesInJudgesAndLabelsAreTold() throws IOException {
    Files.writeString(
        folder.resolve("labels.jsonl"),
        "{\"id\":\"c\",\"winner\":\"me\"}\n{\"id\":\"c\",\"winer\":\"tie\"}\n{\"id\":\"c\",\"side\":\"candidate\",\"pass\":true}\n");
    Path suite =
        Files.writeString(
            folder.resolve("bad.yaml"),
            """
            suite: bad
            metric: preference
            margin: 0.05
            judge: {targets: [a/b, a/b], answer: prose, scale: 1, labels: labels.jsonl}
            cases: [{id: c, input: hello}]
            """);
    assertThat(SuiteReader.read(suite, problems)).isEmpty();
    String all = problems.lines().toString();
    assertThat(all)
        .contains("this judge is there twice")
        .contains("unknown answer \"prose\"; known: json, tagged, token")
        .contains("scale is 2 to 100")
        .contains("labels.jsonl:1:20: winner is candidate, incumbent or tie")
        .contains("labels.jsonl:2:19: unknown field \"winer\"")
        .doesNotContain("labels.jsonl:3");
    var none = new Problems();
    assertThat(
            SuiteReader.read(
                Files.writeString(
                    folder.resolve("none.yaml"),
                    "suite: none\nmetric: preference\nmargin: 0.05\ncases: [{id: c, input: hello}]\n"),
                none))
        .isEmpty();
    assertThat(none.lines().toString()).contains("metric preference wants somebody who prefers");
  }

  @Test
  void whatWouldSaySomethingElseIsLeftOutWhole() throws IOException {
    Suite suite =
        read(
                """
                prompts: ["{{q}}"]
                tests:
                  - vars: {q: plain}
                    options: {prefix: "Say: "}
                    assert:
                      - {type: contains, value: x, transform: output.y}
                      - $ref: '#/assertionTemplates/pirate'
                  - vars: {q: transformed}
                    options: {transform: JSON.parse(output)}
                    assert: [{type: contains, value: x}]
                  - vars: {q: unchecked}
                    assert: [{type: python, value: len(output)}]
                assertionTemplates:
                  pirate: {type: icontains, value: arrr}
                """,
                "unsupported: leave-out\n")
            .orElseThrow(() -> new AssertionError(problems.lines()));

    assertThat(suite.cases()).hasSize(1);
    Case only = suite.cases().getFirst();
    assertThat(only.turns()).containsExactly(new Turn("user", "Say: plain"));
    assertThat(only.checks()).hasSize(1);
    assertThat(passes(only, "ARRR, no letter of that name")).isTrue();
    assertThat(suite.notes())
        .anyMatch(note -> note.contains("an assertion with transform is left out"))
        .anyMatch(note -> note.contains("a test with options.transform is left out"))
        .anyMatch(note -> note.contains("of whose assertions none is left"));
  }

  @Test
  void aConversationIsReadBeforeItIsFilledSoThatQuotesAndLinesStayWhatTheyAre() throws IOException {
    Files.writeString(
        folder.resolve("chat.json"),
        """
        [{"role": "system", "content": "You are {{persona.name}}."},
         {"role": "user", "content": [{"type": "text", "text": "Sum up: {{text}}"}]}]
        """);
    Files.writeString(
        folder.resolve("chat.txt"),
        """
        - role: system
          content: You are terse.
        - role: user
          content: "{{text}}"
        """);
    Suite suite =
        read(
                """
                prompts: [file://chat.json, file://chat.txt]
                defaultTest: {vars: {persona: {name: Ada}}}
                tests:
                  - vars: {text: "He said \\"no\\".\\nThen {{persona.name}} left."}
                    assert: [{type: contains, value: "{{text}}"}]
                """,
                "")
            .orElseThrow(() -> new AssertionError(problems.lines()));

    String text = "He said \"no\".\nThen Ada left.";
    assertThat(suite.cases().stream().map(Case::turns))
        .containsExactly(
            List.of(new Turn("system", "You are Ada."), new Turn("user", "Sum up: " + text)),
            List.of(new Turn("system", "You are terse."), new Turn("user", text)));
    assertThat(passes(suite.cases().getFirst(), "Well: " + text)).isTrue();
  }

  @Test
  void whatWouldGoOutAsSomethingElseIsRefused() throws IOException {
    Files.writeString(
        folder.resolve("picture.json"),
        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"{{q}}\"}}]}]");
    Files.writeString(folder.resolve("open.json"), "[{\"role\": \"user\", \"content\": {{q}} }]");
    for (String prompt : List.of("picture", "open")) {
      assertThat(
              read(
                  """
                  prompts: [file://%s.json]
                  tests:
                    - {vars: {q: no JSON}, assert: [{type: contains, value: x}]}
                  """
                      .formatted(prompt),
                  ""))
          .isEmpty();
    }
    assertThat(problems.lines())
        .anyMatch(line -> line.contains("a message with a part that is no text"))
        .anyMatch(line -> line.contains("looks like a list of messages"));
  }
}
