package dev.understudy.gain;

import dev.understudy.statistics.Bootstrap;
import dev.understudy.statistics.ClusteredSample;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.PairedOutcomes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Puts a router to the test that any candidate takes: over outcomes that it did not learn from, is
 * it no worse than the strong model alone, by more than a margin?
 *
 * @param proof the verdict with its figures
 * @param saving which part of the strong model's cost is saved, with its 95 % interval; empty where
 *     the outcomes tell no costs
 * @param learned outcomes that were left out since the model had learned from them
 * @param repeated outcomes of a prompt that was there before: they count as one case with it
 * @param area under the router's curve over these outcomes (APGR); empty if the strong model was no
 *     better over them
 */
public record RouterCheck(
    Proof proof, Optional<Saving> saving, int learned, int repeated, Optional<Double> area) {

  /** A saving of cost: 0.4 is forty per cent less. */
  public record Saving(double share, Interval interval) {}

  /** Fewer outcomes decide nothing. */
  public static final int CASES_MIN = 30;

  private static final int DRAWS = 2_000;
  private static final long SEED = 20_260_131;

  /**
   * Checks.
   *
   * @param digest of the model's file
   * @param data digest of the outcomes' file
   * @param threshold estimates above it go to the strong model
   * @param margin more than 0, less than 1
   * @param alpha more than 0, less than a half
   * @throws IllegalArgumentException if too few outcomes are left
   */
  public static RouterCheck of(
      GainModel model,
      String digest,
      List<Outcome> outcomes,
      String data,
      double threshold,
      double margin,
      double alpha,
      Instant at) {
    List<Outcome> all =
        outcomes.stream().filter(outcome -> !model.learnedFrom(outcome.prompt())).toList();
    int learned = outcomes.size() - all.size();
    List<Outcome> unseen = different(all);
    if (unseen.size() < CASES_MIN) {
      throw new IllegalArgumentException(
          "%d outcomes are left after the %d that the model learned from%s: at least %d are needed"
              .formatted(
                  all.size(),
                  learned,
                  unseen.size() < all.size() ? ", of " + unseen.size() + " different prompts" : "",
                  CASES_MIN));
    }
    double[] estimates =
        unseen.stream().mapToDouble(o -> model.gain(o.prompt(), o.domain())).toArray();
    boolean[] toStrong = new boolean[estimates.length];
    double router = 0;
    int strongCalls = 0;
    var differences = new ArrayList<ClusteredSample.Value>();
    for (int i = 0; i < estimates.length; i++) {
      Outcome outcome = unseen.get(i);
      toStrong[i] = estimates[i] > threshold;
      double got = toStrong[i] ? outcome.strong() : outcome.cheap();
      router += got / estimates.length;
      strongCalls += toStrong[i] ? 1 : 0;
      differences.add(new ClusteredSample.Value(Integer.toString(i), got - outcome.strong()));
    }
    Interval interval = interval(unseen, toStrong, differences, 1 - 2 * alpha);
    Proof.Verdict verdict =
        interval.lower() > -margin
            ? Proof.Verdict.QUALIFIED
            : interval.upper() < -margin ? Proof.Verdict.REJECTED : Proof.Verdict.UNDECIDED;
    double gained = unseen.stream().mapToDouble(Outcome::gain).sum();
    return new RouterCheck(
        new Proof(
            digest,
            data,
            at,
            verdict,
            threshold,
            (double) strongCalls / estimates.length,
            estimates.length,
            router,
            unseen.stream().mapToDouble(Outcome::strong).average().orElse(0),
            interval.lower(),
            interval.upper(),
            margin,
            alpha),
        saving(unseen, toStrong),
        learned,
        all.size() - unseen.size(),
        gained > 0 ? Optional.of(GainCurve.of(estimates, unseen).area()) : Optional.empty());
  }

  /** One outcome for each prompt, its means: the same prompt again is no further evidence. */
  private static List<Outcome> different(List<Outcome> outcomes) {
    Map<String, List<Outcome>> byPrompt = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      byPrompt.computeIfAbsent(outcome.plainPrompt(), _ -> new ArrayList<>()).add(outcome);
    }
    return byPrompt.values().stream().map(RouterCheck::mean).toList();
  }

  private static Outcome mean(List<Outcome> same) {
    Outcome first = same.getFirst();
    if (same.size() == 1) {
      return first;
    }
    boolean costed = same.stream().allMatch(outcome -> outcome.costs().isPresent());
    return new Outcome(
        first.prompt(),
        first.domain(),
        mean(same, Outcome::cheap),
        mean(same, Outcome::strong),
        costed
            ? Optional.of(
                new Outcome.Costs(
                    mean(same, outcome -> outcome.costs().orElseThrow().cheap()),
                    mean(same, outcome -> outcome.costs().orElseThrow().strong())))
            : Optional.empty());
  }

  private static double mean(List<Outcome> same, ToDoubleFunction<Outcome> of) {
    return same.stream().mapToDouble(of).average().orElseThrow();
  }

  /** As {@code understudy qualify} does it: by the score for yes and no, by Student's t else. */
  private static Interval interval(
      List<Outcome> outcomes,
      boolean[] toStrong,
      List<ClusteredSample.Value> differences,
      double level) {
    long[] counts = new long[4];
    for (int i = 0; i < toStrong.length; i++) {
      Outcome outcome = outcomes.get(i);
      double router = toStrong[i] ? outcome.strong() : outcome.cheap();
      if ((router != 0 && router != 1) || (outcome.strong() != 0 && outcome.strong() != 1)) {
        return ClusteredSample.of(differences).interval(level).within(-1, 1);
      }
      counts[(router == 1 ? 0 : 2) + (outcome.strong() == 1 ? 0 : 1)]++;
    }
    return new PairedOutcomes(counts[0], counts[1], counts[2], counts[3]).tango(level);
  }

  private static Optional<Saving> saving(List<Outcome> outcomes, boolean[] toStrong) {
    if (outcomes.stream().anyMatch(outcome -> outcome.costs().isEmpty())) {
      return Optional.empty();
    }
    double[] paid = new double[toStrong.length];
    double[] full = new double[toStrong.length];
    for (int i = 0; i < paid.length; i++) {
      Outcome.Costs costs = outcomes.get(i).costs().orElseThrow();
      full[i] = costs.strong();
      paid[i] = toStrong[i] ? costs.strong() : costs.cheap();
    }
    if (!(Arrays.stream(full).sum() > 0)) {
      return Optional.empty();
    }
    int[] all = IntStream.range(0, paid.length).toArray();
    return Optional.of(
        new Saving(
            saved(paid, full, all),
            new Bootstrap(DRAWS, SEED)
                .percentile(paid.length, 0.95, drawn -> saved(paid, full, drawn))));
  }

  private static double saved(double[] paid, double[] full, int[] drawn) {
    double some = 0;
    double all = 0;
    for (int i : drawn) {
      some += paid[i];
      all += full[i];
    }
    return all > 0 ? 1 - some / all : 0;
  }
}
