package dev.understudy.contract;

import dev.understudy.contract.ContractFile.CapacityBlock;
import dev.understudy.contract.ContractFile.CommitmentBlock;
import dev.understudy.contract.ContractFile.FavourBlock;
import dev.understudy.contract.ContractFile.ProfitBlock;
import dev.understudy.contract.ContractFile.ShareBlock;
import dev.understudy.contract.ContractFile.SlaBlock;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.MoneyTerms.ProfitClause;
import dev.understudy.contract.MoneyTerms.ShareClause;
import dev.understudy.contract.MoneyTerms.SlaClause;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.text.Decimal;
import dev.understudy.text.Nearness;
import dev.understudy.text.Text;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes the money terms of a contract of what its file says. */
final class MoneyReader {
  private static final String TOKENS = "Tokens";
  private static final List<String> UNITS = List.of(TOKENS, "PTU", "GSU", "MU", "GW");

  private final Said said;
  private final Span term;
  private final Span lasting;
  private final Currency currency;

  /**
   * Of one contract.
   *
   * @param term as it was signed, which promises of amounts are for
   * @param lasting the term with all renewals
   */
  MoneyReader(Said said, Span term, Span lasting, Currency currency) {
    this.said = said;
    this.term = term;
    this.lasting = lasting;
    this.currency = currency;
  }

  MoneyTerms read(ContractFile file) {
    return new MoneyTerms(
        file.revenueShare().stream().map(this::share).flatMap(Optional::stream).toList(),
        file.profitParticipation().stream().map(this::profit).flatMap(Optional::stream).toList(),
        file.commitments().stream().map(this::commitment).flatMap(Optional::stream).toList(),
        file.capacity().stream().map(this::capacity).flatMap(Optional::stream).toList(),
        file.mfn().map(this::favour),
        file.sla().flatMap(this::sla));
  }

  private Optional<ShareClause> share(ShareBlock block) {
    String id = said.clause(block.id());
    Party payer = said.party(block.payer());
    Party payee = said.party(block.payee());
    if (payer.id().equals(payee.id())) {
      said.add(block.payee().place(), "payer and payee are the same party");
    }
    var deductions = EnumSet.noneOf(RevenueShare.Deduction.class);
    for (Text one : block.deduct()) {
      deductions.add(
          said.word(one, "deduction", RevenueShare.Deduction.class, RevenueShare.Deduction.TAX));
    }
    var accumulation = RevenueShare.Accumulation.class;
    var lifetime = RevenueShare.Accumulation.LIFETIME;
    Span window = said.window(block.window(), lasting);
    return said.made(
            block.id().place(),
            () ->
                new RevenueShare(
                    currency,
                    said.word(block.base(), "base", RevenueShare.Base.class, RevenueShare.Base.NET),
                    deductions,
                    said.word(
                        block.schedule(),
                        "schedule",
                        RevenueShare.Schedule.class,
                        RevenueShare.Schedule.MARGINAL),
                    said.word(block.accumulate(), "span", accumulation, lifetime),
                    block.tiers().stream()
                        .map(tier ->
                            new RevenueShare.Tier(
                                tier.to().map(Decimal::value), tier.rate().value()))
                        .toList(),
                    block
                        .minimumGuarantee()
                        .map(g ->
                            new RevenueShare.Guarantee(
                                g.amount().value(), g.recoupable().orElse(true))),
                    block
                        .cap()
                        .map(c ->
                            new RevenueShare.Cap(
                                c.amount().value(),
                                said.word(c.over(), "span", accumulation, lifetime),
                                c.carry().orElse(false))),
                    block.clawback().orElse(true)))
        .map(terms ->
            new ShareClause(
                id,
                payer,
                payee,
                said.scope(block.scope()),
                window,
                terms,
                block.until().map(Text::value),
                block.dueDays().orElse(30)));
  }

  private Optional<ProfitClause> profit(ProfitBlock block) {
    String id = said.clause(block.id());
    Party holder = said.party(block.holder());
    return said.made(
            block.id().place(),
            () ->
                new ProfitParticipation(
                    currency,
                    block.stages().stream()
                        .map(stage ->
                            new ProfitParticipation.Stage(
                                stage.untilPaid().map(Decimal::value), stage.rate().value()))
                        .toList(),
                    block
                        .cap()
                        .map(cap ->
                            new ProfitParticipation.Cap(
                                cap.amount().value(), cap.growth().map(Decimal::value))),
                    block.onCap().map(Text::value)))
        .map(terms -> new ProfitClause(id, holder, terms));
  }

  private Optional<CommitmentClause> commitment(CommitmentBlock block) {
    String id = said.clause(block.id());
    Party debtor = said.party(block.debtor());
    Party creditor = said.party(block.creditor());
    Span over = said.window(block.over(), term);
    if (over.to().isEmpty()) {
      said.add(block.id().place(), "a commitment has an end; say over: {from, to}");
      return Optional.empty();
    }
    Commitment.Kind kind =
        said.word(block.kind(), "kind", Commitment.Kind.class, Commitment.Kind.SPEND);
    if (isUnit(block.unit())) {
      fit(kind, block.unit());
    }
    return said.made(
            block.id().place(),
            () ->
                new Commitment(
                    kind,
                    block.amount().value(),
                    block.unit().value(),
                    over.from(),
                    over.to().get(),
                    block.floorPerMonth().map(Decimal::value),
                    said.word(
                        block.shortfall(),
                        "shortfall",
                        Commitment.Shortfall.class,
                        Commitment.Shortfall.PAY),
                    block
                        .rollover()
                        .map(r -> new Commitment.Rollover(part(r.maxPercent()), r.months())),
                    block
                        .prepay()
                        .flatMap(p ->
                            said.instant(p.at())
                                .map(at -> new Commitment.Prepay(part(p.percent()), at))),
                    said.word(
                        block.counts(),
                        "way to count",
                        Commitment.Counts.class,
                        Commitment.Counts.CONTRACTED),
                    block.price().map(Decimal::value)))
        .map(terms ->
            new CommitmentClause(id, debtor, creditor, said.scope(block.eligible()), terms));
  }

  private static BigDecimal part(Decimal percent) {
    return percent.value().movePointLeft(2);
  }

  private boolean isUnit(Text unit) {
    if (UNITS.contains(unit.value())) {
      return true;
    }
    try {
      Currencies.ofMoney(unit.value());
      return true;
    } catch (IllegalArgumentException e) {
      said.add(
          unit.place(),
          "unknown unit %s%s; it is a currency such as USD, or one of %s"
              .formatted(
                  Nearness.quoted(unit.value()),
                  Nearness.hint(unit.value(), UNITS),
                  String.join(", ", UNITS)));
      return false;
    }
  }

  /** The unit in which capacity is bought. */
  private void capacityUnit(Text unit) {
    List<String> known = UNITS.subList(1, UNITS.size());
    if (!known.contains(unit.value())) {
      said.add(
          unit.place(),
          "unknown unit %s%s; capacity is bought in one of %s"
              .formatted(
                  Nearness.quoted(unit.value()),
                  Nearness.hint(unit.value(), known),
                  String.join(", ", known)));
    }
  }

  private Scope favour(FavourBlock block) {
    block
        .remedy()
        .filter(remedy -> !remedy.value().equals("credit"))
        .ifPresent(remedy ->
            said.add(
                remedy.place(),
                "unknown remedy %s; what was paid too much is a credit"
                    .formatted(Nearness.quoted(remedy.value()))));
    return said.scope(block.scope());
  }

  /** What is promised in is of the kind that was promised. */
  private void fit(Commitment.Kind kind, Text unit) {
    boolean known = UNITS.contains(unit.value());
    Optional<String> wanted =
        switch (kind) {
          case SPEND ->
              unit.value().equals(currency.getCurrencyCode())
                  ? Optional.empty()
                  : Optional.of("in the contract's currency, " + currency.getCurrencyCode());
          case USAGE ->
              unit.value().equals(TOKENS) ? Optional.empty() : Optional.of("in " + TOKENS);
          case CAPACITY ->
              known && !unit.value().equals(TOKENS)
                  ? Optional.empty()
                  : Optional.of("in units of capacity, such as PTU");
        };
    wanted.ifPresent(how ->
        said.add(
            unit.place(),
            "a commitment of %s is %s, not in %s"
                .formatted(
                    kind.name().toLowerCase(Locale.ROOT), how, Nearness.quoted(unit.value()))));
  }

  private Optional<CapacityClause> capacity(CapacityBlock block) {
    String id = said.clause(block.id());
    Party host = said.party(block.host());
    capacityUnit(block.unit());
    Span window = said.window(block.window(), lasting);
    return said.made(
            block.id().place(),
            () ->
                new CapacityPurchase(
                    block.units().value(),
                    block.unit().value(),
                    Money.of(block.pricePerUnitHour().value(), currency),
                    block
                        .throughput()
                        .map(t ->
                            new CapacityPurchase.Throughput(
                                t.inputTokensPerMinute().value(),
                                t.outputWeight().value(),
                                t.cachedWeight().map(Decimal::value).orElse(BigDecimal.ZERO))),
                    block
                        .spillOver()
                        .map(s ->
                            new CapacityPurchase.Spill(
                                s.maxShare().map(Decimal::value).orElse(BigDecimal.ONE),
                                s.priceCap().map(Decimal::value)))))
        .map(terms ->
            new CapacityClause(
                id,
                host,
                said.deployments(block.models()),
                Said.text(block.region()),
                window,
                block.heldBy().map(Text::value),
                block.spillOver().map(s -> Said.texts(s.to())).orElse(List.of()),
                terms));
  }

  private Optional<SlaClause> sla(SlaBlock block) {
    return said.made(
            block.availability().place(),
            () ->
                new ServiceCredits(
                    block.availability().value(),
                    block.credits().stream()
                        .map(credit ->
                            new ServiceCredits.Credit(
                                credit.below().value(), part(credit.percent())))
                        .toList()))
        .map(credits ->
            new SlaClause(credits, block.latencyP95Ms().orElse(0), Said.texts(block.exclude())));
  }
}
