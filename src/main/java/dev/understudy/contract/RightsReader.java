package dev.understudy.contract;

import dev.understudy.access.Glob;
import dev.understudy.contract.ContractFile.ExclusivityBlock;
import dev.understudy.contract.ContractFile.LicenseBlock;
import dev.understudy.contract.ContractFile.RofrBlock;
import dev.understudy.routing.Conditions;
import dev.understudy.text.Decimal;
import dev.understudy.text.Text;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the rights of a contract of what its file says. */
final class RightsReader {
  private final Said said;
  private final Span term;

  RightsReader(Said said, Span term) {
    this.said = said;
    this.term = term;
  }

  Rights read(ContractFile file) {
    List<String> metrics = file.metrics().all().stream().map(e -> e.name().value()).toList();
    var triggers = new TriggerReader(said, metrics);
    return new Rights(
        file.exclusivity().stream().map(this::exclusivity).toList(),
        file.rofr().stream().map(this::refusal).toList(),
        file.triggers().stream().map(triggers::read).flatMap(Optional::stream).toList(),
        file.licenses().stream().map(this::license).toList(),
        file.dataUse()
            .map(block ->
                new DataUse(
                    said.scope(block.scope()),
                    block.inputsTrain().orElse(false),
                    block.outputsTrainCompeting().orElse(true),
                    block.retentionDays(),
                    block.humanReview().orElse(false),
                    Said.text(block.subprocessors()),
                    Said.texts(block.residency()))),
        file.regions().map(this::regions),
        List.of(),
        metrics);
  }

  private Exclusivity exclusivity(ExclusivityBlock block) {
    String id = said.clause(block.id());
    Exclusivity.Kind kind =
        said.word(block.kind(), "kind", Exclusivity.Kind.class, Exclusivity.Kind.EXCLUSIVE);
    var carveOuts = new ArrayList<CarveOut>();
    for (var one : block.carveOuts()) {
      Scope scope = said.scope(one.scope());
      Optional<Party> outage = one.outageOf().map(said::party);
      if (outage.isEmpty() && scope.equals(Scope.ANY)) {
        said.add(block.id().place(), "a carve-out needs outage-of or a scope, or it is everything");
      }
      carveOuts.add(
          new CarveOut(
              one.name().map(Text::value).orElse(outage.isPresent() ? "outage" : "scope"),
              outage,
              one.longerThan().orElse(Duration.ofMinutes(15)),
              one.drain().orElse(Duration.ZERO),
              scope));
    }
    if ((kind == Exclusivity.Kind.PREFERRED_FIRST) != block.firstLaunch().isPresent()) {
      said.add(block.kind().place(), "preferred-first and first-launch: {days} belong together");
    }
    Party beneficiary = said.party(block.beneficiary());
    if (kind != Exclusivity.Kind.NON_EXCLUSIVE && beneficiary.vendors().isEmpty()) {
      said.add(
          block.beneficiary().place(),
          "party %s has no vendors, so nothing at all could be asked; name them"
              .formatted(beneficiary.id()));
    }
    Exclusivity.Of of =
        said.word(block.of(), "subject", Exclusivity.Of.class, Exclusivity.Of.HOSTING);
    Scope scope = said.scope(block.scope());
    if (of == Exclusivity.Of.RESALE && scope.channels().isEmpty()) {
      scope = scope.withChannels(List.of(new Glob("resale")));
    }
    return new Exclusivity(
        id,
        said.party(block.grantor()),
        beneficiary,
        kind,
        of,
        scope,
        said.window(block.window(), term),
        carveOuts,
        block.firstLaunch().map(ContractFile.LaunchBlock::days).orElse(0));
  }

  private FirstRefusal refusal(RofrBlock block) {
    return new FirstRefusal(
        said.clause(block.id()),
        said.party(block.holder()),
        said.party(block.grantor()),
        said.word(block.of(), "subject", FirstRefusal.Of.class, FirstRefusal.Of.CAPACITY),
        said.scope(block.scope()),
        said.window(block.window(), term),
        block.noticeDays(),
        block.match().priceTolerancePercent().map(Decimal::value).orElse(BigDecimal.ZERO),
        block.match().partial().orElse(false),
        block.match().minUnits().map(Decimal::value).orElse(BigDecimal.ZERO),
        said.word(
            block.silence(), "silence", FirstRefusal.Silence.class, FirstRefusal.Silence.WAIVED),
        block.recheckIfTermsChange().orElse(true));
  }

  private License license(LicenseBlock block) {
    Span span = said.window(new ContractFile.WindowBlock(Optional.empty(), block.until()), term);
    return new License(
        said.clause(block.id()),
        said.word(block.of(), "subject", License.Of.class, License.Of.MODELS),
        said.party(block.licensor()),
        said.party(block.licensee()),
        said.scope(block.scope()),
        span,
        block.exclusive().orElse(false),
        block.sublicense().orElse(false),
        block.onPremises().orElse(false),
        block.escrow().map(e -> new License.Escrow(e.agent().value(), Said.texts(e.releaseOn()))));
  }

  private RegionRule regions(ContractFile.RegionsBlock block) {
    for (Text region : block.allow()) {
      if (block.deny().stream().anyMatch(no -> Conditions.isIn(region.value(), no.value()))) {
        said.add(region.place(), region.value() + " is allowed here, and denied below");
      }
    }
    return new RegionRule(
        said.scope(block.scope()),
        Said.texts(block.allow()),
        Said.texts(block.deny()),
        Said.texts(block.exportControl()));
  }
}
