package dev.understudy.contract;

import dev.understudy.contract.Rights.Denial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Makes of a version the one that a trigger's effects leave. */
public final class Effects {
  private Effects() {}

  /**
   * The version after the effects: a new one, the other stays as it is.
   *
   * @param from when it begins
   * @param number the number of the new version
   */
  public static ContractVersion apply(
      ContractVersion version, Trigger trigger, Instant from, int number) {
    ContractVersion made = version;
    for (Effect effect : trigger.effects()) {
      made = after(made, trigger, effect);
    }
    Rights rights = made.rights();
    List<Trigger> left =
        trigger.reversible()
            ? rights.triggers()
            : rights.triggers().stream().filter(t -> !t.id().equals(trigger.id())).toList();
    return new ContractVersion(
        made.contract(),
        number,
        Optional.of(version.version()),
        made.parties(),
        new Span(from, version.term().to()),
        made.renewal(),
        made.currency(),
        made.rounding(),
        made.document(),
        made.origins(),
        made.mentions(),
        made.money(),
        new Rights(
            rights.exclusivities(),
            rights.refusals(),
            left,
            rights.licenses(),
            rights.dataUse(),
            rights.regions(),
            rights.denied(),
            rights.metrics()),
        made.duties(),
        Optional.of(trigger.id()));
  }

  private static ContractVersion after(ContractVersion version, Trigger trigger, Effect effect) {
    return switch (effect) {
      case Effect.End(String clause) -> without(version, clause);
      case Effect.Keep(String clause, Optional<Instant> until) -> kept(version, clause, until);
      case Effect.Set(String clause, String value) -> set(version, clause, value);
      case Effect.Deny(var models, var vendors) -> {
        var denied = new ArrayList<>(version.rights().denied());
        denied.add(new Denial(trigger.id(), models, vendors));
        Rights rights = version.rights();
        yield with(
            version,
            version.money(),
            new Rights(
                rights.exclusivities(),
                rights.refusals(),
                rights.triggers(),
                rights.licenses(),
                rights.dataUse(),
                rights.regions(),
                denied,
                rights.metrics()));
      }
    };
  }

  private static ContractVersion without(ContractVersion version, String clause) {
    Rights rights = version.rights();
    MoneyTerms money = version.money();
    return with(
        version,
        new MoneyTerms(
            but(money.shares(), "revenue-share.", MoneyTerms.ShareClause::id, clause),
            but(money.profits(), "profit-participation.", MoneyTerms.ProfitClause::id, clause),
            but(money.commitments(), "commitment.", MoneyTerms.CommitmentClause::id, clause),
            but(money.capacity(), "capacity.", MoneyTerms.CapacityClause::id, clause),
            money.mfn(),
            money.sla()),
        new Rights(
            but(rights.exclusivities(), "exclusivity.", Exclusivity::id, clause),
            but(rights.refusals(), "rofr.", FirstRefusal::id, clause),
            rights.triggers(),
            but(rights.licenses(), "license.", License::id, clause),
            rights.dataUse(),
            rights.regions(),
            rights.denied(),
            rights.metrics()));
  }

  private static <T> List<T> but(List<T> all, String block, Function<T, String> id, String clause) {
    return all.stream().filter(one -> !clause.equals(block + id.apply(one))).toList();
  }

  private static ContractVersion kept(
      ContractVersion version, String clause, Optional<Instant> until) {
    Rights rights = version.rights();
    return with(
        version,
        version.money(),
        new Rights(
            rights.exclusivities(),
            rights.refusals(),
            rights.triggers(),
            rights.licenses().stream()
                .map(license ->
                    clause.equals("license." + license.id()) && until.isPresent()
                        ? license.during(new Span(license.span().from(), until))
                        : license)
                .toList(),
            rights.dataUse(),
            rights.regions(),
            rights.denied(),
            rights.metrics()));
  }

  private static ContractVersion set(ContractVersion version, String clause, String value) {
    Exclusivity.Kind kind =
        Exclusivity.Kind.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
    Rights rights = version.rights();
    return with(
        version,
        version.money(),
        new Rights(
            rights.exclusivities().stream()
                .map(one -> clause.equals("exclusivity." + one.id()) ? one.with(kind) : one)
                .toList(),
            rights.refusals(),
            rights.triggers(),
            rights.licenses(),
            rights.dataUse(),
            rights.regions(),
            rights.denied(),
            rights.metrics()));
  }

  private static ContractVersion with(ContractVersion v, MoneyTerms money, Rights rights) {
    return new ContractVersion(
        v.contract(),
        v.version(),
        v.supersedes(),
        v.parties(),
        v.term(),
        v.renewal(),
        v.currency(),
        v.rounding(),
        v.document(),
        v.origins(),
        v.mentions(),
        money,
        rights,
        v.duties(),
        v.effectOf());
  }
}
