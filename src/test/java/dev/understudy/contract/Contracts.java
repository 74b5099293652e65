package dev.understudy.contract;

import dev.understudy.text.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Contracts for tests. */
public final class Contracts {
  private Contracts() {}

  private static final Map<String, ContractVersion> EXAMPLES = new ConcurrentHashMap<>();

  /** What every contract has, to be followed by terms. */
  static final String HEAD =
      """
      contract:
        id: acme
        version: 1
        parties:
          - {id: us, role: customer}
          - {id: a, role: host, vendors: [a]}
          - {id: b, role: host, vendors: [b]}
        term: {from: 2019-01-01}
        currency: USD
      """;

  /** A contract that is right. */
  public static ContractVersion of(String yaml) {
    var problems = new Problems();
    Optional<ContractVersion> version = read("c.yaml", yaml, problems);
    return version.orElseThrow(() -> new AssertionError(problems.lines()));
  }

  /** One that has the usual head. */
  public static ContractVersion terms(String yaml) {
    return of(HEAD + yaml);
  }

  static Optional<ContractVersion> read(String file, String yaml, Problems problems) {
    return ContractReader.read(file, yaml.getBytes(StandardCharsets.UTF_8), problems);
  }

  /** What is wrong with one. */
  static List<String> wrong(String yaml) {
    var problems = new Problems();
    Optional<ContractVersion> version = read("c.yaml", yaml, problems);
    if (version.isPresent()) {
      ContractChecks.of(new ContractBook(List.of(version.get())), problems);
    }
    return problems.lines();
  }

  /** One of the four versions of the example: a, b, c or d. */
  public static ContractVersion example(String letter) {
    return EXAMPLES.computeIfAbsent(letter, Contracts::readExample);
  }

  private static ContractVersion readExample(String letter) {
    Path file = Path.of("examples/contracts/microsoft-openai-" + letter + ".yaml");
    try {
      var problems = new Problems();
      return ContractReader.read(file.toString(), Files.readAllBytes(file), problems)
          .orElseThrow(() -> new AssertionError(problems.lines()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Instant at(String day) {
    return day.contains("T") ? Instant.parse(day) : Instant.parse(day + "T00:00:00Z");
  }

  /** A version under which we buy from a host named maker. */
  public static ContractVersion bought(int number, String from, String terms) {
    return of(head("bought", number, "customer", "host", from) + terms);
  }

  /** A version under which we resell what a vendor named maker sells. */
  public static ContractVersion resale(int number, String from, String terms) {
    return of(head("resale", number, "reseller", "vendor", from) + terms);
  }

  private static String head(String id, int number, String ours, String theirs, String from) {
    return """
    contract:
      id: %s
      version: %d
      parties:
        - {id: us, role: %s}
        - {id: maker, role: %s, vendors: [maker]}
      term: {from: %s}
      currency: USD
    """
        .formatted(id, number, ours, theirs, from);
  }
}
