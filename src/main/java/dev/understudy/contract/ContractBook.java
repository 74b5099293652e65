package dev.understudy.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All contracts there are, one immutable value. */
public final class ContractBook {
  /** No contract at all. */
  public static final ContractBook EMPTY = new ContractBook(List.of());

  private final Map<String, Contract> contracts;

  /** Puts versions together by the contract they are of. */
  public ContractBook(Collection<ContractVersion> versions) {
    var byId = new TreeMap<String, List<ContractVersion>>();
    for (ContractVersion version : versions) {
      byId.computeIfAbsent(version.contract(), _ -> new ArrayList<>()).add(version);
    }
    var all = new TreeMap<String, Contract>();
    byId.forEach((id, of) -> all.put(id, new Contract(id, of)));
    contracts = all;
  }

  private ContractBook(Map<String, Contract> contracts) {
    this.contracts = contracts;
  }

  /** The same with times in which service levels do not count, by contract. */
  ContractBook excluding(Map<String, List<Excluded>> excluded) {
    var all = new TreeMap<>(contracts);
    excluded.forEach(
        (id, of) -> all.computeIfPresent(id, (_, one) -> new Contract(id, one.versions(), of)));
    return new ContractBook(all);
  }

  /** All of them, by id. */
  public List<Contract> contracts() {
    return List.copyOf(contracts.values());
  }

  public Optional<Contract> contract(String id) {
    return Optional.ofNullable(contracts.get(id));
  }

  /** The versions in force at an instant, by the id of their contract. */
  public List<ContractVersion> at(Instant instant) {
    var all = new ArrayList<ContractVersion>();
    for (Contract contract : contracts.values()) {
      contract.at(instant).ifPresent(all::add);
    }
    return all;
  }

  public boolean isEmpty() {
    return contracts.isEmpty();
  }

  /** All versions, by contract and beginning. */
  public List<ContractVersion> versions() {
    return contracts.values().stream().flatMap(c -> c.versions().stream()).toList();
  }

  /** The same with further versions. */
  public ContractBook with(List<ContractVersion> further) {
    if (further.isEmpty()) {
      return this;
    }
    var all = new ArrayList<>(versions());
    all.addAll(further);
    return new ContractBook(all);
  }
}
