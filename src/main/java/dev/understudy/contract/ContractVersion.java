package dev.understudy.contract;

import dev.understudy.money.Rounding;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One version of a contract: never changed, only followed by another.
 *
 * @param contract the contract's id, the same in all versions
 * @param version counted from 1
 * @param supersedes the version it takes the place of
 * @param term from when to when, unless another version follows
 * @param renewal how it goes on after its end
 * @param currency of its amounts
 * @param rounding how statements round
 * @param document what it was made from
 * @param origins where each clause comes from, by its id
 * @param mentions the names it says of models and vendors
 * @param effectOf the trigger that made it of the version before; empty for one that was agreed
 */
public record ContractVersion(
    String contract,
    int version,
    Optional<Integer> supersedes,
    List<Party> parties,
    Span term,
    Renewal renewal,
    Currency currency,
    Rounding rounding,
    Document document,
    Map<String, Origin> origins,
    Mentions mentions,
    MoneyTerms money,
    Rights rights,
    Duties duties,
    Optional<String> effectOf) {
  public ContractVersion {
    parties = List.copyOf(parties);
    origins = Map.copyOf(origins);
  }

  /**
   * How it goes on.
   *
   * @param auto whether it is renewed unless somebody stops it
   * @param noticeDays so many days before its end
   */
  public record Renewal(boolean auto, int noticeDays) {}

  /**
   * The text it was made from.
   *
   * @param name what it is called; empty if not said
   * @param sha256 of it; empty if not said
   */
  public record Document(String name, String sha256, Origin.Witness witness, String governingLaw) {}

  /** The party of an id. */
  public Optional<Party> party(String id) {
    return parties.stream().filter(party -> party.id().equals(id)).findFirst();
  }

  /** The clause of an id, as records name it. */
  public Basis basis(String clause) {
    Origin origin = origins.get(clause);
    return new Basis(contract, version, clause, origin == null ? "" : origin.section());
  }

  /** The same with another term. */
  ContractVersion during(Span other) {
    return new ContractVersion(
        contract,
        version,
        supersedes,
        parties,
        other,
        renewal,
        currency,
        rounding,
        document,
        origins,
        mentions,
        money,
        rights,
        duties,
        effectOf);
  }

  /** As people name it. */
  public String name() {
    return contract + " v" + version;
  }

  /** Whether something is served by one of its parties. */
  boolean isServedByParty(String vendor, String kind) {
    for (Party party : parties) {
      if (party.serves(vendor, kind)) {
        return true;
      }
    }
    return false;
  }
}
