package dev.understudy.contract;

import dev.understudy.contract.Happening.Kind;
import dev.understudy.contract.Trigger.Verification;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a trigger has come: a fold over what was declared, reported, approved and verified.
 *
 * @param met when its condition was met
 * @param due until when those who verify are to decide
 * @param effective when its effects begin, or began
 * @param ended when effects that can be undone were
 * @param yes votes for it
 * @param no votes against it
 * @param waiting who told what nobody else has approved yet
 */
public record TriggerState(
    Phase phase,
    Optional<Instant> met,
    Optional<Instant> due,
    Optional<Instant> effective,
    Optional<Instant> ended,
    int yes,
    int no,
    List<String> waiting) {
  public TriggerState {
    waiting = List.copyOf(waiting);
  }

  /** How far. */
  public enum Phase {
    /** Nothing was declared. */
    ARMED,
    /** Something was declared, and the condition is not met. */
    DECLARED_UNMET,
    /** It is met, and those who verify have not decided. */
    UNDER_VERIFICATION,
    /** A party disputes it, which holds it up. */
    DISPUTED,
    /** It is met and verified, and its effects begin later. */
    PENDING,
    /** Its effects hold. */
    EFFECTIVE,
    /** Those who verify, or a court, said no. */
    REFUSED,
    /** Its effects were undone, since its condition no longer holds. */
    REVERSED
  }

  /** Whether its effects hold. */
  public boolean isEffective() {
    return phase == Phase.EFFECTIVE;
  }

  /**
   * How far a trigger has come.
   *
   * @param since when the version that holds it came into force: it is not met before
   * @param log in order; what is about another contract or trigger is passed over
   * @param now until when what happened counts
   */
  public static TriggerState of(
      Trigger trigger, String contract, Instant since, List<Logged> log, Instant now) {
    return new Fold(trigger, contract, since, now).of(log);
  }

  /** One trigger while it is folded. */
  private static final class Fold {
    private final Trigger trigger;
    private final String contract;
    private final Instant since;
    private final Instant now;
    private final List<Logged> unapproved = new ArrayList<>();
    private final TreeMap<Instant, List<Happening>> facts = new TreeMap<>();
    private final Map<String, Happening> votes = new HashMap<>();
    private final List<Happening> disputes = new ArrayList<>();

    Fold(Trigger trigger, String contract, Instant since, Instant now) {
      this.trigger = trigger;
      this.contract = contract;
      this.since = since;
      this.now = now;
    }

    TriggerState of(List<Logged> log) {
      for (Logged one : log) {
        Happening what = one.what();
        boolean concerns =
            what.contract().equals(contract)
                && (what.clause().equals(trigger.id())
                    || (what.kind() == Kind.METRIC && what.clause().isEmpty()));
        if (concerns && !what.at().isAfter(now)) {
          take(one);
        }
      }
      return result();
    }

    private void take(Logged one) {
      Happening what = one.what();
      switch (what.kind()) {
        case DECLARE, METRIC -> unapproved.add(one);
        case APPROVE ->
            unapproved.removeIf(told -> {
              boolean approved = !told.by().equals(one.by());
              if (approved) {
                facts.computeIfAbsent(told.what().at(), _ -> new ArrayList<>()).add(told.what());
              }
              return approved;
            });
        case VERIFY -> votes.putIfAbsent(what.detail("member"), what);
        case DISPUTE, SETTLE -> disputes.add(what);
        default -> {}
      }
    }

    private TriggerState result() {
      List<String> waiting =
          unapproved.stream()
              .map(one -> "%s by %s".formatted(one.what().kind().word(), one.by()))
              .toList();
      var known = new Known();
      Optional<Instant> met = Optional.empty();
      Optional<Instant> unmet = Optional.empty();
      for (var entry : facts.entrySet()) {
        entry.getValue().forEach(known::learn);
        boolean holds = known.meets(trigger.condition());
        if (holds && (met.isEmpty() || unmet.isPresent())) {
          met = Optional.of(entry.getKey().isBefore(since) ? since : entry.getKey());
          unmet = Optional.empty();
        } else if (!holds && met.isPresent() && unmet.isEmpty()) {
          unmet = Optional.of(entry.getKey());
        }
      }
      if (met.isEmpty()) {
        return phase(known.hasDeclaration() ? Phase.DECLARED_UNMET : Phase.ARMED, met, waiting);
      }
      return verified(met.get(), unmet, waiting);
    }

    private TriggerState phase(Phase phase, Optional<Instant> met, List<String> waiting) {
      return new TriggerState(
          phase, met, Optional.empty(), Optional.empty(), Optional.empty(), 0, 0, waiting);
    }

    private TriggerState verified(Instant met, Optional<Instant> unmet, List<String> waiting) {
      Verification how = trigger.verification();
      Instant due = met.plus(how.days(), ChronoUnit.DAYS);
      List<Happening> counted =
          votes.values().stream()
              .filter(vote -> !vote.at().isBefore(met))
              .filter(vote ->
                  how.by() != Verification.By.COUNTERPARTY
                      || how.party().map(vote.detail("member")::equals).orElse(false))
              .sorted(Comparator.comparing(Happening::at))
              .limit(Math.max(1, how.members()))
              .toList();
      int needed = how.by() == Verification.By.EXPERT_PANEL ? how.quorum() : 1;
      int yes = 0;
      int no = 0;
      Optional<Instant> decided =
          how.by() == Verification.By.NONE ? Optional.of(met) : Optional.empty();
      for (Happening vote : counted) {
        if (vote.detail("vote").equals("yes")) {
          yes++;
          if (yes == needed && no < needed && decided.isEmpty()) {
            decided = Optional.of(vote.at());
          }
        } else {
          no++;
        }
      }
      boolean refused = how.by() != Verification.By.NONE && no >= needed && decided.isEmpty();
      Optional<Instant> effective =
          decided.map(at -> at.plus(trigger.effectiveAfterDays(), ChronoUnit.DAYS));
      Phase phase = Phase.UNDER_VERIFICATION;
      if (refused) {
        phase = Phase.REFUSED;
      } else if (effective.isPresent()) {
        phase = effective.get().isAfter(now) ? Phase.PENDING : Phase.EFFECTIVE;
      }
      if (trigger.disputeHolds()) {
        for (Happening one : disputes) {
          if (phase == Phase.REFUSED) {
            break;
          }
          boolean tooLate = effective.isPresent() && effective.get().isBefore(one.at());
          if (one.kind() == Kind.DISPUTE && !one.at().isBefore(met) && !tooLate) {
            phase = Phase.DISPUTED;
          } else if (one.kind() == Kind.SETTLE && phase == Phase.DISPUTED) {
            if (one.detail("stands").equals("no")) {
              phase = Phase.REFUSED;
            } else if (effective.isEmpty()) {
              phase = Phase.UNDER_VERIFICATION;
            } else {
              Instant begins = effective.get().isBefore(one.at()) ? one.at() : effective.get();
              effective = Optional.of(begins);
              phase = begins.isAfter(now) ? Phase.PENDING : Phase.EFFECTIVE;
            }
          }
        }
      }
      boolean holds = phase == Phase.EFFECTIVE || phase == Phase.PENDING;
      Optional<Instant> ended = trigger.reversible() && holds ? unmet : Optional.empty();
      return new TriggerState(
          ended.isPresent() ? Phase.REVERSED : phase,
          Optional.of(met),
          how.by() == Verification.By.NONE ? Optional.empty() : Optional.of(due),
          holds ? effective : Optional.empty(),
          ended,
          yes,
          no,
          waiting);
    }
  }

  /** What is known and approved, as it grows. */
  private static final class Known {
    private final List<String> declared = new ArrayList<>();
    private final Map<String, Happening> metrics = new HashMap<>();

    void learn(Happening fact) {
      if (fact.kind() == Kind.DECLARE) {
        declared.add(fact.detail("body"));
      } else {
        metrics.put(fact.detail("metric"), fact);
      }
    }

    boolean hasDeclaration() {
      return !declared.isEmpty();
    }

    boolean meets(Condition condition) {
      return switch (condition) {
        case Condition.All(List<Condition> parts) -> parts.stream().allMatch(this::meets);
        case Condition.Any(List<Condition> parts) -> parts.stream().anyMatch(this::meets);
        case Condition.Declared(String body, String _) -> declared.contains(body);
        case Condition.Measured measured -> {
          Happening fact = metrics.get(measured.metric());
          yield fact != null
              && fact.detail("currency").equals(measured.currency().orElse(""))
              && measured.op().holds(new BigDecimal(fact.detail("value")), measured.value());
        }
      };
    }
  }
}
