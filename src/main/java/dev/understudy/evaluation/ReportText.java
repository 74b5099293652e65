package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.evaluation.Verdict.Slice;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.PairedOutcomes;
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
    lines.add("difference " + difference(run.suite(), all));
    lines.add("candidate  %-40s %s".formatted(run.candidate(), Judgement.percent(all.candidate())));
    lines.add(
        "incumbent  %-40s %s%s"
            .formatted(
                run.incumbent(),
                Judgement.percent(all.incumbent()),
                run.suite().isCompared() ? ", which an equal candidate would have" : ""));
    lines.add(
        "pairs      %d of %d cases of %s%s"
            .formatted(
                all.pairs(),
                run.suite().cases().size(),
                run.suite().name(),
                all.clusters() < all.pairs() ? ", in %d clusters".formatted(all.clusters()) : ""));
    all.outcomes().map(o -> discordant(run.suite(), o)).ifPresent(lines::add);
    verdict.moreCases().ifPresent(more -> lines.add(more(more)));
    lines.addAll(judges(verdict));
    ratio("cost", verdict.cost()).ifPresent(lines::add);
    ratio("latency", verdict.latency()).ifPresent(lines::add);
    ratio("output", verdict.outputTokens()).ifPresent(lines::add);
    for (GateResult gate : verdict.gates()) {
      lines.add(
          "gate       %s: %d of %d failed%s, at most %s in truth, %s allowed: %s%s"
              .formatted(
                  gate.slice(),
                  gate.failures(),
                  gate.cases(),
                  gate.clusters() < gate.cases()
                      ? " (%d clusters, each one witness)".formatted(gate.clusters())
                      : "",
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
    lines.addAll(spending(run));
    return lines;
  }

  private static String discordant(Suite suite, PairedOutcomes o) {
    return suite.isCompared()
        ? "preferred  candidate %d, incumbent %d, tie %d; sign test p %s"
            .formatted(o.onlyCandidate(), o.onlyIncumbent(), o.both() + o.neither(), p(o.exactP()))
        : "outcomes   both %d, only candidate %d, only incumbent %d, neither %d; McNemar's exact p %s"
            .formatted(o.both(), o.onlyCandidate(), o.onlyIncumbent(), o.neither(), p(o.exactP()));
  }

  /** Judges' health, and what of a win rate is owed to length. */
  static List<String> judges(Verdict verdict) {
    var lines = new ArrayList<String>();
    if (verdict.judges().isPresent()) {
      JudgeHealth.Panel panel = verdict.judges().get();
      for (JudgeHealth judge : panel.each()) {
        lines.add(
            "judge      %s: %d questions, %d without an answer that can be read"
                .formatted(judge.judge(), judge.asked(), judge.failed()));
        judge.orders().map(ReportText::orders).ifPresent(lines::add);
      }
      if (panel.each().size() > 1 && panel.compared() > 0) {
        lines.add(
            "panel      its judges differ on %d of %d pairs"
                .formatted(panel.disputed(), panel.compared()));
      }
      panel
          .positionCorrected()
          .ifPresent(rate ->
              lines.add(
                  "position   %s were places nothing to it".formatted(Judgement.percent(rate))));
      panel.labels().map(ReportText::labels).ifPresent(lines::add);
    }
    verdict
        .winRate()
        .ifPresent(rate ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "win rate   %s, standard error %.1f points; %d won, %d lost, %d even, %d without a verdict",
                    Judgement.percent(rate.rate()),
                    100 * rate.standardError(),
                    rate.wins(),
                    rate.losses(),
                    rate.ties(),
                    rate.silent())));
    verdict
        .length()
        .ifPresent(length ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "length     %s at one length; means of %.0f and %.0f characters, preference goes with length by %+.2f (Spearman)",
                    Judgement.percent(length.controlled()),
                    length.candidateLength(),
                    length.incumbentLength(),
                    length.spearman())));
    return lines;
  }

  private static String orders(OrderHealth orders) {
    return String.format(
        Locale.ROOT,
        "           the same when swapped in %d of %d; first shown wins %d of %d (%.0f to %.0f %%, p %s); kappa between orders %s",
        orders.consistent(),
        orders.usable(),
        orders.firstWins(),
        orders.decided(),
        100 * orders.firstShare().lower(),
        100 * orders.firstShare().upper(),
        p(orders.p()),
        kappa(orders.kappa()));
  }

  private static String labels(LabelHealth labels) {
    return String.format(
            Locale.ROOT,
            "people     kappa %s (%.2f to %.2f) over %d labels",
            kappa(labels.kappa()),
            labels.interval().lower(),
            labels.interval().upper(),
            labels.labels())
        + labels
            .corrected()
            .map(c ->
                "; corrected by them %s (%s to %s)"
                    .formatted(
                        Judgement.percent(c.rate()),
                        Judgement.percent(c.interval().lower()),
                        Judgement.percent(c.interval().upper())))
            .orElse("");
  }

  private static String kappa(double kappa) {
    return Double.isNaN(kappa) ? "unknown" : String.format(Locale.ROOT, "%.2f", kappa);
  }

  private static List<String> spending(Run run) {
    var lines = new ArrayList<String>();
    lines.add(
        "answers    %d asked for, %d kept from before; paid %s"
            .formatted(run.asked(), run.kept(), Spending.total(run.spending())));
    if (run.asked() > 0) {
      for (Spending one : run.spending()) {
        lines.add(
            "           %s: %d asked for, %d tokens in, %d out, %s"
                .formatted(
                    one.target(),
                    one.asked(),
                    one.inputTokens(),
                    one.outputTokens(),
                    Spending.total(List.of(one))));
      }
    }
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
    judges(verdict).forEach(line -> page.append("- ").append(escaped(line.strip())).append('\n'));
    ratio("cost", verdict.cost()).ifPresent(r -> page.append("- ").append(r).append('\n'));
    page.append("- paid ").append(Spending.total(run.spending())).append('\n');
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
    String failed = side instanceof Side.Judged judged ? String.join(", ", judged.failed()) : "";
    return failed.isEmpty() && !pair.duels().isEmpty() ? "not preferred" : failed;
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
