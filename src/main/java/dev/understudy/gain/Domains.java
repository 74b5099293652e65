package dev.understudy.gain;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the two models did in each domain, drawn towards how they did in all where few were seen. */
final class Domains {
  private static final double DRAWN_BY = 20;

  /** What each domain's mean scores are. */
  record Means(float cheap, float strong) {}

  final Means all;
  final Map<String, Means> known;

  Domains(Means all, Map<String, Means> known) {
    this.all = all;
    this.known = Map.copyOf(known);
  }

  static Domains of(List<Outcome> outcomes) {
    double cheap = outcomes.stream().mapToDouble(Outcome::cheap).average().orElse(0);
    double strong = outcomes.stream().mapToDouble(Outcome::strong).average().orElse(0);
    Map<String, double[]> sums = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      double[] sum = sums.computeIfAbsent(outcome.domain(), _ -> new double[3]);
      sum[0] += outcome.cheap();
      sum[1] += outcome.strong();
      sum[2]++;
    }
    Map<String, Means> known = new TreeMap<>();
    sums.forEach((domain, sum) ->
        known.put(
            domain,
            new Means(
                (float) ((sum[0] + DRAWN_BY * cheap) / (sum[2] + DRAWN_BY)),
                (float) ((sum[1] + DRAWN_BY * strong) / (sum[2] + DRAWN_BY)))));
    return new Domains(new Means((float) cheap, (float) strong), known);
  }

  boolean knows(String domain) {
    return known.containsKey(domain);
  }

  Means of(String domain) {
    return known.getOrDefault(domain, all);
  }
}
