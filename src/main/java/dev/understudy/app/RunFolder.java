package dev.understudy.app;

import dev.understudy.evaluation.Certificate;
import dev.understudy.evaluation.Certificates;
import dev.understudy.evaluation.Pair;
import dev.understudy.evaluation.ReportHtml;
import dev.understudy.evaluation.ReportJson;
import dev.understudy.evaluation.ReportJunit;
import dev.understudy.evaluation.ReportText;
import dev.understudy.evaluation.Run;
import dev.understudy.evaluation.SigningKey;
import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a run leaves: its reports, its items and its certificate. */
final class RunFolder {
  private RunFolder() {}

  /** Writes all of it, and says where. */
  static Path write(Path runs, Run run, SigningKey key) throws IOException {
    Path folder = runs.resolve(run.id());
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.json"), ReportJson.report(run).toPrettyString());
    Files.writeString(folder.resolve("report.md"), ReportText.markdown(run));
    Files.writeString(folder.resolve("report.html"), ReportHtml.page(run));
    Files.writeString(folder.resolve("junit.xml"), ReportJunit.xml(run));
    var items = new StringBuilder();
    for (Pair pair : run.pairs()) {
      items.append(Json.text(ReportJson.item(pair))).append('\n');
    }
    Files.writeString(folder.resolve("items.jsonl"), items);
    Files.writeString(
        folder.resolve(Certificates.FILE),
        Certificates.issue(Certificate.of(run, items.toString()), key));
    return folder;
  }
}
