package dev.understudy.gain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The best that can be had for each cost by mixing points by chance: the upper convex hull of cost
 * and quality that never falls (RouterBench, arXiv 2403.12031).
 *
 * @param points from the cheapest to the best
 * @param costMax the greatest cost of any point that was given, up to which it stays flat
 */
public record CostHull(List<Point> points, double costMax) {

  /** One way to answer, its mean cost and its mean quality. */
  public record Point(double cost, double quality) {}

  public CostHull {
    points = List.copyOf(points);
  }

  /** The hull of these. */
  public static CostHull of(List<Point> given) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException("a hull has at least one point");
    }
    var hull = new ArrayList<Point>();
    for (Point point : front(given)) {
      while (hull.size() > 1 && !isAbove(hull.get(hull.size() - 2), hull.getLast(), point)) {
        hull.removeLast();
      }
      hull.add(point);
    }
    double most = given.stream().mapToDouble(Point::cost).max().orElseThrow();
    return new CostHull(hull, most);
  }

  /** Those that are better than every cheaper one (Pareto), by cost. */
  public static List<Point> front(List<Point> given) {
    var front = new ArrayList<Point>();
    given.stream()
        .sorted(Comparator.comparingDouble(Point::cost).thenComparingDouble(p -> -p.quality()))
        .filter(point -> front.isEmpty() || point.quality() > front.getLast().quality())
        .forEach(front::add);
    return front;
  }

  private static boolean isAbove(Point left, Point middle, Point right) {
    return (middle.quality() - left.quality()) * (right.cost() - left.cost())
        > (right.quality() - left.quality()) * (middle.cost() - left.cost());
  }

  /** The mean quality over all costs from the least to the greatest (AIQ). */
  public double average() {
    double range = costMax - points.getFirst().cost();
    if (range <= 0) {
      return points.getLast().quality();
    }
    double area = 0;
    for (int i = 1; i < points.size(); i++) {
      area +=
          (points.get(i).cost() - points.get(i - 1).cost())
              * (points.get(i).quality() + points.get(i - 1).quality())
              / 2;
    }
    area += (costMax - points.getLast().cost()) * points.getLast().quality();
    return area / range;
  }
}
