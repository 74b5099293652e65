package dev.understudy.gain;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Boosted trees of three questions each, several bags of them: the mean of what the bags say.
 *
 * <p>Each tree learns what those before it left, from a share of the rows and of the figures
 * (Friedman 2001, Annals of Statistics 29(5)); the bags differ by chance alone, which evens out
 * what one of them makes of noise.
 */
final class Forest {
  static final int DEPTH = 3;
  static final int QUESTIONS = (1 << DEPTH) - 1;
  static final int LEAVES = 1 << DEPTH;
  static final int BAGS = 6;
  static final int TREES_PER_BAG = 120;

  private static final double RATE = 0.04;
  private static final double SHRINKAGE = 20;
  private static final double FIGURES_SHARE = 0.3;
  private static final double ROWS_SHARE = 0.6;
  private static final int LEAF_ROWS_MIN = 20;
  private static final int CUTS_MAX = 31;

  final float offset;

  /** Which figure each question is about, tree by tree. */
  final byte[] figures;

  /** Above which the answer is yes. */
  final float[] bounds;

  final float[] leaves;

  Forest(float offset, byte[] figures, float[] bounds, float[] leaves) {
    if (figures.length != bounds.length
        || figures.length / QUESTIONS != leaves.length / LEAVES
        || figures.length % QUESTIONS != 0
        || leaves.length % LEAVES != 0) {
      throw new IllegalArgumentException("a forest has whole trees");
    }
    this.offset = offset;
    this.figures = figures;
    this.bounds = bounds;
    this.leaves = leaves;
  }

  double of(double[] row) {
    double sum = 0;
    int trees = leaves.length / LEAVES;
    for (int tree = 0; tree < trees; tree++) {
      int base = tree * QUESTIONS;
      int at = 0;
      for (int depth = 0; depth < DEPTH; depth++) {
        at = 2 * at + (row[figures[base + at]] > bounds[base + at] ? 2 : 1);
      }
      sum += leaves[tree * LEAVES + at - QUESTIONS];
    }
    return offset + sum;
  }

  static Forest of(double[][] rows, double[] values, long seed) {
    var growing = new Growing(rows, values);
    for (int bag = 0; bag < BAGS; bag++) {
      growing.bag(bag, new SplittableRandom(seed + 7_919L * bag));
    }
    return new Forest((float) growing.mean, growing.figures, growing.bounds, growing.leaves);
  }

  /** Rows with their figures cut into at most 32 ranges, and what grows on them. */
  private static final class Growing {
    private final double[] values;
    private final double mean;
    private final int width;
    private final float[][] cuts;
    private final byte[][] ranges;
    private final byte[] figures = new byte[BAGS * TREES_PER_BAG * QUESTIONS];
    private final float[] bounds = new float[figures.length];
    private final float[] leaves = new float[BAGS * TREES_PER_BAG * LEAVES];
    private final int leafRowsMin;

    Growing(double[][] rows, double[] values) {
      this.values = values;
      this.mean = Arrays.stream(values).average().orElse(0);
      this.width = rows[0].length;
      this.cuts = new float[width][];
      this.ranges = new byte[width][rows.length];
      this.leafRowsMin = Math.clamp(rows.length / 50, 3, LEAF_ROWS_MIN);
      for (int figure = 0; figure < width; figure++) {
        cut(rows, figure);
      }
    }

    private void cut(double[][] rows, int figure) {
      double[] sorted = new double[rows.length];
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = rows[i][figure];
      }
      Arrays.sort(sorted);
      float[] found = new float[CUTS_MAX];
      int count = 0;
      for (int k = 1; k <= CUTS_MAX; k++) {
        float at = (float) sorted[(int) ((long) k * sorted.length / (CUTS_MAX + 1))];
        if (at < sorted[sorted.length - 1] && (count == 0 || at > found[count - 1])) {
          found[count++] = at;
        }
      }
      cuts[figure] = Arrays.copyOf(found, count);
      for (int i = 0; i < rows.length; i++) {
        int range = 0;
        while (range < count && rows[i][figure] > found[range]) {
          range++;
        }
        ranges[figure][i] = (byte) range;
      }
    }

    void bag(int bag, SplittableRandom random) {
      double[] said = new double[values.length];
      Arrays.fill(said, mean);
      boolean[] drawn = new boolean[values.length];
      int[] at = new int[values.length];
      for (int i = 0; i < TREES_PER_BAG; i++) {
        for (int row = 0; row < drawn.length; row++) {
          drawn[row] = random.nextDouble() < ROWS_SHARE;
        }
        boolean[] asked = new boolean[width];
        for (int figure = 0; figure < width; figure++) {
          asked[figure] = random.nextDouble() < FIGURES_SHARE;
        }
        tree(bag * TREES_PER_BAG + i, said, places(drawn), asked, at);
      }
    }

    private static int[] places(boolean[] drawn) {
      int[] places = new int[drawn.length];
      int count = 0;
      for (int row = 0; row < drawn.length; row++) {
        places[count] = row;
        count += drawn[row] ? 1 : 0;
      }
      return Arrays.copyOf(places, count);
    }

    private void tree(int tree, double[] said, int[] drawn, boolean[] asked, int[] at) {
      int base = tree * QUESTIONS;
      Arrays.fill(at, 0);
      Arrays.fill(bounds, base, base + QUESTIONS, Float.MAX_VALUE);
      for (int depth = 0; depth < DEPTH; depth++) {
        int first = (1 << depth) - 1;
        int[] ranks = ask(base, first, said, drawn, asked, at);
        for (int row = 0; row < at.length; row++) {
          int question = base + at[row];
          boolean yes =
              ranks[at[row] - first] >= 0
                  && ranges[figures[question]][row] > ranks[at[row] - first];
          at[row] = 2 * at[row] + (yes ? 2 : 1);
        }
      }
      double[] sums = new double[LEAVES];
      double[] counts = new double[LEAVES];
      for (int row : drawn) {
        sums[at[row] - QUESTIONS] += values[row] - said[row];
        counts[at[row] - QUESTIONS]++;
      }
      for (int leaf = 0; leaf < LEAVES; leaf++) {
        double value = RATE * sums[leaf] / (counts[leaf] + SHRINKAGE);
        leaves[tree * LEAVES + leaf] = (float) (value / BAGS);
        sums[leaf] = value;
      }
      for (int row = 0; row < at.length; row++) {
        said[row] += sums[at[row] - QUESTIONS];
      }
    }

    /** Finds the best question for each node of a depth; its rank among cuts, or -1 for none. */
    private int[] ask(int base, int first, double[] said, int[] drawn, boolean[] asked, int[] at) {
      int nodes = first + 1;
      int[] ranks = new int[nodes];
      double[] best = new double[nodes];
      Arrays.fill(ranks, -1);
      Arrays.fill(best, 1e-9);
      double[] sums = new double[nodes * (CUTS_MAX + 1)];
      double[] counts = new double[sums.length];
      int[] from = new int[drawn.length];
      double[] left = new double[drawn.length];
      for (int i = 0; i < drawn.length; i++) {
        from[i] = (at[drawn[i]] - first) * (CUTS_MAX + 1);
        left[i] = values[drawn[i]] - said[drawn[i]];
      }
      for (int figure = 0; figure < width; figure++) {
        if (!asked[figure] || cuts[figure].length == 0) {
          continue;
        }
        Arrays.fill(sums, 0);
        Arrays.fill(counts, 0);
        byte[] range = ranges[figure];
        for (int i = 0; i < drawn.length; i++) {
          int cell = from[i] + range[drawn[i]];
          sums[cell] += left[i];
          counts[cell]++;
        }
        for (int node = 0; node < nodes; node++) {
          int start = node * (CUTS_MAX + 1);
          double all = 0;
          double rows = 0;
          for (int i = start; i <= start + CUTS_MAX; i++) {
            all += sums[i];
            rows += counts[i];
          }
          double low = 0;
          double lows = 0;
          for (int cut = 0; cut < cuts[figure].length; cut++) {
            low += sums[start + cut];
            lows += counts[start + cut];
            if (lows < leafRowsMin || rows - lows < leafRowsMin) {
              continue;
            }
            double better =
                low * low / (lows + SHRINKAGE)
                    + (all - low) * (all - low) / (rows - lows + SHRINKAGE)
                    - all * all / (rows + SHRINKAGE);
            if (better > best[node]) {
              best[node] = better;
              ranks[node] = cut;
              figures[base + first + node] = (byte) figure;
              bounds[base + first + node] = cuts[figure][cut];
            }
          }
        }
      }
      return ranks;
    }
  }
}
