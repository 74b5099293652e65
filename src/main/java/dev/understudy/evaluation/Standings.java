package dev.understudy.evaluation;

import dev.understudy.statistics.Bootstrap;
import dev.understudy.statistics.BradleyTerry;
import dev.understudy.statistics.BradleyTerry.Meeting;
import dev.understudy.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Several candidates against one incumbent, by Bradley and Terry: the strongest first.
 *
 * @param places with the incumbent among them, whose strength is 0
 */
public record Standings(List<Place> places) {
  private static final int DRAWS = 1_000;
  private static final long SEED = 19_520_101;

  /** Half a win for either side keeps who won every time within bounds. */
  private static final double HALF = 0.5;

  /**
   * One of them.
   *
   * @param strength log-odds of doing better than the incumbent on a case
   * @param interval of it, 95 %, by bootstrap over the cases, those of one cluster together
   */
  public record Place(
      String target, double strength, double standardError, Interval interval, String verdict) {}

  public Standings {
    places = List.copyOf(places);
  }

  /** Of runs of one suite against one incumbent. */
  public static Standings of(List<Run> runs) {
    String incumbent = runs.getFirst().incumbent();
    var results = new LinkedHashMap<String, double[]>();
    for (Run run : runs) {
      results.put(run.candidate(), results(run));
    }
    List<int[]> clusters = clusters(runs.getFirst().suite().cases());
    int[] all = IntStream.range(0, clusters.size()).toArray();
    var fitted = BradleyTerry.fit(meetings(results, incumbent, clusters, all), incumbent);
    var places = new ArrayList<Place>();
    places.add(new Place(incumbent, 0, 0, new Interval(0, 0), "incumbent"));
    for (Run run : runs) {
      var strength = fitted.getOrDefault(run.candidate(), new BradleyTerry.Strength(0, 0));
      Interval interval =
          new Bootstrap(DRAWS, SEED)
              .percentile(
                  clusters.size(),
                  0.95,
                  drawn ->
                      BradleyTerry.fit(meetings(results, incumbent, clusters, drawn), incumbent)
                          .getOrDefault(run.candidate(), new BradleyTerry.Strength(0, 0))
                          .estimate());
      places.add(
          new Place(
              run.candidate(),
              strength.estimate(),
              strength.standardError(),
              interval,
              run.verdict().decision().name().toLowerCase(Locale.ROOT)));
    }
    places.sort(Comparator.comparingDouble(Place::strength).reversed());
    return new Standings(places);
  }

  /** Of each case 1 for a win, 0.5 for a tie, 0 for a loss; NaN if it counts for nobody. */
  private static double[] results(Run run) {
    Map<String, Pair> byCase = new HashMap<>();
    run.pairs().forEach(pair -> byCase.put(pair.asked().id(), pair));
    return run.suite().cases().stream()
        .mapToDouble(asked -> {
          Pair pair = byCase.get(asked.id());
          if (pair == null || pair.difference(run.suite().metric()).isEmpty()) {
            return Double.NaN;
          }
          double difference = pair.difference(run.suite().metric()).orElseThrow();
          return run.suite().metric() == Suite.Metric.PREFERENCE
              ? difference + HALF
              : (Math.signum(difference) + 1) / 2;
        })
        .toArray();
  }

  /** The places of the cases of each cluster. */
  private static List<int[]> clusters(List<Case> cases) {
    var clusters = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < cases.size(); i++) {
      clusters.computeIfAbsent(cases.get(i).cluster(), name -> new ArrayList<>()).add(i);
    }
    return clusters.values().stream()
        .map(places -> places.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private static List<Meeting> meetings(
      Map<String, double[]> results, String incumbent, List<int[]> clusters, int[] drawn) {
    var meetings = new ArrayList<Meeting>();
    results.forEach((candidate, result) -> {
      double wins = HALF;
      double losses = HALF;
      for (int cluster : drawn) {
        for (int i : clusters.get(cluster)) {
          if (!Double.isNaN(result[i])) {
            wins += result[i];
            losses += 1 - result[i];
          }
        }
      }
      meetings.add(new Meeting(candidate, incumbent, wins, losses));
    });
    return meetings;
  }

  /** For a terminal. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("standings, log-odds of doing better than the incumbent on a case (95 % interval):");
    for (Place place : places) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-40s %+.2f (%+.2f to %+.2f)  %s",
              place.target(),
              place.strength(),
              place.interval().lower(),
              place.interval().upper(),
              place.verdict()));
    }
    return lines;
  }
}
