package dev.understudy.settlement;

import dev.understudy.contract.Contract;
import dev.understudy.contract.Party;
import java.util.List;
import java.util.Optional;

/** Finds out which party of a contract we are. */
public final class We {
  private We() {}

  /**
   * The party that was named; else the only one through which nothing is served, since vendors are
   * others; else none, and empty.
   *
   * @throws Unsettled if there is none of that name
   */
  public static String of(Contract contract, Optional<String> named) {
    List<Party> parties = contract.versions().getLast().parties();
    if (named.isPresent()) {
      if (contract.versions().stream().noneMatch(v -> v.party(named.get()).isPresent())) {
        throw new Unsettled(
            "%s is no party of %s; its parties: %s"
                .formatted(
                    named.get(),
                    contract.id(),
                    String.join(", ", parties.stream().map(Party::id).toList())));
      }
      return named.get();
    }
    List<Party> without = parties.stream().filter(party -> party.vendors().isEmpty()).toList();
    return without.size() == 1 ? without.getFirst().id() : "";
  }
}
