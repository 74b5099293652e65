package dev.understudy.app;

import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractChecks;
import dev.understudy.contract.ContractReader;
import dev.understudy.contract.ContractVersion;
import dev.understudy.text.Problems;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads contracts from files, and from the files of folders. */
final class ContractFiles {
  private ContractFiles() {}

  /**
   * All versions.
   *
   * @throws IOException if a file cannot be read, or something is wrong with one: all of it, with
   *     line and column
   */
  static ContractBook read(List<Path> paths) throws IOException {
    var problems = new Problems();
    var versions = new ArrayList<ContractVersion>();
    for (Path path : paths) {
      for (Path file : files(path)) {
        try (var in = Files.newInputStream(file)) {
          ContractReader.read(file.toString(), in.readNBytes(YamlReader.BYTES_MAX + 1), problems)
              .ifPresent(versions::add);
        } catch (NoSuchFileException e) {
          throw new IOException(file + ": no such file", e);
        }
      }
    }
    var book = new ContractBook(versions);
    if (problems.isEmpty()) {
      ContractChecks.of(book, problems);
    }
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems.lines()));
    }
    return book;
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> in = Files.list(path)) {
      return in.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
