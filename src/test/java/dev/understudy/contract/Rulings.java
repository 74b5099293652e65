package dev.understudy.contract;

import static dev.understudy.contract.Contracts.at;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What contracts of examples allow on a day, after what happened. */
final class Rulings {
  static final Map<String, String> VENDORS =
      Map.of("a", "custom", "b", "custom", "azure", "azure-openai", "openai", "openai");

  static final Subject API =
      Subject.asker("default", "default", Map.of("channel", "api"), Set.of());

  static final ContractVersion EXCLUSIVE =
      Contracts.terms(
          """
          exclusivity:
            - id: ex-1
              grantor: us
              beneficiary: a
              kind: exclusive
              of: hosting
              scope: {models: ["gpt-*"], channels: [api]}
              window: {from: 2019-07-01, to: 2025-01-21}
              carve-outs:
                - {name: outage, outage-of: a, longer-than: 15m}
                - {name: security, scope: {segments: [national-security]}}
          rofr:
            - id: rofr-1
              holder: a
              grantor: us
              of: capacity
              window: {from: 2025-01-21}
              notice-days: 30
              match: {partial: true, min-units: 50}
          """);

  private Rulings() {}

  /** A ruling by a clause in its written form, such as {@code acme v1 ex-1}. */
  static Ruling ruled(boolean allowed, String clause, String why) {
    String[] parts = clause.split(" v| ", 3);
    var basis = new Basis(parts[0], Integer.parseInt(parts[1]), parts[2], "");
    return new Ruling(allowed, clause, why, Optional.of(basis));
  }

  static Ruling ask(ContractVersion version, String vendor, String day, Chain chain) {
    return ask(version, vendor, "gpt-x", day, chain, API);
  }

  static Ruling ask(
      ContractVersion version, String vendor, String model, String day, Chain chain, Subject who) {
    return state(version, chain, day).rules().judge(vendor, "custom", model, "", who);
  }

  static ContractState state(ContractVersion version, Chain chain, String day) {
    return ContractState.of(new ContractBook(List.of(version)), VENDORS, chain.log(), at(day));
  }
}
