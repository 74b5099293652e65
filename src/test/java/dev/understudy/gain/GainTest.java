package dev.understudy.gain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.json.Json;
import dev.understudy.text.CommaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is learned, whether it is kept as it was, and what is refused. */
class GainTest {
  private static final long SEED = 7;

  @TempDir static Path folder;

  /** Proofs are hard for the cheap model, recipes are not. */
  private static final List<Outcome> KITCHEN = kitchen(600, 1);

  private static GainModel model;

  @BeforeAll
  static void learn() {
    model = GainTrainer.train(KITCHEN, "local/small", "cloud/large", SEED);
  }

  private static List<Outcome> kitchen(int count, long seed) {
    var random = new SplittableRandom(seed);
    var outcomes = new ArrayList<Outcome>();
    String[] dishes = {"soup", "bread", "cake", "salad", "rice", "stew", "pie", "beans"};
    String[] things = {"graph", "group", "ring", "field", "prime", "matrix", "set", "limit"};
    for (int i = 0; i < count; i++) {
      boolean hard = random.nextBoolean();
      String[] of = hard ? things : dishes;
      String one = of[random.nextInt(of.length)];
      String other = of[random.nextInt(of.length)];
      String prompt =
          hard
              ? "Prove theorem %d: every finite %s has a maximal %s.".formatted(i, one, other)
              : "How do I cook %s with %s for %d guests".formatted(one, other, i);
      outcomes.add(
          new Outcome(
              prompt,
              hard ? "mathematics" : "cooking",
              random.nextDouble() < (hard ? 0.3 : 0.9) ? 1 : 0,
              random.nextDouble() < 0.9 ? 1 : 0,
              Optional.of(new Outcome.Costs(0.001, 0.02))));
    }
    return outcomes;
  }

  @Test
  void knowsWhereTheStrongModelGains() {
    assertThat(meanEstimate("mathematics")).isGreaterThan(0.4);
    assertThat(meanEstimate("cooking")).isLessThan(0.2);
    assertThat(model.about().area()).isGreaterThan(0.65);
  }

  private static double meanEstimate(String domain) {
    return kitchen(200, 4).stream()
        .filter(o -> o.domain().equals(domain))
        .mapToDouble(o -> model.gain(o.prompt(), ""))
        .average()
        .orElseThrow();
  }

  @Test
  void theSameOutcomesAndSeedGiveTheSameModelAndTheFileGivesItBack() throws IOException {
    Path one = folder.resolve("one.bin");
    Path two = folder.resolve("two.bin");
    RouterFile written = RouterFile.write(model, one);
    RouterFile.write(GainTrainer.train(KITCHEN, "local/small", "cloud/large", SEED), two);
    assertThat(one).hasSameBinaryContentAs(two);

    RouterFile read = RouterFile.read(one);
    assertThat(read.digest()).isEqualTo(written.digest());
    assertThat(read.model().about()).isEqualTo(model.about());
    assertThat(read.proof()).isEmpty();
    for (Outcome outcome : KITCHEN) {
      assertThat(read.model().gain(outcome.prompt(), outcome.domain()))
          .isEqualTo(model.gain(outcome.prompt(), outcome.domain()));
    }
  }

  @Test
  void aFileThatWasCutOrChangedAnywhereIsRefused() throws IOException {
    Path whole = folder.resolve("whole.bin");
    RouterFile.write(model, whole);
    byte[] bytes = Files.readAllBytes(whole);
    var random = new SplittableRandom(3);
    Path broken = folder.resolve("broken.bin");
    for (int i = 0; i < 60; i++) {
      byte[] changed = bytes.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      Files.write(broken, changed);
      assertThatThrownBy(() -> RouterFile.read(broken)).isInstanceOf(IOException.class);
      Files.write(broken, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      assertThatThrownBy(() -> RouterFile.read(broken)).isInstanceOf(IOException.class);
    }
    Files.write(broken, Arrays.copyOf(bytes, bytes.length + 1));
    assertThatThrownBy(() -> RouterFile.read(broken)).hasMessageContaining("goes on after its end");
  }

  @Test
  void whatTeachesNothingIsRefusedWithTheReason() {
    assertThatThrownBy(() -> GainTrainer.train(List.of(), "a/a", "b/b", SEED))
        .hasMessageContaining("0 outcomes are too few");
    assertThatThrownBy(() -> GainTrainer.train(all(1, 1), "a/a", "b/b", SEED))
        .hasMessageContaining("only 0 outcomes tell the two models apart");
    assertThatThrownBy(() -> GainTrainer.train(all(1, 0), "a/a", "b/b", SEED))
        .hasMessageContaining("the strong model is no better");
    // One class only: the strong model gains everywhere. There is nothing to tell apart, and every
    // estimate says so.
    assertThat(GainTrainer.train(all(0, 1), "a/a", "b/b", SEED).gain("what is 1", ""))
        .isCloseTo(1, within(0.05));
  }

  private static List<Outcome> all(double cheap, double strong) {
    var outcomes = new ArrayList<Outcome>();
    for (int i = 0; i < 120; i++) {
      outcomes.add(new Outcome("what is " + i, "", cheap, strong));
    }
    return outcomes;
  }

  @Test
  void estimatesAreFiniteForWhateverIsAsked() {
    var random = new SplittableRandom(11);
    for (String text :
        List.of("", " ", "\0", "9".repeat(100_000), "😀".repeat(9_000), "A.\nB.\n")) {
      assertThat(model.gain(text, "")).isBetween(-1.0, 1.0);
    }
    for (int i = 0; i < 300; i++) {
      var text = new StringBuilder();
      for (int k = random.nextInt(400); k > 0; k--) {
        text.append((char) random.nextInt(0x3000));
      }
      assertThat(model.gain(text.toString(), "unheard of")).isBetween(-1.0, 1.0);
    }
  }

  @Test
  void reasonsNameWhatSpeaksForTheEstimate() {
    String prompt = "Prove theorem 5: every finite group has a maximal ring.";
    GainModel.Explanation explained = model.explain(prompt, "mathematics", 10);

    assertThat(explained.gain()).isEqualTo(model.gain(prompt, "mathematics"));
    assertThat(explained.reasons()).isNotEmpty().hasSizeLessThanOrEqualTo(10);
    double last = Double.MAX_VALUE;
    for (GainModel.Reason reason : explained.reasons()) {
      assertThat(Math.abs(reason.effect())).isLessThanOrEqualTo(last);
      last = Math.abs(reason.effect());
    }
  }

  @Test
  void aShareOfCallsIsFoundByItsThreshold() {
    List<Outcome> others = kitchen(400, 2);
    double threshold = model.thresholdFor(0.5);
    double share =
        others.stream().filter(o -> model.gain(o.prompt(), o.domain()) > threshold).count() / 400.0;
    assertThat(share).isCloseTo(0.5, within(0.15));
    assertThat(model.thresholdFor(1)).isLessThan(-1);
    assertThat(model.thresholdFor(0)).isGreaterThan(1);
  }

  @Test
  void aRouterIsQualifiedOnWhatItDidNotLearnFrom() throws IOException {
    Path file = folder.resolve("checked.bin");
    RouterFile router = RouterFile.write(model, file);
    var mixed = new ArrayList<>(kitchen(2_000, 5));
    mixed.replaceAll(
        o -> new Outcome("Now " + o.prompt(), o.domain(), o.cheap(), o.strong(), o.costs()));
    mixed.addAll(KITCHEN.subList(0, 50));

    RouterCheck some = check(router, mixed, 0.2);
    assertThat(some.learned()).isEqualTo(50);
    assertThat(some.proof().cases()).isEqualTo(2_000);
    assertThat(some.proof().verdict()).isEqualTo(Proof.Verdict.QUALIFIED);
    assertThat(some.saving().orElseThrow().share()).isBetween(0.3, 0.7);
    assertThat(some.saving().orElseThrow().interval().width()).isLessThan(0.1);

    RouterCheck none = check(router, mixed, 2);
    assertThat(none.proof().verdict()).isEqualTo(Proof.Verdict.REJECTED);
    assertThat(none.proof().strongShare()).isZero();

    router.with(some.proof(), file);
    assertThat(RouterFile.read(file).proof()).contains(some.proof());
    assertThatThrownBy(() -> check(router, KITCHEN, 0.2))
        .hasMessageContaining("0 outcomes are left after the 600");
  }

  @Test
  void theSamePromptAgainIsNoFurtherEvidence() throws IOException {
    RouterFile router = RouterFile.write(model, folder.resolve("repeated.bin"));
    var once = new ArrayList<>(kitchen(60, 5));
    once.replaceAll(
        o -> new Outcome("Now " + o.prompt(), o.domain(), o.cheap(), o.strong(), o.costs()));
    var often = new ArrayList<Outcome>();
    for (int i = 0; i < 50; i++) {
      String space = " ".repeat(i % 3);
      once.forEach(o ->
          often.add(new Outcome(space + o.prompt(), o.domain(), o.cheap(), o.strong(), o.costs())));
    }
    RouterCheck few = check(router, once, 0.2);
    RouterCheck repeated = check(router, often, 0.2);

    assertThat(repeated.proof()).isEqualTo(few.proof());
    assertThat(repeated.saving()).isEqualTo(few.saving());
    assertThat(repeated.repeated()).isEqualTo(49 * 60);
    assertThatThrownBy(() -> check(router, often.subList(0, 0), 0.2))
        .hasMessageContaining("0 outcomes are left");
    assertThatThrownBy(() ->
            check(
                router,
                often.stream().filter(o -> o.prompt().contains("1")).limit(29).toList(),
                0.2))
        .hasMessageContaining("at least 30 are needed");
  }

  @Test
  void repeatedPromptsTeachNoMoreThanOnce() {
    var repeated = new ArrayList<Outcome>();
    for (int i = 0; i < 5; i++) {
      repeated.addAll(KITCHEN.subList(0, 40));
    }
    assertThatThrownBy(() -> GainTrainer.train(repeated, "a/a", "b/b", SEED))
        .hasMessageContaining("200 outcomes have only 40 different prompts");
  }

  private static RouterCheck check(RouterFile router, List<Outcome> outcomes, double threshold) {
    return RouterCheck.of(
        router.model(),
        router.digest(),
        outcomes,
        "data",
        threshold,
        0.05,
        0.05,
        Instant.ofEpochMilli(1_790_000_000_000L));
  }

  @Test
  void aCurveOfChanceHasHalfTheAreaAndThatOfTheOracleIsTheGreatest() {
    double[] gains = KITCHEN.stream().mapToDouble(Outcome::gain).toArray();
    assertThat(GainCurve.of(new double[600], KITCHEN).area()).isCloseTo(0.5, within(1e-12));
    double oracle = GainCurve.of(gains, KITCHEN).area();
    var random = new SplittableRandom(5);
    for (int i = 0; i < 50; i++) {
      double[] scores = random.doubles(600).toArray();
      GainCurve curve = GainCurve.of(scores, KITCHEN);
      assertThat(curve.area()).isLessThan(oracle);
      assertThat(curve.recoveredAt(curve.shareFor(0.5))).isCloseTo(0.5, within(1e-9));
      double[] turned = Arrays.stream(scores).map(score -> -score).toArray();
      assertThat(curve.area() + GainCurve.of(turned, KITCHEN).area()).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void calibrationNeverFallsAndKeepsTheMean() {
    var random = new SplittableRandom(9);
    double[] scores = random.doubles(3_000).toArray();
    double[] values = Arrays.stream(scores).map(s -> random.nextDouble() < s * s ? 1 : 0).toArray();
    Isotonic curve = Isotonic.of(scores, values);
    double last = -1;
    for (double at = -0.5; at < 1.5; at += 0.001) {
      assertThat(curve.of(at)).isGreaterThanOrEqualTo(last);
      last = curve.of(at);
    }
    assertThat(Arrays.stream(scores).map(curve::of).average().orElseThrow())
        .isCloseTo(Arrays.stream(values).average().orElseThrow(), within(0.01));
    assertThat(curve.of(0.5)).isCloseTo(0.25, within(0.1));
  }

  @Test
  void outcomesAreReadFromLinesTablesAndRuns() throws IOException, BadOutcomes {
    assertThat(
            read(
                "o.jsonl",
                """
                {"prompt": "a", "weak": 0, "strong": 1.0, "domain": "x"}

                {"prompt": "b", "cheap": true, "strong": 0.5, "cheap_cost": 0.1, "strong_cost": 2}
                """))
        .containsExactly(
            new Outcome("a", "x", 0, 1),
            new Outcome("b", "", 1, 0.5, Optional.of(new Outcome.Costs(0.1, 2))));
    assertThat(read("o.csv", "prompt,cheap,strong\n\"a, \"\"b\"\"\nc\",False,True\n"))
        .containsExactly(new Outcome("a, \"b\"\nc", "", 0, 1));
    assertThat(
            read(
                "items.jsonl",
                """
                {"id":"1","prompt":"p","slices":{"domain":"d"},"candidate":{"pass_rate":0.0},"incumbent":{"pass_rate":1.0}}
                {"id":"2","prompt":"q","slices":{},"candidate":{"unjudged":"cut"},"incumbent":{"pass_rate":1.0}}
                """))
        .containsExactly(new Outcome("p", "d", 0, 1));
  }

  @Test
  void badOutcomesAreNamedByTheirLines() {
    refused(
        "n.jsonl", "{\"prompt\":\"a\",\"cheap\":\"NaN\",\"strong\":1}", ":1: cheap is no number");
    refused(
        "j.jsonl",
        "{\"prompt\":\"a\",\"cheap\":1,\"strong\":1}\n{\"prompt\":\"a\",\"cheap\":NaN}",
        "j.jsonl:2: not valid JSON at column 26: Non-standard token 'NaN'");
    refused("r.jsonl", "{\"prompt\":\"a\",\"cheap\":7,\"strong\":1}", "scores are from 0 to 1");
    refused("m.jsonl", "{\"prompt\":\"a\",\"cheap\":1}", ":1: an outcome has a score strong");
    refused("u.jsonl", "{\"promt\":\"a\"}", "unknown member \"promt\"; known: prompt");
    refused("b.jsonl", "{\"prompt\":\"a\"", ":1: ");
    refused("c.csv", "prompt,cheap,strnog\n", "near: strong");
    refused("f.csv", "prompt,cheap,strong\na,1\n", "2 fields under 3 columns");
    refused(
        "q.csv", "prompt,cheap,strong\r\n\"a\r\nb\",1,1\r\nc,2,1\r\n", "q.csv:4: the score cheap");
    refused("l.csv", "prompt,cheap,strong\n\"a\nb\",0,1\n\nc,1\n", "l.csv:5: row 2 has 2 fields");
    refused(
        "o.csv",
        "prompt,cheap,strong\na,0,1\n\"b,0,1\nc,0,1\n",
        "o.csv:3: a quote opens in this row, and none closes it");
    refused("e.jsonl", "\n\n", "has no outcomes");
    refused("e.csv", "", "has no outcomes");
    refused(
        "h.jsonl",
        "{\"prompt\":\"a\",\"cheap\":1,\"strong\":1,\"strong_cost\":\"x\"}",
        ":1: the costs of both targets are known, or of neither");
    assertThatThrownBy(() -> Outcomes.read(folder)).hasMessageContaining("is a folder");
    refused(
        "k.jsonl",
        "{\"prompt\":\"a\",\"cheap\":1,\"strong\":1,\"cheap_cost\":-1,\"strong_cost\":1}",
        "a cost is not less than 0");
  }

  private static void refused(String name, String text, String told) {
    assertThatThrownBy(() -> read(name, text))
        .isInstanceOf(BadOutcomes.class)
        .hasMessageContaining(told);
  }

  private static List<Outcome> read(String name, String text) throws IOException, BadOutcomes {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return Outcomes.read(file).outcomes();
  }

  // --- published data ---

  @Test
  void routeLlmTablesAsPublished() throws IOException {
    assumeThat(Bench.DATA).as("the published outcomes").isDirectory();
    var published = Json.parse(Files.readAllBytes(Bench.DATA.resolve("expected.json")));
    List<Outcome> gsm = Bench.gsm8k();
    assertThat(gsm).hasSize(1_307);
    assertThat(100 * mean(gsm, false)).isCloseTo(63.734, within(5e-4));
    assertThat(100 * mean(gsm, true)).isCloseTo(85.769, within(5e-4));
    List<Outcome> mmlu = Bench.mmlu();
    same(gsm, published.path("gsm8k_decontaminated"));
    same(mmlu, published.path("mmlu_stored_domains_decontaminated"));
    var whole = published.path("gsm8k_before_decontamination");
    List<Outcome> all = Bench.gsm8k(Set.of());
    assertThat(all).hasSize(whole.path("n").asInt());
    assertThat(100 * mean(all, false))
        .isCloseTo(whole.path("weak_accuracy").asDouble(), within(1e-9));
    assertThat(100 * mean(all, true))
        .isCloseTo(whole.path("strong_accuracy").asDouble(), within(1e-9));
    // Domains are told before contaminated prompts are taken out; 41 of the 57 are stored.
    List<Outcome> domains = Bench.mmlu(Set.of());
    assertThat(published.path("mmlu_per_domain").size()).isEqualTo(41);
    published
        .path("mmlu_per_domain")
        .properties()
        .forEach(domain ->
            same(
                domains.stream().filter(o -> o.domain().equals(domain.getKey())).toList(),
                domain.getValue()));
    assertThat(area(gsm, true)).isCloseTo(0.598, within(5e-4));
    assertThat(area(mmlu, true)).isCloseTo(0.554, within(5e-4));
    assertThat(area(gsm, false)).isCloseTo(1.121, within(5e-4));
    assertThat(area(mmlu, false)).isCloseTo(1.412, within(5e-4));
  }

  /** Both accuracies, and who of the two was right how often. */
  private static void same(List<Outcome> found, JsonNode wanted) {
    assertThat(found).hasSize(wanted.path("n").asInt());
    assertThat(100 * mean(found, false))
        .isCloseTo(wanted.path("weak_accuracy").asDouble(), within(1e-9));
    assertThat(100 * mean(found, true))
        .isCloseTo(wanted.path("strong_accuracy").asDouble(), within(1e-9));
    assertThat(
            List.of(count(found, 1, 1), count(found, 0, 1), count(found, 1, 0), count(found, 0, 0)))
        .containsExactly(
            wanted.path("both_correct").asLong(),
            wanted.path("only_strong").asLong(),
            wanted.path("only_weak").asLong(),
            wanted.path("both_wrong").asLong());
  }

  private static long count(List<Outcome> outcomes, double cheap, double strong) {
    return outcomes.stream().filter(o -> o.cheap() == cheap && o.strong() == strong).count();
  }

  @Test
  void mtBenchScoresAsPublished() throws IOException {
    Path data = Bench.DATA.resolve("mt_bench");
    assumeThat(data).as("the published judgements").isDirectory();
    Set<String> contaminated = Bench.contaminated("mt_bench");
    Set<Integer> without = new HashSet<>();
    for (String line : Files.readAllLines(data.resolve("question.jsonl"))) {
      var question = Json.parse(line);
      if (contaminated.contains(question.path("turns").path(0).asString())) {
        without.add(question.path("question_id").asInt());
      }
    }
    Map<String, DoubleSummaryStatistics> scores = new HashMap<>();
    for (String line : Files.readAllLines(data.resolve("judgements.jsonl"))) {
      var judged = Json.parse(line);
      if (!without.contains(judged.path("question_id").asInt())) {
        scores
            .computeIfAbsent(judged.path("model").asString(), _ -> new DoubleSummaryStatistics())
            .accept(judged.path("score").asDouble());
      }
    }
    assertThat(without).hasSize(8);
    assertThat(scores.get("gpt-4-1106-preview").getAverage()).isCloseTo(9.2118, within(5e-5));
    assertThat(scores.get("mistralai/Mixtral-8x7B-Instruct-v0.1").getAverage())
        .isCloseTo(8.28125, within(5e-6));
  }

  private static double mean(List<Outcome> outcomes, boolean strong) {
    return outcomes.stream()
        .mapToDouble(o -> strong ? o.strong() : o.cheap())
        .average()
        .orElseThrow();
  }

  private static double area(List<Outcome> outcomes, boolean byLength) {
    double[] scores =
        outcomes.stream().mapToDouble(o -> byLength ? o.prompt().length() : o.gain()).toArray();
    return GainCurve.of(scores, outcomes).area();
  }

  @Test
  void onUnseenProblemsItIsBetterThanChance() throws IOException {
    assumeThat(Bench.DATA).as("the published outcomes").isDirectory();
    List<Outcome> outcomes = Bench.gsm8k();
    // Two folds only, so that this takes seconds; bench/gain has the figures that are quoted.
    double[] scores = Bench.trained(outcomes, Folds.byPrompt(outcomes, 2, 1));
    assertThat(GainCurve.of(scores, outcomes).area()).isGreaterThan(0.58);
    double meanEstimate = Arrays.stream(scores).average().orElseThrow();
    assertThat(meanEstimate).isCloseTo(mean(outcomes, true) - mean(outcomes, false), within(0.03));
  }

  @Test
  void cascadePointsAsPublished() throws IOException {
    Path data = Path.of("../shared/evals/frugalgpt");
    assumeThat(data).as("the published points").isDirectory();
    for (String task : List.of("HEADLINES", "AGNEWS", "SCIQ")) {
      List<List<String>> rows =
          CommaTable.rows(Files.readString(data.resolve("summary_" + task + "_e8_full_2024.csv")));
      List<String> header = rows.getFirst();
      var single = new ArrayList<CostHull.Point>();
      var cascade = new ArrayList<CostHull.Point>();
      for (List<String> row : rows.subList(1, rows.size())) {
        (row.get(header.indexOf("Method")).equals("FrugalGPT") ? cascade : single)
            .add(
                new CostHull.Point(
                    Double.parseDouble(row.get(header.indexOf("Test_cost"))),
                    Double.parseDouble(row.get(header.indexOf("Test_acc")))));
      }
      var expected =
          Json.parse(Files.readAllBytes(data.resolve("expected.json"))).path(task + "_e8");
      List<CostHull.Point> front = CostHull.front(single);
      CostHull.Point best = front.getLast();
      assertThat(front).hasSize(expected.path("single_model_pareto_front").size());
      assertThat(best.quality()).isEqualTo(expected.path("best_single_accuracy").asDouble());
      CostHull.Point least =
          CostHull.front(cascade).stream()
              .filter(point -> point.quality() >= best.quality())
              .findFirst()
              .orElseThrow();
      assertThat(100 * (1 - least.cost() / best.cost()))
          .isCloseTo(
              expected
                  .path("cheapest_cascade_at_least_as_accurate")
                  .path("cost_saving_percent")
                  .asDouble(),
              within(1e-3));
      assertThat(CostHull.of(cascade).average())
          .isGreaterThan(CostHull.of(single).average() - 0.05);
    }
  }
}
