package dev.understudy.settlement;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes documents as files: HTML and PDF to send, CSV and JSON to load; each whole or not. */
public final class StatementFiles {
  private StatementFiles() {}

  /** The files of a statement, in the order written. */
  public static List<Path> write(SettlementDesk.Made made, Path folder) throws IOException {
    String name =
        "%s-%s-r%d"
            .formatted(made.statement().contract(), made.statement().period(), made.revision());
    return write(
        StatementPaper.of(made),
        StatementPaper.csv(made),
        made.body(),
        made.madeAt(),
        folder,
        name);
  }

  static List<Path> write(
      Paper paper, String csv, String json, Instant madeAt, Path folder, String name)
      throws IOException {
    Files.createDirectories(folder);
    var files = new ArrayList<Path>();
    files.add(whole(folder.resolve(name + ".html"), bytes(PaperHtml.of(paper))));
    files.add(whole(folder.resolve(name + ".pdf"), PaperPdf.of(paper, madeAt)));
    files.add(whole(folder.resolve(name + ".csv"), bytes(csv)));
    files.add(whole(folder.resolve(name + ".json"), bytes(json + "\n")));
    return files;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Path whole(Path file, byte[] bytes) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.write(beside, bytes);
    return Files.move(
        beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
