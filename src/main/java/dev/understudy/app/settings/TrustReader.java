package dev.understudy.app.settings;

import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Reads certificates that are to be trusted. */
final class TrustReader {
  private final Path settingsFile;
  private final Problems problems;
  private boolean sound = true;

  TrustReader(Path settingsFile, Problems problems) {
    this.settingsFile = settingsFile;
    this.problems = problems;
  }

  /** Whether everything could be read so far. */
  boolean isSound() {
    return sound;
  }

  /** The certificates of a PEM file; none if it cannot be read, which has been reported. */
  List<X509Certificate> certificates(Text file) {
    Optional<Path> path = beside(settingsFile, file.value());
    if (path.isEmpty() || !Files.isReadable(path.get()) || Files.isDirectory(path.get())) {
      return wrong(file, "ca names no file that can be read");
    }
    try (var in = new BufferedInputStream(Files.newInputStream(path.get()))) {
      var all =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      return all.isEmpty() ? wrong(file, "ca holds no certificate") : all;
    } catch (IOException | CertificateException e) {
      return wrong(file, "ca holds no certificates in PEM that can be read");
    }
  }

  /** A file named in a settings file, relative to where that stands. */
  static Optional<Path> beside(Path settingsFile, String named) {
    try {
      return named.isEmpty() ? Optional.empty() : Optional.of(settingsFile.resolveSibling(named));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private List<X509Certificate> wrong(Text file, String message) {
    sound = false;
    problems.add(file.place(), message);
    return List.of();
  }
}
