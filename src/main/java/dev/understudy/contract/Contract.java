package dev.understudy.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A contract with all its versions.
 *
 * @param versions in the order in which they take effect; never empty
 * @param excluded times in which service levels do not count
 */
public record Contract(String id, List<ContractVersion> versions, List<Excluded> excluded) {
  /** One under which nothing is excluded. */
  public Contract(String id, List<ContractVersion> versions) {
    this(id, versions, List.of());
  }

  public Contract {
    versions =
        versions.stream()
            .sorted(
                Comparator.comparing((ContractVersion v) -> v.term().from())
                    .thenComparingInt(ContractVersion::version))
            .toList();
    excluded = List.copyOf(excluded);
  }

  /** When a version is in force: from its beginning to its end or the next one's beginning. */
  public Span inForce(ContractVersion version) {
    int at = versions.indexOf(version);
    if (at < 0) {
      throw new IllegalArgumentException(version.name() + " is no version of " + id);
    }
    Optional<Instant> end = version.term().to();
    if (at + 1 < versions.size()) {
      Instant next = versions.get(at + 1).term().from();
      if (end.isEmpty() || next.isBefore(end.get())) {
        end = Optional.of(next);
      }
    }
    return new Span(version.term().from(), end);
  }

  /**
   * How long promises of a version count: until the next one takes its place. Those of the last
   * have ends of their own, which may lie behind the contract's.
   */
  public Span promising(ContractVersion version) {
    Span force = inForce(version);
    return versions.getLast().equals(version) ? new Span(force.from(), Optional.empty()) : force;
  }

  /** The version in force at an instant. */
  public Optional<ContractVersion> at(Instant instant) {
    for (ContractVersion version : versions.reversed()) {
      if (!instant.isBefore(version.term().from())) {
        return version.term().isOver(instant) ? Optional.empty() : Optional.of(version);
      }
    }
    return Optional.empty();
  }

  /** The version of a number. */
  public Optional<ContractVersion> version(int number) {
    return versions.stream().filter(version -> version.version() == number).findFirst();
  }

  /** The same with a further version. */
  Contract with(ContractVersion version) {
    var all = new ArrayList<>(versions);
    all.add(version);
    return new Contract(id, all, excluded);
  }
}
