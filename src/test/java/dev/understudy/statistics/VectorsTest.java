package dev.understudy.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds every formula to the published worked examples in the folder of shared data; skipped where
 * that is missing.
 */
final class VectorsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("understudy.shared", "../shared")).resolve("evals/stat_vectors");

  @BeforeEach
  void needsTheFolder() {
    assumeTrue(Files.isDirectory(FOLDER), "the shared data is not here: " + FOLDER);
  }

  private static JsonNode read(String file) {
    try {
      return JsonMapper.shared().readTree(Files.readAllBytes(FOLDER.resolve(file)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void same(Interval found, JsonNode wanted, double tolerance) {
    assertThat(found.lower()).isCloseTo(wanted.get(0).asDouble(), within(tolerance));
    assertThat(found.upper()).isCloseTo(wanted.get(1).asDouble(), within(tolerance));
  }

  @Test
  void sharesHaveTheIntervalsOfNewcombe1998() {
    JsonNode file = read("proportions.json");
    for (JsonNode row : file.get("single")) {
      long x = row.get("x").asLong();
      long n = row.get("n").asLong();
      double level = row.get("level").asDouble();
      same(Proportions.wilson(x, n, level), row.get("wilson_published"), 5.1e-5);
      same(Proportions.wilson(x, n, level), row.get("wilson"), 1e-9);
      same(Proportions.clopperPearson(x, n, level), row.get("clopper_pearson_published"), 5.1e-5);
      same(Proportions.clopperPearson(x, n, level), row.get("clopper_pearson"), 1e-9);
    }
    for (JsonNode row : file.get("difference")) {
      Interval found =
          Proportions.difference(
              row.get("x1").asLong(),
              row.get("n1").asLong(),
              row.get("x2").asLong(),
              row.get("n2").asLong(),
              row.get("level").asDouble());
      same(found, row.get("newcombe_score_published"), 5.1e-5);
      same(found, row.get("newcombe_score"), 1e-9);
    }
  }

  @Test
  void pairsHaveTheFiguresOfAgresti() {
    JsonNode row = read("paired.json").get("mcnemar").get(0);
    var pairs =
        new PairedOutcomes(
            row.get("n11").asLong(),
            row.get("n10").asLong(),
            row.get("n01").asLong(),
            row.get("n00").asLong());
    JsonNode wanted = row.get("computed");
    assertThat(pairs.difference()).isCloseTo(wanted.get("difference").asDouble(), within(1e-12));
    assertThat(pairs.standardError())
        .isCloseTo(wanted.get("standard_error").asDouble(), within(1e-12));
    same(pairs.wald(0.95), wanted.get("ci95"), 1e-9);
    assertThat(pairs.chiSquare()).isCloseTo(wanted.get("chi_square").asDouble(), within(1e-9));
    assertThat(pairs.chiSquareCorrected())
        .isCloseTo(wanted.get("chi_square_continuity_corrected").asDouble(), within(1e-9));
    assertThat(pairs.exactP()).isCloseTo(wanted.get("exact_two_sided_p").asDouble(), within(1e-12));
    JsonNode published = row.get("published");
    assertThat(pairs.chiSquare())
        .isCloseTo(published.get("mcnemar_chi_square").asDouble(), within(0.005));
    same(pairs.wald(0.95), published.get("ci95"), 5e-4);
  }

  @Test
  void nonInferiorityIsDecidedAsComputed() {
    for (JsonNode row : read("paired.json").get("non_inferiority_computed")) {
      var pairs =
          new PairedOutcomes(
              row.get("both").asLong(),
              row.get("only_candidate").asLong(),
              row.get("only_incumbent").asLong(),
              row.get("neither").asLong());
      double margin = row.get("margin").asDouble();
      assertThat(pairs.nonInferiorityP(margin))
          .isCloseTo(row.get("one_sided_p").asDouble(), within(1e-9));
      assertThat(pairs.lowerBound(0.95))
          .isCloseTo(row.get("lower_95_one_sided").asDouble(), within(1e-9));
      assertThat(pairs.lowerBound(0.95) > -margin)
          .isEqualTo(row.get("non_inferior_at_0.05").asBoolean());
    }
  }

  @Test
  void workedExamplesOnPublishedRunsComeOutAlike() {
    JsonNode file = read("worked_examples.json");
    int seen = 0;
    for (JsonNode example : file.get("ifeval")) {
      JsonNode row = example.get("prompt_level");
      var pairs =
          new PairedOutcomes(
              row.get("both").asLong(),
              row.get("only_candidate").asLong(),
              row.get("only_incumbent").asLong(),
              row.get("neither").asLong());
      assertThat(pairs.pairs()).isEqualTo(row.get("n").asLong());
      assertThat(pairs.difference()).isCloseTo(row.get("difference").asDouble(), within(1e-9));
      // The file's errors have n - 1 below, as those of a mean of numbers.
      double n = pairs.pairs();
      double error = pairs.differences().standardError();
      assertThat(error).isCloseTo(row.get("paired_standard_error").asDouble(), within(1e-9));
      assertThat(pairs.standardError() * Math.sqrt(n / (n - 1))).isCloseTo(error, within(1e-12));
      assertThat(pairs.unpairedStandardError() * Math.sqrt(n / (n - 1)))
          .isCloseTo(row.get("unpaired_standard_error").asDouble(), within(1e-9));
      same(
          Interval.around(pairs.difference(), Curves.normalQuantile(0.975) * error),
          row.get("ci95"),
          1e-9);
      assertThat(pairs.exactP()).isCloseTo(row.get("mcnemar_exact_p").asDouble(), within(1e-9));
      double lower = pairs.difference() - Curves.normalQuantile(0.95) * error;
      assertThat(lower).isCloseTo(row.get("one_sided_95_lower").asDouble(), within(1e-9));
      assertThat(lower > -row.get("margin").asDouble())
          .isEqualTo(row.get("non_inferior").asBoolean());
      seen++;
    }
    assertThat(seen).isPositive();
  }

  /** The examples' own figures, from the answers and verdicts that they were computed from. */
  @Test
  void workedExamplesComeOutAlikeFromTheStoredRuns() throws IOException {
    JsonNode file = read("worked_examples.json");
    for (JsonNode example : file.get("ifeval")) {
      Path folder = FOLDER.resolveSibling("ifeval").resolve(example.get("language").asString());
      Map<String, JsonNode> incumbent = rows(folder, example.get("incumbent"), "key");
      var values = new ArrayList<ClusteredSample.Value>();
      rows(folder, example.get("candidate"), "key")
          .forEach((key, row) -> {
            String metric = example.get("metric").asString();
            JsonNode other = incumbent.getOrDefault(key, row).get(metric);
            for (int i = 0; i < row.get(metric).size(); i++) {
              int one = row.get(metric).get(i).asBoolean() ? 1 : 0;
              values.add(new ClusteredSample.Value(key, one - (other.get(i).asBoolean() ? 1 : 0)));
            }
          });
      JsonNode wanted = example.get("instruction_level");
      ClusteredSample found = ClusteredSample.of(values);
      double[] plain = values.stream().mapToDouble(ClusteredSample.Value::score).toArray();
      assertThat(List.of(found.count(), found.clusters()))
          .containsExactly(wanted.get("n").asInt(), wanted.get("clusters").asInt());
      near(found.mean(), wanted.get("difference"));
      near(Sample.of(plain).standardError(), wanted.get("naive_standard_error"));
      near(found.standardError(), wanted.get("clustered_standard_error"));
      near(found.correctedError(), wanted.get("clustered_standard_error_finite_corrected"));
    }
    for (JsonNode example : file.get("alpaca_eval")) {
      Path folder =
          FOLDER.resolveSibling("alpaca_eval/annotations").resolve(example.get("judge").asString());
      Map<String, JsonNode> incumbent = rows(folder, example.get("incumbent"), "index");
      var ours = new ArrayList<Double>();
      var theirs = new ArrayList<Double>();
      rows(folder, example.get("candidate"), "index")
          .forEach((key, row) -> {
            JsonNode other = incumbent.getOrDefault(key, row).get("preference");
            if (incumbent.containsKey(key)
                && row.get("preference").isNumber()
                && other.isNumber()) {
              ours.add(won(row.get("preference")));
              theirs.add(won(other));
            }
          });
      double[] one = ours.stream().mapToDouble(d -> d).toArray();
      double[] other = theirs.stream().mapToDouble(d -> d).toArray();
      double[] off = new double[one.length];
      for (int i = 0; i < off.length; i++) {
        off[i] = one[i] - other[i];
      }
      Sample pairs = Sample.of(off);
      assertThat(off).hasSize(example.get("n").asInt());
      near(pairs.mean(), example.get("difference_of_win_rates"));
      near(pairs.standardError(), example.get("paired_standard_error"));
      near(
          Math.hypot(Sample.of(one).standardError(), Sample.of(other).standardError()),
          example.get("unpaired_standard_error"));
      double lower = pairs.mean() - Curves.normalQuantile(0.95) * pairs.standardError();
      near(lower, example.get("one_sided_95_lower"));
      assertThat(lower > -example.get("margin").asDouble())
          .isEqualTo(example.get("non_inferior").asBoolean());
    }
  }

  private static void near(double found, JsonNode wanted) {
    assertThat(found).isCloseTo(wanted.asDouble(), within(1e-9));
  }

  /** A preference of 2 is the model's, 1 the baseline's, 0 an old way to write a draw. */
  private static double won(JsonNode preference) {
    return preference.asDouble() == 0 ? 0.5 : preference.asDouble() - 1;
  }

  private static Map<String, JsonNode> rows(Path folder, JsonNode model, String key)
      throws IOException {
    Map<String, JsonNode> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(folder.resolve(model.asString() + ".jsonl"))) {
      JsonNode row = JsonMapper.shared().readTree(line);
      rows.put(row.get(key).asString(), row);
    }
    return rows;
  }

  @Test
  void strengthsAreThoseThatStiglersCitationsWereFittedTo() {
    JsonNode file = read("bradley_terry.json");
    var meetings = new ArrayList<BradleyTerry.Meeting>();
    for (JsonNode row : file.get("wins")) {
      meetings.add(
          new BradleyTerry.Meeting(
              row.get("player1").asString(),
              row.get("player2").asString(),
              row.get("win1").asDouble(),
              row.get("win2").asDouble()));
    }
    Map<String, BradleyTerry.Strength> found =
        BradleyTerry.fit(meetings, file.get("reference").asString());
    double tolerance = file.get("tolerance").asDouble();
    for (var wanted : file.get("published_ability").properties()) {
      BradleyTerry.Strength strength = found.get(wanted.getKey());
      assertThat(strength.estimate())
          .isCloseTo(wanted.getValue().get("estimate").asDouble(), within(tolerance + 1e-6));
      assertThat(strength.standardError())
          .isCloseTo(wanted.getValue().get("standard_error").asDouble(), within(tolerance + 1e-6));
      assertThat(strength.estimate())
          .isCloseTo(file.get("computed_ability").get(wanted.getKey()).asDouble(), within(1e-9));
    }
  }

  @Test
  void kappaIsAsPublished() {
    for (JsonNode row : read("kappa.json")) {
      double wanted = row.get("published").asDouble();
      if (row.has("table")) {
        JsonNode table = row.get("table");
        long[][] counts = new long[table.size()][table.size()];
        for (int i = 0; i < table.size(); i++) {
          for (int j = 0; j < table.size(); j++) {
            counts[i][j] = table.get(i).get(j).asLong();
          }
        }
        assertThat(Agreement.kappa(counts)).isCloseTo(wanted, within(1e-12));
      } else {
        assertThat(Agreement.kappa(texts(row.get("a")), texts(row.get("b"))))
            .isCloseTo(wanted, within(1e-12));
      }
    }
  }

  private static List<String> texts(JsonNode array) {
    var list = new ArrayList<String>();
    array.forEach(item -> list.add(item.asString()));
    return list;
  }

  @Test
  void passAtKIsUnbiased() {
    for (JsonNode row : read("pass_at_k.json").get("vectors")) {
      assertThat(Attempts.passAt(row.get("n").asInt(), row.get("c").asInt(), row.get("k").asInt()))
          .isCloseTo(row.get("expected").asDouble(), within(1e-12));
    }
  }

  @Test
  void clusteredErrorsAreThoseOfMiller2024() {
    JsonNode file = read("clustered_se.json");
    var values = new ArrayList<ClusteredSample.Value>();
    for (JsonNode row : file.get("values")) {
      values.add(
          new ClusteredSample.Value(row.get("cluster").asString(), row.get("score").asDouble()));
    }
    ClusteredSample found = ClusteredSample.of(values);
    assertThat(found.mean()).isCloseTo(file.get("mean").asDouble(), within(1e-9));
    assertThat(found.standardError()).isCloseTo(file.get("clustered_se").asDouble(), within(1e-9));
    assertThat(found.correctedError())
        .isCloseTo(file.get("clustered_se_finite_corrected").asDouble(), within(1e-9));
    double[] plain = values.stream().mapToDouble(ClusteredSample.Value::score).toArray();
    assertThat(Sample.of(plain).standardError())
        .isCloseTo(file.get("naive_se").asDouble(), within(1e-9));
  }

  @Test
  void sampleSizesAreThoseOfMiller2024() {
    JsonNode file = read("sample_size.json");
    double alpha = file.get("alpha").asDouble();
    double power = file.get("power").asDouble();
    double effect = file.get("minimum_detectable_effect").asDouble();
    double between = file.get("omega2").asDouble();
    assertThat(Planning.pairs(between, 0, 0, 1, effect, alpha, power))
        .isCloseTo(file.get("n_with_conditional_variance_zero").asDouble(), within(1e-6));
    assertThat(
            Planning.pairs(
                between,
                file.get("sigma2_A").asDouble(),
                file.get("sigma2_B").asDouble(),
                file.get("K").asInt(),
                effect,
                alpha,
                power))
        .isCloseTo(file.get("n").asDouble(), within(1e-6));
  }

  @Test
  void mixturesAndBoundsAreThoseOfConfseq() {
    JsonNode file = read("confidence_sequences.json").get("confseq");
    double v = file.get("v_opt").asDouble();
    double alpha = file.get("alpha").asDouble();
    JsonNode normal = file.get("normal_mixture");
    assertThat(Mixture.bestRho(v, alpha))
        .isCloseTo(normal.get("two_sided_best_rho").asDouble(), within(1e-5));
    mixture(Mixture.normal(v, alpha), normal, "two_sided_");
    mixture(Mixture.normalAbove(v, alpha), normal, "one_sided_");
    JsonNode exponential = file.get("gamma_exponential");
    mixture(Mixture.gammaExponential(v, alpha, exponential.get("c").asDouble()), exponential, "");
    JsonNode poisson = file.get("gamma_poisson");
    mixture(Mixture.gammaPoisson(v, alpha, poisson.get("c").asDouble()), poisson, "");
    JsonNode beta = file.get("beta_binomial");
    double g = beta.get("g").asDouble();
    double h = beta.get("h").asDouble();
    mixture(Mixture.betaBinomial(v, alpha, g, h), beta, "two_sided_");
    mixture(Mixture.betaBinomialAbove(v, alpha, g, h), beta, "one_sided_");
    for (JsonNode row : file.get("poly_stitching_bound")) {
      assertThat(
              Mixture.stitched(
                  row.get("v").asDouble(),
                  row.get("alpha").asDouble(),
                  row.get("v_min").asDouble(),
                  row.get("c").asDouble()))
          .isCloseTo(row.get("bound").asDouble(), within(1e-5));
    }
    for (JsonNode row : file.get("bernoulli_confidence_interval")) {
      Interval found =
          Sequences.share(
              row.get("successes").asLong(),
              row.get("trials").asLong(),
              row.get("alpha").asDouble(),
              row.get("t_opt").asDouble());
      assertThat(found.lower()).isCloseTo(row.get("lower").asDouble(), within(1e-5));
      assertThat(found.upper()).isCloseTo(row.get("upper").asDouble(), within(1e-5));
    }
  }

  private static void mixture(Mixture mixture, JsonNode wanted, String prefix) {
    assertThat(mixture.log(10, 100))
        .isCloseTo(wanted.get(prefix + "log_mixture(s=10,v=100)").asDouble(), within(1e-5));
    assertThat(mixture.bound(100, 0.05))
        .isCloseTo(wanted.get(prefix + "bound(v=100)").asDouble(), within(1e-5));
  }

  @Test
  void asymptoticSequencesAreThoseOfThePaper() {
    for (JsonNode row : read("confidence_sequences.json").get("asymptotic_cs").get("vectors")) {
      double mean = row.get("mean").asDouble();
      double variance = row.get("variance").asDouble();
      long count = row.get("count").asLong();
      double alpha = row.get("alpha").asDouble();
      Interval found =
          row.get("rho").isNull()
              ? Sequences.asymptotic(mean, variance, count, alpha)
              : Sequences.asymptotic(mean, variance, count, alpha, row.get("rho").asDouble());
      assertThat(found.lower()).isCloseTo(row.get("lower").asDouble(), within(1e-9));
      assertThat(found.upper()).isCloseTo(row.get("upper").asDouble(), within(1e-9));
    }
  }

  @Test
  void metricsAreClassifiedAsKayentaDoes() {
    JsonNode rows = read("mann_whitney_classifier.json");
    assertThat(rows.size()).isEqualTo(22);
    for (JsonNode row : rows) {
      double[] canary = numbers(row.get("experiment"));
      double[] baseline = numbers(row.get("control"));
      boolean replaced = row.get("nan_strategy").asString().equals("Replace");
      if (replaced && canary.length == 0) {
        // Missing values stand for zeros there; whoever has no data at all is compared to itself.
        canary = baseline;
      }
      var comparison =
          new MetricComparison(
              MetricComparison.Direction.valueOf(
                  row.get("direction").asString().toUpperCase(Locale.ROOT)),
              row.get("tolerance").asDouble(),
              row.get("confidence_level").asDouble(),
              row.get("effect_size_measure").asString().equals("cles")
                  ? MetricComparison.Measure.SUPERIORITY
                  : MetricComparison.Measure.MEAN_RATIO,
              interval(row.get("effect_size_thresholds")),
              interval(row.get("critical_thresholds")));
      MetricComparison.Result found = comparison.compare(canary, baseline);
      String name = row.get("name").asString();
      assertThat(found.result().name().replace("_", ""))
          .as(name)
          .isEqualToIgnoringCase(row.get("expected_classification").asString());
      if (row.get("is_critical_metric").asBoolean() && !row.get("expected_critical").isNull()) {
        assertThat(found.critical()).as(name).isEqualTo(row.get("expected_critical").asBoolean());
      }
      if (row.path("computed").isObject()) {
        shifts(name, row.get("computed"), canary, baseline, row.get("confidence_level").asDouble());
      }
    }
  }

  /** Ends that the solver left crossed, within its tolerance, are told in order here. */
  private static void shifts(
      String name, JsonNode wanted, double[] canary, double[] baseline, double level) {
    MannWhitney found = MannWhitney.of(canary, baseline, level);
    double one = wanted.get("ci_lower").asDouble();
    double other = wanted.get("ci_upper").asDouble();
    // Six digits are stored, and two solvers may stop anywhere within their tolerance.
    assertThat(found.interval().lower()).as(name).isCloseTo(Math.min(one, other), within(1.1e-4));
    assertThat(found.interval().upper()).as(name).isCloseTo(Math.max(one, other), within(1.1e-4));
    // Between two neighbouring differences the ranks are the same: any point there is the estimate.
    double least = Math.min(found.shift(), wanted.get("estimate").asDouble()) + 1.1e-4;
    double most = Math.max(found.shift(), wanted.get("estimate").asDouble()) - 1.1e-4;
    for (double x : canary) {
      for (double y : baseline) {
        assertThat(x - y > least && x - y < most).as("%s: %s - %s", name, x, y).isFalse();
      }
    }
  }

  @Test
  void theChanceOfALargerValueIsAsKayentaHasIt() {
    assertThat(read("cles.json").size()).isEqualTo(4);
    for (JsonNode row : read("cles.json")) {
      assertThat(
              MannWhitney.superiority(numbers(row.get("experiment")), numbers(row.get("control"))))
          .as(row.get("name").asString())
          .isCloseTo(
              row.get("expected").asDouble(), within(row.get("tolerance").asDouble() + 1e-12));
    }
  }

  private static Interval interval(JsonNode pair) {
    double first = pair.get(0).asDouble();
    double second = pair.get(1).asDouble();
    return new Interval(Math.min(first, second), Math.max(first, second));
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }
}
