package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Comes to what was published from the answers that were recorded; skipped where they are missing.
 */
final class PublishedRunsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("understudy.shared", "../shared")).resolve("evals");

  @BeforeEach
  void needsTheFolder() {
    assumeTrue(Files.isDirectory(FOLDER), "the shared data is not here: " + FOLDER);
  }

  @Test
  void gsm8kFlagsAreAllEqual() throws IOException {
    List<String> problems = Files.readAllLines(FOLDER.resolve("gsm8k/test.jsonl"));
    List<String> solutions = Files.readAllLines(FOLDER.resolve("gsm8k/model_solutions.jsonl"));
    JsonNode wantedCounts =
        Json.parse(Files.readAllBytes(FOLDER.resolve("gsm8k/expected.json")))
            .get("stored_rows_0_to_988");
    var right = new HashMap<String, Integer>();
    int compared = 0;
    for (int i = 0; i < problems.size(); i++) {
      String answer = Json.parse(problems.get(i)).get("answer").asString();
      double wanted =
          Numbers.whole(answer.substring(answer.lastIndexOf("####") + 4).replace("$", ""))
              .orElseThrow();
      JsonNode row = Json.parse(solutions.get(i));
      for (String system :
          List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")) {
        String solution = row.get(system).get("solution").asString();
        var given = new Answer.Given(solution, List.of(), false, false, 0, 0, 0, "");
        boolean found = new Scorer.Numeric(wanted, 1e-9).score(given) == 1;
        right.merge(system, found ? 1 : 0, Integer::sum);
        assertThat(found)
            .as("%s, row %d: %s", system, i, solution)
            .isEqualTo(row.get(system).get("is_correct").asBoolean());
        compared++;
      }
    }
    assertThat(solutions).hasSameSizeAs(problems);
    assertThat(compared).isEqualTo(4 * 989);
    right.forEach((system, count) ->
        assertThat(count).as(system).isEqualTo(wantedCounts.get("correct").get(system).asInt()));
  }

  @Test
  void ifevalPairsDecideAsTheWorkedExamplesDo() throws IOException {
    JsonNode examples =
        Json.parse(Files.readAllBytes(FOLDER.resolve("stat_vectors/worked_examples.json")));
    int decided = 0;
    for (JsonNode example : examples.get("ifeval")) {
      String language = example.get("language").asString();
      var candidate = flags(language, example.get("candidate").asString());
      var incumbent = flags(language, example.get("incumbent").asString());
      JsonNode wanted = example.get("prompt_level");
      var pairs = new ArrayList<Pair>();
      for (var entry : candidate.entrySet()) {
        boolean other = incumbent.getOrDefault(entry.getKey(), false);
        pairs.add(pair(entry.getKey(), entry.getValue(), other));
      }

      Verdict verdict = Judgement.of(suite(wanted.get("margin").asDouble()), pairs);

      var outcomes = verdict.comparison().outcomes().orElseThrow();
      assertThat(outcomes.onlyCandidate()).isEqualTo(wanted.get("only_candidate").asLong());
      assertThat(outcomes.onlyIncumbent()).isEqualTo(wanted.get("only_incumbent").asLong());
      // The example reads the bound off the normal curve, we off the score: they agree where it
      // is not within a tenth of a point of the margin.
      double room = wanted.get("one_sided_95_lower").asDouble() + wanted.get("margin").asDouble();
      if (Math.abs(room) > 0.001) {
        assertThat(verdict.decision() == Verdict.Decision.QUALIFIED)
            .isEqualTo(wanted.get("non_inferior").asBoolean());
        decided++;
      }
    }
    assertThat(decided).isPositive();
  }

  @Test
  void berkeleyVerdictsAreThoseOfTheLeaderboardsOwnChecker() throws IOException {
    var functions = new HashMap<String, List<JsonNode>>();
    var accepted = new HashMap<String, List<JsonNode>>();
    for (String category :
        List.of("simple_python", "multiple", "parallel", "live_simple", "irrelevance")) {
      for (String line : lines("bfcl/BFCL_v4_" + category + ".jsonl")) {
        JsonNode node = Json.parse(line);
        var described = new ArrayList<JsonNode>();
        node.get("function").forEach(described::add);
        functions.put(node.get("id").asString(), described);
      }
      Path answers = FOLDER.resolve("bfcl/possible_answer/BFCL_v4_" + category + ".jsonl");
      if (Files.exists(answers)) {
        for (String line : Files.readAllLines(answers)) {
          JsonNode node = Json.parse(line);
          var wanted = new ArrayList<JsonNode>();
          node.get("ground_truth").forEach(wanted::add);
          accepted.put(node.get("id").asString(), wanted);
        }
      }
    }
    int compared = 0;
    var wrong = new ArrayList<String>();
    var unchanged = new TreeMap<String, Integer>();
    for (String line : lines("bfcl/scoring_vectors.jsonl")) {
      JsonNode vector = Json.parse(line);
      String id = vector.get("id").asString();
      var made = new ArrayList<Answer.Call>();
      for (JsonNode call : vector.get("output")) {
        String name = call.propertyNames().iterator().next();
        made.add(new Answer.Call(name, call.get(name).toString()));
      }
      boolean found = calls(functions.get(id), accepted.get(id), made);
      if (found != vector.get("valid").asBoolean()) {
        wrong.add(line);
      }
      if (vector.get("mutation").asString().equals("reference") && found) {
        unchanged.merge(vector.get("category").asString(), 1, Integer::sum);
      }
      compared++;
    }
    assertThat(unchanged)
        .isEqualTo(
            Map.of("simple_python", 400, "multiple", 200, "parallel", 200, "live_simple", 256));
    assertThat(wrong).isEmpty();
    assertThat(compared).isEqualTo(4_932);
  }

  @Test
  void whereNoFunctionFitsAnyCallIsWrong() throws IOException {
    int cases = 0;
    for (String line : lines("bfcl/BFCL_v4_irrelevance.jsonl")) {
      var functions = new ArrayList<JsonNode>();
      Json.parse(line).get("function").forEach(functions::add);
      var call = new Answer.Call(functions.getFirst().get("name").asString(), "{}");
      assertThat(calls(functions, List.of(), List.of())).as(line).isTrue();
      assertThat(calls(functions, List.of(), List.of(call))).as(line).isFalse();
      cases++;
    }
    assertThat(cases).isEqualTo(240);
  }

  /** As a suite's scorer judges them, from the arguments' text. */
  private static boolean calls(
      List<JsonNode> functions, List<JsonNode> accepted, List<Answer.Call> made) {
    var answer = new Answer.Given("", made, false, false, 0, 0, 0, "");
    return new Scorer.Functions(new FunctionCalls(functions), accepted).score(answer) == 1;
  }

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(FOLDER.resolve(file)).stream().filter(l -> !l.isBlank()).toList();
  }

  private static Map<String, Boolean> flags(String language, String model) throws IOException {
    var flags = new HashMap<String, Boolean>();
    for (String line :
        Files.readAllLines(FOLDER.resolve("ifeval/" + language + "/" + model + ".jsonl"))) {
      JsonNode row = Json.parse(line);
      boolean all = true;
      for (JsonNode flag : row.get("strict")) {
        all &= flag.asBoolean();
      }
      flags.put(row.get("key").asString(), all);
    }
    return flags;
  }

  private static Pair pair(String id, boolean candidate, boolean incumbent) {
    var asked = new Case(id, List.of(new Turn("user", id)), "", List.of(), Map.of(), id);
    return new Pair(asked, side(candidate), side(incumbent));
  }

  private static Side side(boolean passed) {
    return new Side.Judged(passed ? 1 : 0, passed ? 1 : 0, List.of(), List.of());
  }

  private static Suite suite(double margin) {
    return new Suite(
        "published",
        Suite.Metric.PASS,
        margin,
        0.05,
        0.8,
        1,
        0.05,
        new Question.Sampling(0, 0),
        Map.of(),
        List.of());
  }
}
