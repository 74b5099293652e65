package dev.understudy.gain;

import dev.understudy.json.Json;
import dev.understudy.statistics.Bootstrap;
import dev.understudy.statistics.Interval;
import dev.understudy.text.CommaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints what routing by gain comes to over RouteLLM's published outcomes, each prompt judged by a
 * model that learned from others, beside simple ways to route: {@code bench/gain}.
 */
public final class Bench {
  static final Path DATA = Path.of("../shared/evals/routellm");
  private static final int FOLDS = 5;
  private static final long SEED = 20_261_127;

  /** A way to give each prompt a score; the highest go to the strong model. */
  record Way(String name, double[] scores) {}

  private Bench() {}

  public static void main(String[] arguments) throws IOException {
    long from = System.nanoTime();
    List<Outcome> gsm = gsm8k();
    List<Outcome> mmlu = mmlu();
    System.out.println(
        "| data | router | APGR | 95 % | APGR by tenths | CPT(50 %) | 95 % | CPT(80 %) | 95 % | AIQ |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    table("GSM8K, by prompt", gsm, Folds.byPrompt(gsm, FOLDS, SEED), true);
    again("GSM8K", gsm, i -> Folds.byPrompt(gsm, FOLDS, SEED + i));
    table("MMLU 41, by prompt", mmlu, Folds.byPrompt(mmlu, FOLDS, SEED), true);
    List<String> domains = mmlu.stream().map(Outcome::domain).toList();
    table("MMLU 41, domains left out", mmlu, Folds.of(domains, FOLDS, SEED), true);
    GainModel model = GainTrainer.train(mmlu, "cheap", "strong", SEED);
    elsewhere(model);
    again("MMLU 41, domains left out", mmlu, i -> Folds.of(domains, FOLDS, SEED + i));
    speed(model, mmlu);
    System.out.printf(
        Locale.ROOT,
        "all of it took %.0f minutes, %.0f of them of a core%n",
        (System.nanoTime() - from) / 60e9,
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toSeconds() / 60.0);
  }

  /** How much hangs on the division into folds: the same with four others. */
  private static void again(String name, List<Outcome> outcomes, IntFunction<Folds> division) {
    double[] areas = new double[4];
    for (int i = 0; i < areas.length; i++) {
      areas[i] = GainCurve.of(trained(outcomes, division.apply(i + 1)), outcomes).area();
    }
    System.out.printf(
        Locale.ROOT,
        "| %s, other divisions | gain | %s | | | | | | | |%n",
        name,
        Arrays.stream(areas)
            .mapToObj(area -> String.format(Locale.ROOT, "%.3f", area))
            .collect(Collectors.joining(", ")));
  }

  /** What was learned from questions with options says of questions of another kind. */
  private static void elsewhere(GainModel model) throws IOException {
    List<Outcome> outcomes = mtBench();
    double[] scores = outcomes.stream().mapToDouble(o -> model.gain(o.prompt(), "")).toArray();
    String name = "MT-Bench, learned from MMLU";
    System.out.println(row(name, new Way("gain", scores), outcomes, byPrompt(outcomes)));
    double[] lengths = outcomes.stream().mapToDouble(o -> o.prompt().length()).toArray();
    System.out.println(row(name, new Way("prompt length", lengths), outcomes, byPrompt(outcomes)));
  }

  private static void table(String name, List<Outcome> outcomes, Folds folds, boolean others) {
    var ways = new ArrayList<Way>();
    ways.add(new Way("gain", trained(outcomes, folds)));
    if (others) {
      ways.add(new Way("nearest 40", nearest(outcomes, folds)));
      ways.add(
          new Way(
              "prompt length", outcomes.stream().mapToDouble(o -> o.prompt().length()).toArray()));
      ways.add(new Way("best single model, mixed by chance", new double[outcomes.size()]));
      var random = new SplittableRandom(SEED);
      ways.add(
          new Way("random", outcomes.stream().mapToDouble(_ -> random.nextDouble()).toArray()));
      ways.add(new Way("oracle", outcomes.stream().mapToDouble(Outcome::gain).toArray()));
    }
    Collection<int[]> groups = name.endsWith("left out") ? byDomain(outcomes) : byPrompt(outcomes);
    ways.forEach(way -> System.out.println(row(name, way, outcomes, groups)));
  }

  private static Collection<int[]> byPrompt(List<Outcome> outcomes) {
    return IntStream.range(0, outcomes.size()).mapToObj(i -> new int[] {i}).toList();
  }

  /** Questions of one domain are alike: they are drawn together. */
  private static Collection<int[]> byDomain(List<Outcome> outcomes) {
    return IntStream.range(0, outcomes.size())
        .boxed()
        .collect(
            Collectors.groupingBy(
                i -> outcomes.get(i).domain(),
                TreeMap::new,
                Collectors.collectingAndThen(
                    Collectors.toList(), l -> l.stream().mapToInt(i -> i).toArray())))
        .values();
  }

  /**
   * One line of the table.
   *
   * @param groups of outcomes that are drawn together for the intervals
   */
  static String row(String name, Way way, List<Outcome> outcomes, Collection<int[]> groups) {
    GainCurve curve = GainCurve.of(way.scores(), outcomes);
    double[] gains = outcomes.stream().mapToDouble(Outcome::gain).toArray();
    List<int[]> all = List.copyOf(groups);
    var bootstrap = new Bootstrap(1_000, SEED);
    double[][] drawn = new double[3][1_000];
    int[] draw = {0};
    Interval area =
        bootstrap.percentile(
            all.size(),
            0.95,
            items -> {
              int[] taken = IntStream.of(items).flatMap(i -> IntStream.of(all.get(i))).toArray();
              GainCurve of = GainCurve.of(way.scores(), gains, taken);
              drawn[1][draw[0]] = of.shareFor(0.5);
              drawn[2][draw[0]] = of.shareFor(0.8);
              draw[0]++;
              return of.area();
            });
    double cheap = outcomes.stream().mapToDouble(Outcome::cheap).average().orElse(0);
    double strong = outcomes.stream().mapToDouble(Outcome::strong).average().orElse(0);
    return String.format(
        Locale.ROOT,
        "| %s, n = %d | %s | %.3f | %.3f–%.3f | %.3f | %.1f %% | %s | %.1f %% | %s | %.4f |",
        name,
        outcomes.size(),
        way.name(),
        curve.area(),
        area.lower(),
        area.upper(),
        curve.areaByTenths(),
        100 * curve.shareFor(0.5),
        range(drawn[1]),
        100 * curve.shareFor(0.8),
        range(drawn[2]),
        curve.quality(cheap, strong, 0.01, 1));
  }

  private static String range(double[] drawn) {
    Arrays.sort(drawn);
    return String.format(Locale.ROOT, "%.1f–%.1f", 100 * drawn[24], 100 * drawn[974]);
  }

  /** Each outcome's estimate by a model that learned from the other folds. */
  static double[] trained(List<Outcome> outcomes, Folds folds) {
    double[] scores = new double[outcomes.size()];
    for (int fold = 0; fold < folds.count(); fold++) {
      GainModel model =
          GainTrainer.train(Outcomes.at(outcomes, folds.others(fold)), "cheap", "strong", SEED);
      for (int i : folds.part(fold)) {
        scores[i] = model.gain(outcomes.get(i).prompt(), outcomes.get(i).domain());
      }
    }
    return scores;
  }

  /** The mean gain of the forty prompts that share most words with it, among the other folds. */
  private static double[] nearest(List<Outcome> outcomes, Folds folds) {
    List<Reading> readings = outcomes.stream().map(o -> Reading.of(o.prompt())).toList();
    double[] scores = new double[outcomes.size()];
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] others = folds.others(fold);
      List<Reading> read = Outcomes.at(readings, others);
      WordScale scale = WordScale.of(read);
      Map<Integer, List<float[]>> index = new HashMap<>();
      for (int i = 0; i < read.size(); i++) {
        float[] values = scale.scaled(read.get(i), read.get(i).words);
        for (int k = 0; k < values.length; k++) {
          if (values[k] > 0) {
            index
                .computeIfAbsent(read.get(i).buckets[k], _ -> new ArrayList<>())
                .add(new float[] {i, values[k]});
          }
        }
      }
      for (int i : folds.part(fold)) {
        double[] alike = new double[others.length];
        float[] values = scale.scaled(readings.get(i), readings.get(i).words);
        for (int k = 0; k < values.length; k++) {
          for (float[] entry : index.getOrDefault(readings.get(i).buckets[k], List.of())) {
            alike[(int) entry[0]] += values[k] * entry[1];
          }
        }
        scores[i] =
            IntStream.range(0, others.length)
                .boxed()
                .sorted((a, b) -> Double.compare(alike[b], alike[a]))
                .limit(40)
                .mapToDouble(j -> outcomes.get(others[j]).gain())
                .average()
                .orElse(0);
      }
    }
    return scores;
  }

  private static void speed(GainModel model, List<Outcome> outcomes) throws IOException {
    Path file = Files.createTempFile("router", ".bin");
    RouterFile.write(model, file);
    double sum = 0;
    long[] nanos = new long[20_000];
    for (int i = 0; i < nanos.length; i++) {
      Outcome outcome = outcomes.get(i % outcomes.size());
      long from = System.nanoTime();
      sum += model.gain(outcome.prompt(), outcome.domain());
      nanos[i] = System.nanoTime() - from;
    }
    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    System.out.printf(
        Locale.ROOT,
        "%na decision takes %.0f µs (median), %.0f µs (p99); the file has %d KiB; mean estimate %.3f%n",
        warm[warm.length / 2] / 1e3,
        warm[warm.length * 99 / 100] / 1e3,
        Files.size(file) >> 10,
        sum / nanos.length);
    Files.delete(file);
  }

  static List<Outcome> gsm8k() throws IOException {
    return gsm8k(contaminated("gsm8k"));
  }

  static List<Outcome> gsm8k(Set<String> without) throws IOException {
    return read(DATA.resolve("gsm8k"), "gsm8k_responses.csv", "", without);
  }

  static List<Outcome> mmlu() throws IOException {
    return mmlu(contaminated("mmlu"));
  }

  static List<Outcome> mmlu(Set<String> without) throws IOException {
    var all = new ArrayList<Outcome>();
    try (var files = Files.list(DATA.resolve("mmlu"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
        String name = file.getFileName().toString();
        all.addAll(
            read(
                file.getParent(),
                name,
                name.substring("mmlu_".length(), name.length() - ".csv".length()),
                without));
      }
    }
    return all;
  }

  /** Each question with its first turn as prompt, and a tenth of its mean score over both turns. */
  static List<Outcome> mtBench() throws IOException {
    Set<String> contaminated = contaminated("mt_bench");
    Path data = DATA.resolve("mt_bench");
    Map<Integer, double[]> scores = new HashMap<>();
    for (String line : Files.readAllLines(data.resolve("judgements.jsonl"))) {
      var judged = Json.parse(line);
      int side = judged.path("model").asString().equals("gpt-4-1106-preview") ? 1 : 0;
      double[] of = scores.computeIfAbsent(judged.path("question_id").asInt(), _ -> new double[4]);
      of[side] += judged.path("score").asDouble() / 10;
      of[2 + side]++;
    }
    var outcomes = new ArrayList<Outcome>();
    for (String line : Files.readAllLines(data.resolve("question.jsonl"))) {
      var question = Json.parse(line);
      String prompt = question.path("turns").path(0).asString();
      double[] of = scores.getOrDefault(question.path("question_id").asInt(), new double[4]);
      if (!contaminated.contains(prompt)) {
        outcomes.add(new Outcome(prompt, "", of[0] / of[2], of[1] / of[3]));
      }
    }
    return outcomes;
  }

  static Set<String> contaminated(String folder) throws IOException {
    Set<String> prompts = new HashSet<>();
    for (String line :
        Files.readAllLines(DATA.resolve(folder).resolve("contaminated_prompts.jsonl"))) {
      prompts.add(Json.parse(line).path("eval_prompt").asString());
    }
    return prompts;
  }

  private static List<Outcome> read(Path folder, String file, String domain, Set<String> without)
      throws IOException {
    List<List<String>> rows = CommaTable.rows(Files.readString(folder.resolve(file)));
    return rows.stream()
        .skip(1)
        .filter(row -> !without.contains(row.get(0)))
        .map(row ->
            new Outcome(
                row.get(0),
                domain,
                row.get(1).equals("True") ? 1 : 0,
                row.get(2).equals("True") ? 1 : 0))
        .toList();
  }
}
