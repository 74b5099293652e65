package dev.understudy.app;

import dev.understudy.rollout.Simulation.Outcome;
import dev.understudy.rollout.Simulation.Rule;
import java.util.List;
import java.util.Locale;

/** Draws what a simulation of rules came to: two charts of bars, one for each way to be wrong. */
final class SimulationPicture {
  private static final int WIDTH = 860;
  private static final int ROW = 22;
  private static final int LEFT = 330;
  private static final int BAR_MAX = 440;
  private static final String GOOD = "#2a7f62";
  private static final String BAD = "#b4543a";

  private final StringBuilder out = new StringBuilder();
  private int y;

  private SimulationPicture() {}

  static String svg(List<Outcome> all, double alpha, double margin, int calls) {
    return new SimulationPicture().draw(all, alpha, margin, calls);
  }

  private String draw(List<Outcome> all, double alpha, double margin, int calls) {
    List<Outcome> equal = all.stream().filter(one -> one.loss() == 0).toList();
    List<Outcome> atMargin = all.stream().filter(one -> one.loss() == margin).toList();
    y = 28;
    heading("An equal candidate is rolled back, looked at after each of %d calls".formatted(calls));
    equal.forEach(one -> bar(one.rule(), one.rolledBack(), 1, percent(one.rolledBack()), alpha));
    alpha(alpha, equal.size());
    heading(
        "A candidate that is worse by the margin of %s points is promoted"
            .formatted(number(100 * margin)));
    atMargin.forEach(one -> bar(one.rule(), one.promoted(), 1, percent(one.promoted()), alpha));
    alpha(alpha, atMargin.size());
    for (double loss : new double[] {0.02, 0.05, 0.1}) {
      heading(
          "Median calls until a loss of %s points is rolled back (share of streams)"
              .formatted(number(100 * loss)));
      all.stream()
          .filter(one -> one.loss() == loss)
          .forEach(one ->
              bar(
                  one.rule(),
                  one.medianRollBack() == 0 ? calls : one.medianRollBack(),
                  calls,
                  one.medianRollBack() == 0
                      ? "not half of them (%s)".formatted(percent(one.rolledBack()))
                      : "%d (%s)".formatted(one.medianRollBack(), percent(one.rolledBack())),
                  2));
      y += 14;
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" \
    font-family="system-ui, sans-serif" font-size="12">
    <rect width="%d" height="%d" fill="#ffffff"/>
    %s</svg>
    """
        .formatted(WIDTH, y, WIDTH, y, WIDTH, y, out);
  }

  private void heading(String text) {
    line("<text x=\"12\" y=\"%d\" font-weight=\"600\">%s</text>".formatted(y, text));
    y += 10;
  }

  private void bar(Rule rule, double value, double most, String label, double allowed) {
    double width = Math.max(1, BAR_MAX * Math.min(1, value / most));
    // Three standard errors of ten thousand streams are not worth another colour.
    String colour = value / most > allowed + 0.0065 ? BAD : GOOD;
    line(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
            .formatted(LEFT - 8, y + 15, rule.text()));
    line(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>"
            .formatted(LEFT, y + 4, Math.round(width), ROW - 8, colour));
    line(
        "<text x=\"%d\" y=\"%d\">%s</text>".formatted(Math.round(LEFT + width + 6), y + 15, label));
    y += ROW;
  }

  /** The line that no bar may pass. */
  private void alpha(double alpha, int rows) {
    double x = LEFT + BAR_MAX * alpha;
    line(
        ("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#444\""
                + " stroke-dasharray=\"3 3\"/>")
            .formatted(Math.round(x), y - rows * ROW, Math.round(x), y + 4));
    line(
        "<text x=\"%d\" y=\"%d\" fill=\"#444\">%s allowed</text>"
            .formatted(Math.round(x), y + 16, percent(alpha)));
    y += 44;
  }

  private void line(String element) {
    out.append(element).append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }
}
