package dev.understudy.evaluation;

import java.util.Locale;

/**
 * A run as a test report that build servers read: the verdict is one test, and so is each case of
 * the candidate.
 */
public final class ReportJunit {
  private ReportJunit() {}

  public static String xml(Run run) {
    var cases = new StringBuilder();
    int failures = 0;
    int skipped = 0;
    Verdict verdict = run.verdict();
    cases.append("  <testcase classname=\"verdict\" name=\"").append(escaped(run.candidate()));
    cases.append(" in the place of ").append(escaped(run.incumbent())).append("\">");
    if (verdict.decision() != Verdict.Decision.QUALIFIED) {
      failures++;
      cases.append("<failure message=\"");
      cases.append(verdict.decision().name().toLowerCase(Locale.ROOT)).append(": ");
      cases.append(escaped(verdict.why())).append("\"/>");
    }
    cases.append("</testcase>\n");
    for (Pair pair : run.pairs()) {
      cases.append("  <testcase classname=\"").append(escaped(run.suite().name()));
      cases.append("\" name=\"").append(escaped(pair.asked().id())).append("\">");
      boolean compared = !pair.duels().isEmpty();
      switch (pair.candidate()) {
        case Side.Judged _ when compared && pair.preference().isEmpty() -> {
          skipped++;
          cases.append("<skipped message=\"the judges said nothing\"/>");
        }
        case Side.Judged _ when pair.preference().filter(p -> p < 0.5).isPresent() -> {
          failures++;
          cases.append("<failure message=\"the incumbent's answer is preferred\"/>");
        }
        case Side.Judged judged when judged.passRate() == 1 -> {}
        case Side.Judged judged -> {
          failures++;
          cases.append("<failure message=\"failed ");
          cases.append(escaped(String.join(", ", judged.failed()))).append("\"/>");
        }
        case Side.Unjudged unjudged -> {
          skipped++;
          cases.append("<skipped message=\"").append(escaped(unjudged.message())).append("\"/>");
        }
      }
      cases.append("</testcase>\n");
    }
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuite name="%s" tests="%d" failures="%d" skipped="%d" timestamp="%s">
    %s</testsuite>
    """
        .formatted(
            escaped(run.suite().name()),
            run.pairs().size() + 1,
            failures,
            skipped,
            run.at(),
            cases);
  }

  static String escaped(String text) {
    return text.replaceAll("[^\\x20-\\uD7FF\\uE000-\\uFFFD]", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
