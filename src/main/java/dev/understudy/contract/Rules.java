package dev.understudy.contract;

import dev.understudy.exchange.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All contracts in force, compiled: which target may answer which call, and by which clause.
 *
 * <p>Immutable but for a bounded memory of targets, and without locks: it is asked on the calls'
 * path. What depends on the target alone is decided once for each target.
 */
public final class Rules {
  /** No contract says anything. */
  public static final Rules NONE = new Rules(List.of(), List.of(), Optional.empty());

  /** Callers may make up names of models; of more targets than this nothing is remembered. */
  private static final int TARGETS_MAX = 5_000;

  private static final Rule[] NO_RULES = {};

  private final List<Rule> rules;
  private final List<SpillRule> spills;
  private final Optional<Instant> until;
  private final Map<Key, Rule[]> known = new ConcurrentHashMap<>();

  private record Key(String vendor, String kind, String model) {}

  Rules(List<Rule> rules, List<SpillRule> spills, Optional<Instant> until) {
    this.rules = List.copyOf(rules);
    this.spills = List.copyOf(spills);
    this.until = until;
  }

  /** One clause, compiled; an earlier one goes before a later. */
  interface Rule {
    /** Whether it says anything of a target at all. */
    boolean concerns(String vendor, String kind, String model);

    /** What it says of a call; {@link Ruling#FREE} if nothing. */
    Ruling judge(Subject subject);
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** What capacity in force says of its calls that are answered elsewhere. */
  public List<SpillRule> spills() {
    return spills;
  }

  /** The instant at which they must be compiled anew, since a window opens or closes. */
  public Optional<Instant> until() {
    return until;
  }

  /**
   * Whether a target may answer a call.
   *
   * @param region where the target answers; empty if that is not known
   * @param asker who asks, as {@link Subject#asker} has it
   */
  public Ruling judge(String vendor, String kind, String model, String region, Subject asker) {
    if (rules.isEmpty()) {
      return Ruling.FREE;
    }
    Rule[] concerned = concerned(vendor, kind, model);
    if (concerned.length == 0) {
      return Ruling.FREE;
    }
    Subject subject = asker.at(vendor, kind, model, region);
    Ruling first = Ruling.FREE;
    for (Rule rule : concerned) {
      Ruling ruling = rule.judge(subject);
      if (!ruling.allowed()) {
        return ruling;
      }
      if (first.basis().isEmpty()) {
        first = ruling;
      }
    }
    return first;
  }

  /** The same for an attempt that was made. */
  public Ruling judge(Fact fact) {
    return judge(fact.vendor(), fact.kind(), fact.model(), fact.region(), Subject.of(fact));
  }

  private Rule[] concerned(String vendor, String kind, String model) {
    var key = new Key(vendor, kind, model);
    Rule[] found = known.get(key);
    if (found == null) {
      var all = new ArrayList<Rule>();
      for (Rule rule : rules) {
        if (rule.concerns(vendor, kind, model)) {
          all.add(rule);
        }
      }
      found = all.isEmpty() ? NO_RULES : all.toArray(Rule[]::new);
      if (known.size() < TARGETS_MAX) {
        known.put(key, found);
      }
    }
    return found;
  }
}
