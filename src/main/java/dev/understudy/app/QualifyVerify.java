package dev.understudy.app;

import dev.understudy.evaluation.Certificate;
import dev.understudy.evaluation.Certificates;
import dev.understudy.evaluation.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies a certificate, and that the outcomes beside it are those it was issued for. */
@Command(
    name = "verify",
    description = {
      "Verify a certificate's signature, and the outcomes beside it if they are there.",
      "Exit code: 0 as it was signed, whatever its verdict; 1 not."
    },
    mixinStandardHelpOptions = true)
final class QualifyVerify implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "CERT",
      description = "A certificate.json, or the folder of a run.")
  private Path file = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "PEM",
      description =
          "A public key that may have signed it; else the data folder's own and trusted ones.")
  private List<Path> keys = List.of();

  @Option(names = "--data", paramLabel = "DIR", description = "Where runs are kept; ./data.")
  private Path data = Path.of("data");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path path = Files.isDirectory(file) ? file.resolve(Certificates.FILE) : file;
      var trusted = new ArrayList<PublicKey>();
      for (Path key : keys) {
        trusted.add(SigningKey.readPublic(key));
      }
      if (keys.isEmpty()) {
        trusted.addAll(SigningKey.trusted(data.resolve("qualify")));
      }
      return switch (Certificates.verify(Files.readString(path), trusted)) {
        case Certificates.Checked.Refused(String why) -> {
          err.println("%s: %s".formatted(path, why));
          err.flush();
          yield 1;
        }
        case Certificates.Checked.Valid(Certificate certificate) -> {
          Path items = path.resolveSibling("items.jsonl");
          if (Files.exists(items)
              && !Certificate.hash(Files.readString(items)).equals(certificate.outcomesHash())) {
            err.println("%s is not what the certificate was issued for".formatted(items));
            err.flush();
            yield 1;
          }
          print(certificate, out);
          yield 0;
        }
      };
    } catch (NoSuchFileException e) {
      err.println("there is no file " + e.getFile());
    } catch (IOException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }

  private static void print(Certificate certificate, PrintWriter out) {
    out.println("%s: %s".formatted(certificate.verdict(), certificate.why()));
    out.println("signed     run %s of %s".formatted(certificate.run(), certificate.at()));
    out.println("suite      %s, sha256 %s".formatted(certificate.suite(), certificate.suiteHash()));
    out.println("candidate  " + certificate.candidate());
    out.println("incumbent  " + certificate.incumbent());
    out.println("parameters " + certificate.parameters());
    out.println(
        "outcomes   %d pairs, sha256 %s"
            .formatted(certificate.pairs(), certificate.outcomesHash()));
    if (certificate.sandbox()) {
      out.println("sandbox    its answers are those of vendors in a box, not of those named");
    }
    certificate.warnings().forEach(warning -> out.println("warning    " + warning));
    out.flush();
  }
}
