package dev.understudy.app;

import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.BillingReader;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the file that says who is billed, and what was bought and invoiced. */
final class BillingFile {
  private BillingFile() {}

  /**
   * Reads one.
   *
   * @throws IOException if it cannot be read, or with everything that is wrong with it
   */
  static Billing read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    }
    var problems = new Problems();
    var billing = BillingReader.read(file.toString(), bytes, problems);
    if (!problems.isEmpty() || billing.isEmpty()) {
      throw new IOException(String.join("\n", problems.lines()));
    }
    return billing.get();
  }
}
