package dev.understudy.app.settings;

import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractChecks;
import dev.understudy.contract.ContractReader;
import dev.understudy.contract.ContractVersion;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the files that settings name: price books, contracts, tariffs. */
final class NamedFiles {
  private final Path folder;
  private final Problems problems;

  NamedFiles(Path file, Problems problems) {
    this.folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    this.problems = problems;
  }

  List<Path> priceBooks(SettingsFile.PricesBlock said) {
    var books = new ArrayList<Path>();
    for (Text book : said.books()) {
      Path path = folder.resolve(book.value());
      if (Files.isReadable(path)) {
        books.add(path);
      } else {
        problems.add(book.place(), "there is no price book " + Nearness.quoted(book.written()));
      }
    }
    return books;
  }

  ContractBook contracts(List<Text> said) {
    var versions = new ArrayList<ContractVersion>();
    int before = problems.total();
    for (Text name : said) {
      Path path = folder.resolve(name.value());
      try (var in = Files.newInputStream(path)) {
        ContractReader.read(name.value(), in.readNBytes(YamlReader.BYTES_MAX + 1), problems)
            .ifPresent(versions::add);
      } catch (IOException e) {
        problems.add(name.place(), "there is no contract " + Nearness.quoted(name.written()));
      }
    }
    var book = new ContractBook(versions);
    if (problems.total() == before) {
      ContractChecks.of(book, problems);
    }
    return book;
  }

  Optional<Settings.Settlement> settlement(SettingsFile.SettlementBlock said) {
    Optional<Path> tariffs = said.tariffs().map(text -> folder.resolve(text.value()));
    if (tariffs.isPresent() && !Files.isReadable(tariffs.get())) {
      Text text = said.tariffs().orElseThrow();
      problems.add(text.place(), "there is no file of tariffs " + Nearness.quoted(text.written()));
    }
    if (said.day().isEmpty()) {
      said.as()
          .or(said::out)
          .or(said::tariffs)
          .ifPresent(text ->
              problems.add(
                  text.place(), "nothing is settled by itself without a day; add settlement.day"));
    }
    return said.day()
        .map(day ->
            new Settings.Settlement(
                day,
                said.months().orElse(12),
                said.as().map(Text::value),
                said.out().map(text -> folder.resolve(text.value())),
                tariffs));
  }
}
