package dev.understudy.contract;

import dev.understudy.contract.Happening.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Contracts as they stand at an instant: those agreed, what triggers made of them, and the rules
 * that follow. One immutable value, made anew from what happened.
 *
 * @param book with the versions that triggers made
 * @param triggers how far each trigger has come, by contract and clause
 */
public record ContractState(
    ContractBook book, Circumstances facts, List<Standing> triggers, Rules rules) {
  public ContractState {
    triggers = List.copyOf(triggers);
  }

  /** A trigger of a version, and how far it has come. */
  public record Standing(ContractVersion version, Trigger trigger, TriggerState state) {}

  /**
   * How contracts stand.
   *
   * @param agreed what was agreed
   * @param vendors the kinds of the vendors in our settings, by their names
   * @param log what happened, in order
   */
  public static ContractState of(
      ContractBook agreed, Map<String, String> vendors, List<Logged> log, Instant now) {
    ContractBook renewed =
        new ContractBook(
            agreed.versions().stream().map(version -> Renewals.of(version, log, now)).toList());
    var triggers = new ArrayList<Standing>();
    var made = new ArrayList<ContractVersion>();
    for (Contract contract : renewed.contracts()) {
      Contract growing = contract;
      // What an effect leaves may have triggers of its own; each is looked at once.
      for (int i = 0; i < growing.versions().size() && i < 100; i++) {
        ContractVersion version = growing.versions().get(i);
        for (Trigger trigger : version.rights().triggers()) {
          Standing standing = standing(growing, version, trigger, log, now);
          triggers.add(standing);
          Optional<ContractVersion> next = effect(growing, standing, log);
          if (next.isPresent() && growing.version(next.get().version()).isEmpty()) {
            growing = growing.with(next.get());
            made.add(next.get());
          }
        }
      }
    }
    ContractBook book = renewed.with(made).excluding(Excluded.of(log));
    Circumstances facts = Circumstances.of(now, vendors, book, log);
    return new ContractState(book, facts, triggers, Compiler.rules(book, facts));
  }

  private static Standing standing(
      Contract contract, ContractVersion version, Trigger trigger, List<Logged> log, Instant now) {
    Span inForce = contract.inForce(version);
    boolean byIts =
        version.effectOf().map(trigger.id()::equals).orElse(false) && trigger.reversible();
    TriggerState state =
        byIts
            ? new TriggerState(
                TriggerState.Phase.EFFECTIVE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(version.term().from()),
                Optional.empty(),
                0,
                0,
                List.of())
            : TriggerState.of(trigger, version.contract(), inForce.from(), log, now);
    return new Standing(version, trigger, state);
  }

  /** The version that an effect makes, if it falls into the time of the version it is of. */
  private static Optional<ContractVersion> effect(
      Contract contract, Standing standing, List<Logged> log) {
    Optional<Instant> from = standing.state().effective();
    boolean its = standing.version().effectOf().map(standing.trigger().id()::equals).orElse(false);
    if (!standing.state().isEffective()
        || from.isEmpty()
        || its
        || !contract.inForce(standing.version()).contains(from.get())) {
      return Optional.empty();
    }
    return Optional.of(
        Effects.apply(
            standing.version(), standing.trigger(), from.get(), number(contract, standing, log)));
  }

  /** The number that was taken down when it took effect, else the next that is free. */
  private static int number(Contract contract, Standing standing, List<Logged> log) {
    for (Logged one : log) {
      Happening what = one.what();
      if (what.kind() == Kind.EFFECT
          && what.contract().equals(contract.id())
          && what.clause().equals(standing.trigger().id())
          && what.detail("version").matches("[0-9]{1,6}")) {
        return Integer.parseInt(what.detail("version"));
      }
    }
    return contract.versions().stream().mapToInt(ContractVersion::version).max().orElse(0) + 1;
  }

  /** Effects that hold and were not taken down yet. */
  public List<Happening> toTakeDown(List<Logged> log) {
    var all = new ArrayList<Happening>();
    for (ContractVersion version : book.versions()) {
      if (version.effectOf().isEmpty()) {
        continue;
      }
      boolean known =
          log.stream()
              .map(Logged::what)
              .anyMatch(what ->
                  what.kind() == Kind.EFFECT
                      && what.contract().equals(version.contract())
                      && what.clause().equals(version.effectOf().get()));
      if (!known) {
        all.add(
            Happening.of(
                Kind.EFFECT,
                version.contract(),
                version.effectOf().get(),
                version.term().from(),
                "version",
                Integer.toString(version.version()),
                "of",
                version.supersedes().map(number -> "v" + number).orElse("")));
      }
    }
    return all;
  }
}
