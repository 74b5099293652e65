package dev.understudy.statistics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The mean of numbers that come in clusters, which are alike within: questions about one document,
 * turns of one conversation (Miller 2024, arXiv 2411.00640).
 *
 * @param standardError of the mean, as if clusters were many
 */
public record ClusteredSample(int count, int clusters, double mean, double standardError) {

  /** One number and the cluster it belongs to. */
  public record Value(String cluster, double score) {}

  public static ClusteredSample of(List<Value> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a sample has at least one value");
    }
    double mean = values.stream().mapToDouble(Value::score).average().orElseThrow();
    Map<String, Double> off = new LinkedHashMap<>();
    for (Value value : values) {
      off.merge(value.cluster(), value.score() - mean, Double::sum);
    }
    double squares = off.values().stream().mapToDouble(sum -> sum * sum).sum();
    return new ClusteredSample(values.size(), off.size(), mean, Math.sqrt(squares) / values.size());
  }

  /** With the correction for few clusters, C / (C - 1) under the root; without end for one. */
  public double correctedError() {
    return clusters < 2
        ? Double.POSITIVE_INFINITY
        : standardError * Math.sqrt((double) clusters / (clusters - 1));
  }

  /** The mean's interval by Student's t with one degree of freedom less than clusters. */
  public Interval interval(double level) {
    if (clusters < 2) {
      return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double t = Curves.tQuantile(1 - (1 - level) / 2, clusters - 1);
    return Interval.around(mean, t * correctedError());
  }

  /** The chance of a mean this high, or higher, were {@code assumed} the truth. */
  public double pAbove(double assumed) {
    double error = correctedError();
    if (error == 0) {
      return mean > assumed ? 0 : 1;
    }
    return clusters < 2 ? 1 : Curves.tAbove((mean - assumed) / error, clusters - 1);
  }

  /** The chance of a mean this low, or lower, were {@code assumed} the truth. */
  public double pBelow(double assumed) {
    return new ClusteredSample(count, clusters, -mean, standardError).pAbove(-assumed);
  }
}
