package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.evaluation.Verdict.Slice;
import dev.understudy.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A run for a person, as lines for a terminal or as Markdown. */
public final class ReportText {
  private static final int SLICES_MAX = 30;

  private ReportText() {}

  /** For a terminal. */
  public static List<String> lines(Run run) {
    Verdict verdict = run.verdict();
    Comparison all = verdict.comparison();
    var lines = new ArrayList<String>();
    lines.add(
        "%s: %s".formatted(verdict.decision().name().toLowerCase(Locale.ROOT), verdict.why()));
    lines.add("");
    lines.add("suite      %s, %d cases".formatted(run.suite().name(), run.suite().cases().size()));
    lines.add("candidate  %-40s %s".formatted(run.candidate(), Judgement.percent(all.candidate())));
    lines.add("incumbent  %-40s %s".formatted(run.incumbent(), Judgement.percent(all.incumbent())));
    lines.add("difference " + difference(run.suite(), all));
    all.outcomes()
        .ifPresent(o ->
            lines.add(
                "pairs      both %d, only candidate %d, only incumbent %d, neither %d; McNemar's exact p %s"
                    .formatted(
                        o.both(),
                        o.onlyCandidate(),
                        o.onlyIncumbent(),
                        o.neither(),
                        p(o.exactP()))));
    if (all.clusters() < all.pairs()) {
      lines.add("clusters   %d, of %d pairs".formatted(all.clusters(), all.pairs()));
    }
    verdict.moreCases().ifPresent(more -> lines.add(more(more)));
    ratio("latency", verdict.latency()).ifPresent(lines::add);
    ratio("output", verdict.outputTokens()).ifPresent(lines::add);
    for (GateResult gate : verdict.gates()) {
      lines.add(
          "gate       %s: %d of %d failed, at most %s in truth, %s allowed: %s%s"
              .formatted(
                  gate.slice(),
                  gate.failures(),
                  gate.cases(),
                  Judgement.percent(gate.failureRateAtMost()),
                  Judgement.percent(gate.failureRateMax()),
                  gate.decision().name().toLowerCase(Locale.ROOT),
                  gate.moreCases() > 0
                      ? ", %d more without a failure would do".formatted(gate.moreCases())
                      : ""));
    }
    int shown = 0;
    for (Slice slice : verdict.slices()) {
      if (++shown > SLICES_MAX) {
        lines.add("           and %d more slices".formatted(verdict.slices().size() - SLICES_MAX));
        break;
      }
      lines.add(
          "slice      %-30s %5d pairs  %s"
              .formatted(
                  slice.name(),
                  slice.comparison().pairs(),
                  difference(run.suite(), slice.comparison())));
    }
    verdict.warnings().forEach(warning -> lines.add("warning    " + warning));
    lines.add("answers    %d asked for, %d kept from before".formatted(run.asked(), run.kept()));
    return lines;
  }

  /** The same for a page. */
  public static String markdown(Run run) {
    var page = new StringBuilder();
    Verdict verdict = run.verdict();
    page.append("# ").append(escaped(run.suite().name())).append(": ");
    page.append(verdict.decision().name().toLowerCase(Locale.ROOT)).append("\n\n");
    page.append(escaped(run.candidate())).append(" in the place of ");
    page.append(escaped(run.incumbent())).append(": ").append(verdict.why()).append(".\n\n");
    page.append(
        "| | pairs | candidate | incumbent | difference | interval | p of non-inferiority |\n");
    page.append("| --- | --- | --- | --- | --- | --- | --- |\n");
    row(page, "all", verdict.comparison());
    verdict.slices().forEach(slice -> row(page, slice.name(), slice.comparison()));
    if (!verdict.gates().isEmpty()) {
      page.append("\n| gate | cases | failed | at most in truth | allowed | |\n");
      page.append("| --- | --- | --- | --- | --- | --- |\n");
      for (GateResult gate : verdict.gates()) {
        page.append(
            "| %s | %d | %d | %s | %s | %s |\n"
                .formatted(
                    escaped(gate.slice()),
                    gate.cases(),
                    gate.failures(),
                    Judgement.percent(gate.failureRateAtMost()),
                    Judgement.percent(gate.failureRateMax()),
                    gate.decision().name().toLowerCase(Locale.ROOT)));
      }
    }
    page.append('\n');
    verdict.moreCases().ifPresent(m -> page.append("- ").append(more(m).strip()).append('\n'));
    ratio("latency", verdict.latency()).ifPresent(r -> page.append("- ").append(r).append('\n'));
    ratio("output", verdict.outputTokens())
        .ifPresent(r -> page.append("- ").append(r).append('\n'));
    verdict.warnings().forEach(w -> page.append("- **warning** ").append(w).append('\n'));
    var flips = run.pairs().stream().filter(pair -> pair.flip().isPresent()).toList();
    if (!flips.isEmpty()) {
      page.append("\n## Cases that flipped\n\n| case | | failed |\n| --- | --- | --- |\n");
      for (Pair pair : flips) {
        page.append(
            "| %s | %s | %s |\n"
                .formatted(
                    escaped(pair.asked().id()),
                    pair.flip().orElseThrow().name().toLowerCase(Locale.ROOT),
                    escaped(failed(pair))));
      }
    }
    return page.toString();
  }

  static String failed(Pair pair) {
    Side side =
        pair.flip().filter(f -> f == Pair.Flip.LOST).isPresent()
            ? pair.candidate()
            : pair.incumbent();
    return side instanceof Side.Judged judged ? String.join(", ", judged.failed()) : "";
  }

  private static void row(StringBuilder page, String name, Comparison comparison) {
    page.append(
        "| %s | %d | %s | %s | %s | %s | %s |\n"
            .formatted(
                escaped(name),
                comparison.pairs(),
                Judgement.percent(comparison.candidate()),
                Judgement.percent(comparison.incumbent()),
                points(comparison.difference()),
                interval(comparison.interval()),
                p(comparison.nonInferiorityP())));
  }

  private static String difference(Suite suite, Comparison comparison) {
    return "%s points (%s to %s, %.0f %% interval), margin %s"
        .formatted(
            points(comparison.difference()),
            points(comparison.interval().lower()),
            points(comparison.interval().upper()),
            100 * (1 - 2 * suite.alpha()),
            points(-suite.margin()));
  }

  private static Optional<String> ratio(String name, Optional<Ratio> ratio) {
    return ratio.map(r ->
        String.format(
            Locale.ROOT,
            "%-10s %.2f times the incumbent's (%.2f to %.2f, 95 %% interval)",
            name,
            r.ratio(),
            r.interval().lower(),
            r.interval().upper()));
  }

  private static String more(long cases) {
    return "more       about %d cases more would settle it, were the difference as it seems"
        .formatted(cases);
  }

  private static String interval(Interval interval) {
    return points(interval.lower()) + " to " + points(interval.upper());
  }

  static String points(double share) {
    return String.format(Locale.ROOT, "%+.1f", 100 * share);
  }

  static String p(double p) {
    return p < 1e-4 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  private static String escaped(String text) {
    return text.replaceAll("[\\p{Cntrl}]", " ").replace("|", "\\|").replace("<", "&lt;");
  }
}
