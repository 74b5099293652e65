package dev.understudy.contract;

import dev.understudy.contract.ContractFile.EffectBlock;
import dev.understudy.contract.ContractFile.TriggerBlock;
import dev.understudy.text.Nearness;
import dev.understudy.text.Text;
import java.util.Set;
import java.util.TreeSet;

/** Says which names in a contract's file lead to none of its clauses. */
final class References {
  private final Said said;

  References(Said said) {
    this.said = said;
  }

  void check(ContractFile file) {
    var refusals = new TreeSet<String>();
    file.rofr().forEach(block -> refusals.add(block.id().value()));
    var triggers = new TreeSet<String>();
    file.triggers().forEach(block -> triggers.add(block.id().value()));
    file.capacity()
        .forEach(
            block -> block.heldBy().ifPresent(id -> known(id, refusals, "right of first refusal")));
    file.revenueShare()
        .forEach(block -> block.until().ifPresent(id -> known(id, triggers, "trigger")));
    var paths = new TreeSet<String>();
    file.revenueShare().forEach(block -> paths.add("revenue-share." + block.id().value()));
    file.profitParticipation()
        .forEach(block -> paths.add("profit-participation." + block.id().value()));
    file.commitments().forEach(block -> paths.add("commitment." + block.id().value()));
    file.capacity().forEach(block -> paths.add("capacity." + block.id().value()));
    file.exclusivity().forEach(block -> paths.add("exclusivity." + block.id().value()));
    file.rofr().forEach(block -> paths.add("rofr." + block.id().value()));
    file.licenses().forEach(block -> paths.add("license." + block.id().value()));
    for (TriggerBlock trigger : file.triggers()) {
      for (EffectBlock effect : trigger.effects()) {
        effect.end().ifPresent(path -> known(path, paths, "clause"));
        effect.keep().ifPresent(path -> known(path, paths, "clause"));
        for (var entry : effect.set().all()) {
          known(entry.name(), paths, "clause");
          if (!entry.name().value().startsWith("exclusivity.")) {
            said.add(entry.name().place(), "only exclusivities are set to another kind");
          } else {
            said.word(
                entry.value(), "kind", Exclusivity.Kind.class, Exclusivity.Kind.NON_EXCLUSIVE);
          }
        }
      }
    }
  }

  private void known(Text name, Set<String> names, String what) {
    if (!names.contains(name.value())) {
      said.add(
          name.place(),
          "unknown %s %s%s"
              .formatted(what, Nearness.quoted(name.value()), Nearness.hint(name.value(), names)));
    }
  }
}
