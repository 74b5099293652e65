package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.statistics.PairedOutcomes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Draws what a page shows beside the differences: how pairs ended, and what the candidate takes.
 */
final class ReportCharts {
  private static final int LEFT = 190;
  private static final int WIDTH = 520;
  private static final int ROW = 26;

  private ReportCharts() {}

  /** One bar for all pairs; empty where they are no wins and losses. */
  static String outcomes(Run run) {
    if (run.verdict().comparison().outcomes().isEmpty()) {
      return "";
    }
    PairedOutcomes o = run.verdict().comparison().outcomes().get();
    Map<String, Long> parts = new LinkedHashMap<>();
    if (run.suite().isCompared()) {
      parts.put("candidate preferred", o.onlyCandidate());
      parts.put("tie", o.both() + o.neither());
      parts.put("incumbent preferred", o.onlyIncumbent());
    } else {
      parts.put("only candidate", o.onlyCandidate());
      parts.put("both", o.both());
      parts.put("neither", o.neither());
      parts.put("only incumbent", o.onlyIncumbent());
    }
    String[] colors =
        run.suite().isCompared()
            ? new String[] {"#1a7f37", "#afb8c1", "#b42318"}
            : new String[] {"#1a7f37", "#8db1d6", "#d0d7de", "#b42318"};
    long total = Math.max(1, o.pairs());
    var svg = new StringBuilder("<h2>Pairs</h2>\n");
    svg.append(open("how pairs ended", 74));
    double x = 0;
    int i = 0;
    double label = 0;
    for (Map.Entry<String, Long> part : parts.entrySet()) {
      double width = (double) part.getValue() / total * (LEFT + WIDTH);
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"4\" width=\"%.1f\" height=\"26\" fill=\"%s\"/>"
                  + "<rect x=\"%.1f\" y=\"44\" width=\"10\" height=\"10\" fill=\"%s\"/>"
                  + "<text x=\"%.1f\" y=\"53\">%s %d</text>\n",
              x,
              width,
              colors[i],
              label,
              colors[i],
              label + 15,
              ReportHtml.text(part.getKey()),
              part.getValue()));
      x += width;
      label += (double) (LEFT + WIDTH) / parts.size();
      i++;
    }
    return svg.append("</svg>\n").toString();
  }

  /** What the candidate takes of what the incumbent takes, each with its interval. */
  static String ratios(Verdict verdict) {
    Map<String, Ratio> ratios = new LinkedHashMap<>();
    verdict.cost().ifPresent(r -> ratios.put("cost", r));
    verdict.latency().ifPresent(r -> ratios.put("latency", r));
    verdict.outputTokens().ifPresent(r -> ratios.put("output tokens", r));
    if (ratios.isEmpty()) {
      return "";
    }
    double most = 2;
    for (Ratio ratio : ratios.values()) {
      most = Math.max(most, reach(ratio.interval().upper()));
      most = Math.max(most, reach(1 / Math.max(1e-6, ratio.interval().lower())));
    }
    var svg = new StringBuilder("<h2>Times the incumbent's</h2>\n");
    int height = ratios.size() * ROW + 40;
    svg.append(open("ratios with intervals", height));
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"4\" y2=\"%d\" stroke=\"#6e7781\" stroke-dasharray=\"4 3\"/>"
                + "<text x=\"%.1f\" y=\"%d\" fill=\"#6e7781\" text-anchor=\"middle\">the same</text>\n",
            at(1, most),
            at(1, most),
            height - 22,
            at(1, most),
            height - 8));
    int y = 18;
    for (Map.Entry<String, Ratio> entry : ratios.entrySet()) {
      Ratio r = entry.getValue();
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"0\" y=\"%d\">%s %.2f</text>"
                  + "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#0969da\" stroke-width=\"3\"/>"
                  + "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"#0969da\"/>\n",
              y + 4,
              entry.getKey(),
              r.ratio(),
              at(r.interval().lower(), most),
              at(r.interval().upper(), most),
              y,
              y,
              at(r.ratio(), most),
              y));
      y += ROW;
    }
    return svg.append("</svg>\n").toString();
  }

  private static double reach(double value) {
    return Math.min(100, value);
  }

  /** On a scale on which half and twice are as far from the same. */
  private static double at(double value, double most) {
    double log = Math.log(Math.clamp(value, 1 / most, most)) / Math.log(most);
    return LEFT + (log + 1) / 2 * WIDTH;
  }

  private static String open(String label, int height) {
    return "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\">\n"
        .formatted(label, LEFT + WIDTH + 20, height, LEFT + WIDTH + 20);
  }
}
