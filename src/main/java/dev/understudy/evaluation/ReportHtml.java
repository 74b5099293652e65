package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** A run as one page that stands by itself: no script, nothing fetched. */
public final class ReportHtml {
  private static final int FLIPS_MAX = 500;
  private static final int TEXT_MAX = 2_000;

  /** Of the names in the terminal's lines. */
  private static final int NAME_WIDTH = 11;

  private ReportHtml() {}

  public static String page(Run run) {
    Verdict verdict = run.verdict();
    String decision = verdict.decision().name().toLowerCase(Locale.ROOT);
    var body = new StringBuilder();
    body.append("<h1>").append(text(run.suite().name())).append("</h1>\n");
    body.append("<p class=\"verdict ").append(decision).append("\"><b>").append(decision);
    body.append("</b> ").append(text(verdict.why())).append("</p>\n");
    body.append("<p>").append(text(run.candidate())).append(" in the place of ");
    body.append(text(run.incumbent())).append(", ").append(run.at()).append("</p>\n");
    verdict
        .warnings()
        .forEach(w -> body.append("<p class=\"warning\">").append(text(w)).append("</p>\n"));
    body.append(facts(run));
    body.append("<h2>Differences</h2>\n").append(chart(run));
    body.append(ReportCharts.outcomes(run)).append(ReportCharts.ratios(verdict));
    body.append("<table><tr><th></th><th>pairs</th><th>candidate</th><th>incumbent</th>");
    body.append("<th>difference, points</th><th>p of non-inferiority</th></tr>\n");
    row(body, "all", verdict.comparison());
    verdict.slices().forEach(slice -> row(body, slice.name(), slice.comparison()));
    body.append("</table>\n");
    if (!verdict.gates().isEmpty()) {
      body.append("<h2>Gates</h2><table><tr><th>slice</th><th>cases</th><th>failed</th>");
      body.append("<th>at most in truth</th><th>allowed</th><th></th></tr>\n");
      for (Verdict.GateResult gate : verdict.gates()) {
        body.append("<tr>");
        cells(
            body,
            gate.slice(),
            Integer.toString(gate.cases()),
            Integer.toString(gate.failures()),
            Judgement.percent(gate.failureRateAtMost()),
            Judgement.percent(gate.failureRateMax()),
            gate.decision().name().toLowerCase(Locale.ROOT));
        body.append("</tr>\n");
      }
      body.append("</table>\n");
    }
    body.append(flips(run));
    return """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-%s'">
    <title>%s: %s</title>
    <meta name="viewport" content="width=device-width">
    <style>%s</style></head><body>
    %s</body></html>
    """
        .formatted(STYLE_HASH, text(run.suite().name()), decision, STYLE, body);
  }

  private static final String STYLE =
      """

      body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
      h1 { margin-bottom: .5rem } h2 { margin-top: 2rem; font-size: 1.1rem }
      table { border-collapse: collapse; margin: 1rem 0 } th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #d8dee4; vertical-align: top }
      table.facts th { color: #57606a; font-weight: 500; white-space: nowrap } table.facts td, table.facts th { border: 0; padding-top: .1rem; padding-bottom: .1rem }
      .verdict { padding: .6rem 1rem; border-left: 6px solid; font-size: 1.1rem } .qualified { border-color: #1a7f37; background: #eaf6ec }
      .rejected { border-color: #b42318; background: #fdecea } .undecided { border-color: #9a6700; background: #fff6dd }
      .warning { margin: .4rem 0; padding: .3rem 1rem; border-left: 6px solid #9a6700 }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: 13px/1.4 ui-monospace, monospace; min-width: 14rem } svg { max-width: 100%; height: auto; display: block } svg text { font: 12px system-ui, sans-serif }
      """;

  private static final String STYLE_HASH = hash();

  /** Lets this page have its own style, and nothing else. */
  private static String hash() {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(STYLE.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** What the terminal says, but for what stands in tables of its own here. */
  private static String facts(Run run) {
    var rows = new StringBuilder("<table class=\"facts\">\n");
    for (String line : ReportText.lines(run)) {
      int end = line.indexOf(' ');
      String name = end < 0 ? "" : line.substring(0, end);
      if (line.length() > NAME_WIDTH
          && !name.endsWith(":")
          && !List.of("warning", "slice", "gate").contains(name)) {
        rows.append("<tr><th>").append(text(line.substring(0, NAME_WIDTH).strip()));
        rows.append("</th><td>").append(text(line.substring(NAME_WIDTH).strip()));
        rows.append("</td></tr>\n");
      }
    }
    return rows.append("</table>\n").toString();
  }

  /** Each part's difference with its interval, and the margin as a line. */
  private static String chart(Run run) {
    record Line(String name, Comparison comparison) {}
    var lines = new ArrayList<Line>();
    lines.add(new Line("all", run.verdict().comparison()));
    List<Verdict.Slice> slices = run.verdict().slices();
    slices.stream().limit(20).forEach(s -> lines.add(new Line(s.name(), s.comparison())));
    double margin = run.suite().margin();
    double most = margin * 1.5;
    for (Line line : lines) {
      most = Math.max(most, Math.abs(line.comparison().interval().lower()));
      most = Math.max(most, Math.abs(line.comparison().interval().upper()));
    }
    most = Math.min(1, most);
    int left = 190;
    int width = 520;
    int height = lines.size() * 26 + 52;
    var svg = new StringBuilder();
    svg.append(
        "<svg role=\"img\" aria-label=\"differences with intervals\" viewBox=\"0 0 %d %d\" width=\"%d\">\n"
            .formatted(left + width + 20, height, left + width + 20));
    vertical(svg, at(0, most, left, width), height, height - 4, "#6e7781", "no difference");
    vertical(svg, at(-margin, most, left, width), height, 12, "#b42318", "margin");
    int y = 32;
    for (Line line : lines) {
      Comparison c = line.comparison();
      double low = at(c.interval().lower(), most, left, width);
      double high = at(c.interval().upper(), most, left, width);
      svg.append(
          "<text x=\"0\" y=\"%d\">%s</text>\n".formatted(y + 4, text(shortened(line.name(), 28))));
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#0969da\" stroke-width=\"3\"/>"
                  + "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"#0969da\"/>\n",
              low,
              high,
              y,
              y,
              at(c.difference(), most, left, width),
              y));
      y += 26;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void vertical(
      StringBuilder svg, double x, int height, int labelY, String color, String label) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"18\" y2=\"%d\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>"
                + "<text x=\"%.1f\" y=\"%d\" fill=\"%s\" text-anchor=\"middle\">%s</text>\n",
            x,
            x,
            height - 18,
            color,
            x,
            labelY,
            color,
            label));
  }

  private static double at(double value, double most, int left, int width) {
    double bounded = Math.max(-most, Math.min(most, value));
    return left + (bounded + most) / (2 * most) * width;
  }

  private static void row(StringBuilder body, String name, Comparison comparison) {
    body.append("<tr>");
    cells(
        body,
        name,
        Integer.toString(comparison.pairs()),
        Judgement.percent(comparison.candidate()),
        Judgement.percent(comparison.incumbent()),
        "%s (%s to %s)"
            .formatted(
                ReportText.points(comparison.difference()),
                ReportText.points(comparison.interval().lower()),
                ReportText.points(comparison.interval().upper())),
        ReportText.p(comparison.nonInferiorityP()));
    body.append("</tr>\n");
  }

  private static String flips(Run run) {
    var rows = new StringBuilder();
    int shown = 0;
    for (Pair pair : run.pairs()) {
      if (pair.flip().isEmpty() || ++shown > FLIPS_MAX) {
        continue;
      }
      rows.append("<tr>");
      cells(
          rows,
          pair.asked().id(),
          pair.flip().get().name().toLowerCase(Locale.ROOT),
          ReportText.failed(pair));
      for (Side side : List.of(pair.candidate(), pair.incumbent())) {
        rows.append("<td><pre>").append(text(said(side))).append("</pre></td>");
      }
      rows.append("</tr>\n");
    }
    return shown == 0
        ? ""
        : "<h2>Cases that flipped</h2><table><tr><th>case</th><th></th><th>failed</th>"
            + "<th>candidate</th><th>incumbent</th></tr>\n"
            + rows
            + "</table>\n"
            + (shown > FLIPS_MAX ? "<p>and %d more</p>\n".formatted(shown - FLIPS_MAX) : "");
  }

  private static String said(Side side) {
    return switch (side) {
      case Side.Unjudged unjudged -> unjudged.message();
      case Side.Judged judged -> {
        Answer.Given first = judged.answers().getFirst();
        String calls =
            String.join(
                "\n", first.calls().stream().map(c -> c.tool() + " " + c.argumentsJson()).toList());
        yield shortened((first.text() + "\n" + calls).strip(), TEXT_MAX);
      }
    };
  }

  private static void cells(StringBuilder out, String... cells) {
    for (String cell : cells) {
      out.append("<td>").append(text(cell)).append("</td>");
    }
  }

  private static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
