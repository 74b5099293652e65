package dev.understudy.contract;

import dev.understudy.contract.Condition.Comparison;
import dev.understudy.contract.ContractFile.ConditionBlock;
import dev.understudy.contract.ContractFile.EffectBlock;
import dev.understudy.contract.ContractFile.TriggerBlock;
import dev.understudy.contract.Trigger.Verification;
import dev.understudy.money.Currencies;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a trigger of what a contract's file says: its condition, who verifies it, its effects. */
final class TriggerReader {
  private final Said said;
  private final List<String> metrics;

  TriggerReader(Said said, List<String> metrics) {
    this.said = said;
    this.metrics = metrics;
  }

  Optional<Trigger> read(TriggerBlock block) {
    String id = said.clause(block.id());
    Optional<Condition> condition = condition(block.condition(), block.id().place());
    var by =
        said.word(
            block.verification().by(), "verifier", Verification.By.class, Verification.By.NONE);
    var panel = block.verification().panel();
    if ((by == Verification.By.EXPERT_PANEL) != panel.isPresent()) {
      said.add(block.id().place(), "expert-panel and panel: {members, quorum} belong together");
    }
    panel
        .filter(p -> p.quorum() > p.members() || p.quorum() * 2 <= p.members())
        .ifPresent(p ->
            said.add(
                block.id().place(),
                "a quorum of %d of %d decides nothing for sure; take more than half, and not more than all"
                    .formatted(p.quorum(), p.members())));
    Optional<Text> counterparty = block.verification().party();
    counterparty.ifPresent(said::party);
    if (by == Verification.By.COUNTERPARTY && counterparty.isEmpty()) {
      said.add(block.id().place(), "say which party verifies: verification: {by, party}");
    }
    if (block.effects().isEmpty()) {
      said.add(block.id().place(), "a trigger without effects changes nothing");
    }
    var effects = new ArrayList<Effect>();
    for (EffectBlock effect : block.effects()) {
      effects(effect, block.id().place(), effects);
    }
    return condition.map(when ->
        new Trigger(
            id,
            block.name().map(Text::value).orElse(id),
            when,
            new Verification(
                by,
                counterparty.map(Text::value),
                panel.map(ContractFile.PanelBlock::members).orElse(0),
                panel.map(ContractFile.PanelBlock::quorum).orElse(0),
                block.verification().days().orElse(60)),
            block.disputeHoldsEffects().orElse(true),
            block.effectiveAfterDays().orElse(0),
            effects,
            block.reversible().orElse(false)));
  }

  private Optional<Condition> condition(ConditionBlock block, Place place) {
    int kinds =
        (block.all().isEmpty() ? 0 : 1)
            + (block.any().isEmpty() ? 0 : 1)
            + (block.declaredBy().isPresent() ? 1 : 0)
            + (block.metric().isPresent() ? 1 : 0);
    if (kinds != 1) {
      said.add(place, "a condition is one of all, any, declared-by and metric");
      return Optional.empty();
    }
    if (block.metric().isPresent()) {
      return measured(block, block.metric().get());
    }
    if (block.declaredBy().isPresent()) {
      Text body = block.declaredBy().get();
      String party = body.value().split("\\.", 2)[0];
      said.party(new Text(body.place(), party, party, List.of()));
      return Optional.of(new Condition.Declared(body.value(), Said.text(block.standard())));
    }
    List<ConditionBlock> blocks = block.all().isEmpty() ? block.any() : block.all();
    List<Condition> parts =
        blocks.stream().map(part -> condition(part, place)).flatMap(Optional::stream).toList();
    return Optional.of(block.all().isEmpty() ? new Condition.Any(parts) : new Condition.All(parts));
  }

  private Optional<Condition> measured(ConditionBlock block, Text metric) {
    if (!metrics.contains(metric.value())) {
      said.add(
          metric.place(),
          "unknown metric %s%s; metrics are named under metrics"
              .formatted(Nearness.quoted(metric.value()), Nearness.hint(metric.value(), metrics)));
    }
    if (block.value().isEmpty()) {
      said.add(metric.place(), "a threshold is missing: value");
      return Optional.empty();
    }
    block
        .currency()
        .ifPresent(code -> said.made(code.place(), () -> Currencies.ofMoney(code.value())));
    Comparison op = Comparison.AT_LEAST;
    if (block.op().isPresent()) {
      Text sign = block.op().get();
      Optional<Comparison> found =
          List.of(Comparison.values()).stream()
              .filter(one -> one.sign().equals(sign.value()))
              .findFirst();
      if (found.isEmpty()) {
        said.add(
            sign.place(),
            "unknown comparison " + Nearness.quoted(sign.value()) + "; known: >=, >, <=, <, ==");
      }
      op = found.orElse(op);
    }
    return Optional.of(
        new Condition.Measured(
            metric.value(), op, block.value().get().value(), block.currency().map(Text::value)));
  }

  private void effects(EffectBlock block, Place place, List<Effect> effects) {
    int before = effects.size();
    block.end().ifPresent(clause -> effects.add(new Effect.End(clause.value())));
    block
        .keep()
        .ifPresent(clause ->
            effects.add(new Effect.Keep(clause.value(), block.until().flatMap(said::instant))));
    for (var entry : block.set().all()) {
      effects.add(new Effect.Set(entry.name().value(), entry.value().value()));
    }
    block
        .deny()
        .ifPresent(deny ->
            effects.add(new Effect.Deny(said.models(deny.models()), said.vendors(deny.vendors()))));
    if (effects.size() == before) {
      said.add(place, "an effect is one of end, keep, set and deny");
    }
  }
}
