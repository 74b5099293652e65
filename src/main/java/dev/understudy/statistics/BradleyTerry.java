package dev.understudy.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The strength of several players from who beat whom, as log-odds against one of them (Bradley and
 * Terry 1952), by maximum likelihood.
 */
public final class BradleyTerry {
  private static final int STEPS_MAX = 100;
  private static final double NEAR = 1e-12;

  /** Who met whom, and how often each won; a tie is half a win for both. */
  public record Meeting(String first, String second, double firstWins, double secondWins) {}

  /**
   * How strong a player is.
   *
   * @param estimate log-odds to beat the reference
   * @param standardError from the observed information; 0 for the reference itself
   */
  public record Strength(double estimate, double standardError) {}

  private BradleyTerry() {}

  /**
   * The strength of each player, the reference among them with 0.
   *
   * @throws IllegalArgumentException if the meetings do not settle it: players that never met the
   *     others, even by way of third ones, or that won, or lost, every time
   */
  public static Map<String, Strength> fit(List<Meeting> meetings, String reference) {
    var index = new LinkedHashMap<String, Integer>();
    index.put(reference, 0);
    for (Meeting meeting : meetings) {
      index.putIfAbsent(meeting.first(), index.size());
      index.putIfAbsent(meeting.second(), index.size());
    }
    int players = index.size();
    double[] strength = new double[players];
    double[][] information = new double[players - 1][players - 1];
    for (int step = 0; step < STEPS_MAX; step++) {
      double[] slope = new double[players - 1];
      information = new double[players - 1][players - 1];
      for (Meeting meeting : meetings) {
        accumulate(
            meeting,
            index.getOrDefault(meeting.first(), 0) - 1,
            index.getOrDefault(meeting.second(), 0) - 1,
            strength,
            slope,
            information);
      }
      double[] move = solve(information, slope);
      double most = 0;
      for (int i = 0; i < move.length; i++) {
        strength[i + 1] += move[i];
        most = Math.max(most, Math.abs(move[i]));
      }
      if (Double.isNaN(most) || Math.abs(strengthMax(strength)) > 30) {
        throw new IllegalArgumentException(
            "the meetings do not settle who is stronger: somebody won or lost every time");
      }
      if (most < NEAR) {
        break;
      }
    }
    var fitted = new LinkedHashMap<String, Strength>();
    for (Map.Entry<String, Integer> player : index.entrySet()) {
      int i = player.getValue();
      double error = i == 0 ? 0 : Math.sqrt(inverseDiagonal(information, i - 1));
      fitted.put(player.getKey(), new Strength(strength[i], error));
    }
    return fitted;
  }

  private static void accumulate(
      Meeting meeting,
      int first,
      int second,
      double[] strength,
      double[] slope,
      double[][] information) {
    double games = meeting.firstWins() + meeting.secondWins();
    double gap = strength[first + 1] - strength[second + 1];
    double chance = 1 / (1 + Math.exp(-gap));
    double surprise = meeting.firstWins() - games * chance;
    double weight = games * chance * (1 - chance);
    if (first >= 0) {
      slope[first] += surprise;
      information[first][first] += weight;
    }
    if (second >= 0) {
      slope[second] -= surprise;
      information[second][second] += weight;
    }
    if (first >= 0 && second >= 0) {
      information[first][second] -= weight;
      information[second][first] -= weight;
    }
  }

  private static double strengthMax(double[] strength) {
    double most = 0;
    for (double value : strength) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static double inverseDiagonal(double[][] matrix, int at) {
    double[] unit = new double[matrix.length];
    unit[at] = 1;
    return solve(matrix, unit)[at];
  }

  /** Gauss with pivots; the matrices here are a few players wide. */
  private static double[] solve(double[][] matrix, double[] right) {
    int n = right.length;
    var rows = new ArrayList<double[]>();
    for (int i = 0; i < n; i++) {
      double[] row = new double[n + 1];
      System.arraycopy(matrix[i], 0, row, 0, n);
      row[n] = right[i];
      rows.add(row);
    }
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int i = column + 1; i < n; i++) {
        if (Math.abs(rows.get(i)[column]) > Math.abs(rows.get(pivot)[column])) {
          pivot = i;
        }
      }
      if (Math.abs(rows.get(pivot)[column]) < 1e-300) {
        throw new IllegalArgumentException(
            "the meetings do not settle who is stronger: some players never met the others");
      }
      double[] swapped = rows.get(column);
      rows.set(column, rows.get(pivot));
      rows.set(pivot, swapped);
      double[] top = rows.get(column);
      for (int i = column + 1; i < n; i++) {
        double[] row = rows.get(i);
        double factor = row[column] / top[column];
        for (int j = column; j <= n; j++) {
          row[j] -= factor * top[j];
        }
      }
    }
    double[] solution = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      double[] row = rows.get(i);
      double rest = row[n];
      for (int j = i + 1; j < n; j++) {
        rest -= row[j] * solution[j];
      }
      solution[i] = rest / row[i];
    }
    return solution;
  }
}
