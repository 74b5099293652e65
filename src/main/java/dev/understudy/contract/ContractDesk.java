package dev.understudy.contract;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where contracts are in force: what was agreed, what happened since, and the rules that follow.
 * What happens is added to the store, on top of what is known, or else read and decided again.
 */
public final class ContractDesk {
  /** More than so many happenings are not kept in memory, and not taken down. */
  public static final int LOG_MAX = 100_000;

  /** Who tells what nobody told. */
  public static final String GATEWAY = "gateway";

  private static final int TRIES_MAX = 20;

  private final EvidenceStore store;
  private final InstantSource clock;
  private final List<Logged> log = new ArrayList<>();
  private ContractBook agreed;
  private Map<String, String> vendors;
  private volatile ContractState state;
  private volatile Rules rules;

  /** Why something is not taken down; the message is fit for an operator. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Takes contracts.
   *
   * @param vendors the kinds of the vendors in the settings, by their names
   */
  public ContractDesk(
      ContractBook agreed, Map<String, String> vendors, EvidenceStore store, InstantSource clock) {
    this.agreed = agreed;
    this.vendors = Map.copyOf(vendors);
    this.store = store;
    this.clock = clock;
    this.state = ContractState.of(agreed, vendors, List.of(), clock.instant());
    this.rules = state.rules();
  }

  /** The rules in force; asked on the calls' path. */
  public Rules rules() {
    return rules;
  }

  /** How contracts stand. */
  public ContractState state() {
    return state;
  }

  /** What was agreed. */
  public synchronized ContractBook agreed() {
    return agreed;
  }

  /** What happened, in order. */
  public synchronized List<Logged> log() {
    return List.copyOf(log);
  }

  /** The vendors that it goes by. */
  public synchronized Map<String, String> vendors() {
    return vendors;
  }

  /** Puts other contracts in force. */
  public synchronized void replace(ContractBook other, Map<String, String> otherVendors) {
    agreed = other;
    vendors = Map.copyOf(otherVendors);
    decide();
  }

  /**
   * Reads what others added, and decides again where that or the time makes a difference.
   *
   * @throws IOException if it cannot be read; what is in force stays
   */
  public synchronized void refresh() throws IOException {
    boolean changed = read();
    Optional<Instant> until = rules.until();
    if (changed || (until.isPresent() && !clock.instant().isBefore(until.get()))) {
      decide();
      takeDownEffects();
    }
  }

  private boolean read() throws IOException {
    boolean changed = false;
    while (log.size() < LOG_MAX) {
      List<Logged> page = store.after(log.size());
      if (page.isEmpty()) {
        break;
      }
      log.addAll(page);
      changed = true;
      if (page.size() < EvidenceStore.PAGE) {
        break;
      }
    }
    return changed;
  }

  private void decide() {
    state = ContractState.of(agreed, vendors, log, clock.instant());
    rules = state.rules();
  }

  /** That a trigger took effect is evidence too; whichever replica is first takes it down. */
  private void takeDownEffects() throws IOException {
    for (Happening effect : state.toTakeDown(log)) {
      if (add(GATEWAY, effect).isEmpty()) {
        return;
      }
      decide();
    }
  }

  /**
   * Takes down what somebody tells.
   *
   * @param by an operator's name
   * @throws Refused if it cannot be
   * @throws IOException if the store cannot be reached
   */
  public synchronized Logged tell(String by, Happening what) throws Refused, IOException {
    for (int i = 0; i < TRIES_MAX; i++) {
      read();
      refuse(by, what);
      Optional<Logged> added = add(by, what);
      if (added.isPresent()) {
        decide();
        takeDownEffects();
        return added.get();
      }
    }
    throw new Refused("others keep adding before this one; try again");
  }

  private Optional<Logged> add(String by, Happening what) throws IOException {
    Logged next =
        Logged.after(
            log.isEmpty() ? Optional.empty() : Optional.of(log.getLast()),
            clock.instant(),
            by,
            what);
    if (!store.add(next)) {
      read();
      return Optional.empty();
    }
    log.add(next);
    return Optional.of(next);
  }

  // --- what is refused ---

  private static final Set<Happening.Kind> OURS = Set.of(Happening.Kind.EFFECT);

  private void refuse(String by, Happening what) throws Refused {
    List<String> faults = new ArrayList<>(what.faults());
    if (OURS.contains(what.kind())) {
      faults.add("an effect is taken down by the gateway, when it happens");
    }
    if (log.size() >= LOG_MAX) {
      faults.add("more than %d happenings are not kept".formatted(LOG_MAX));
    }
    if (what.at().isAfter(clock.instant().plusSeconds(60))) {
      faults.add("it has not happened yet: " + what.at());
    }
    if (faults.isEmpty() && !what.contract().isEmpty()) {
      about(by, what, faults);
    }
    String vendor = what.detail("vendor");
    if (faults.isEmpty() && !vendor.isEmpty() && !by.equals(GATEWAY) && !isVendor(vendor)) {
      faults.add(
          "there is no vendor %s in the settings; known: %s"
              .formatted(vendor, String.join(", ", new TreeSet<>(vendors.keySet()))));
    }
    if (!faults.isEmpty()) {
      throw new Refused(String.join("; ", faults));
    }
  }

  private void about(String by, Happening what, List<String> faults) {
    Optional<Contract> contract = agreed.contract(what.contract());
    if (contract.isEmpty()) {
      faults.add("there is no contract " + what.contract());
      return;
    }
    switch (what.kind()) {
      case DECLARE, METRIC, APPROVE, VERIFY -> trigger(by, what, contract.get(), faults);
      case OFFER, NOTICE, ANSWER, CHANGE -> refusal(what, contract.get(), faults);
      case TAKEOVER, NO_RENEWAL -> {
        String party = what.detail("party");
        if (contract.get().versions().stream().allMatch(v -> v.party(party).isEmpty())) {
          faults.add("there is no party %s in %s".formatted(party, what.contract()));
        }
      }
      case EXCLUDE -> excludes(what, contract.get(), faults);
      case RELEASE -> releases(what, contract.get(), faults);
      default -> {}
    }
  }

  /** Whether somebody's vendor has that name; without settings all may. */
  private boolean isVendor(String name) {
    return vendors.isEmpty() || vendors.containsKey(name);
  }

  private static void excludes(Happening what, Contract contract, List<String> faults) {
    var reasons = new TreeSet<String>();
    contract.versions().stream()
        .flatMap(version -> version.money().sla().stream())
        .forEach(sla -> reasons.addAll(sla.exclude()));
    if (!reasons.contains(what.detail("reason"))) {
      faults.add(
          reasons.isEmpty()
              ? "the service level of %s excludes nothing".formatted(what.contract())
              : "the service level of %s excludes %s, not %s"
                  .formatted(what.contract(), String.join(", ", reasons), what.detail("reason")));
    }
    if (Instant.parse(what.detail("until")).isBefore(Instant.parse(what.detail("since")))) {
      faults.add("it ends before it begins");
    }
  }

  private static void releases(Happening what, Contract contract, List<String> faults) {
    Optional<License> license =
        contract.versions().stream()
            .flatMap(version -> version.rights().licenses().stream())
            .filter(one -> one.id().equals(what.clause()))
            .reduce((_, later) -> later);
    if (license.flatMap(License::escrow).isEmpty()) {
      faults.add(
          "there is no licence %s in %s of which something is kept in escrow"
              .formatted(what.clause(), what.contract()));
    } else if (!license.get().escrow().get().releaseOn().contains(what.detail("event"))) {
      faults.add(
          "%s is given out on %s, not on %s"
              .formatted(
                  what.clause(),
                  String.join(", ", license.get().escrow().get().releaseOn()),
                  what.detail("event")));
    }
  }

  private void trigger(String by, Happening what, Contract contract, List<String> faults) {
    List<Trigger> triggers =
        contract.versions().stream()
            .flatMap(version -> version.rights().triggers().stream())
            .filter(trigger -> trigger.id().equals(what.clause()))
            .toList();
    if (triggers.isEmpty()) {
      faults.add("there is no trigger %s in %s".formatted(what.clause(), what.contract()));
      return;
    }
    switch (what.kind()) {
      case DECLARE -> {
        if (triggers.stream().noneMatch(t -> declares(t.condition(), what.detail("body")))) {
          faults.add("%s declares nothing for %s".formatted(what.detail("body"), what.clause()));
        }
      }
      case METRIC -> {
        List<Condition.Measured> wanted =
            triggers.stream()
                .flatMap(t -> measured(t.condition()).stream())
                .filter(m -> m.metric().equals(what.detail("metric")))
                .toList();
        if (wanted.isEmpty()) {
          faults.add("%s does not measure %s".formatted(what.clause(), what.detail("metric")));
        } else if (wanted.stream()
            .noneMatch(m -> m.currency().orElse("").equals(what.detail("currency")))) {
          faults.add(
              "%s is measured in %s"
                  .formatted(
                      what.detail("metric"),
                      wanted.getFirst().currency().orElse("a plain number")));
        }
      }
      case APPROVE -> {
        boolean others = false;
        for (ContractState.Standing standing : state.triggers()) {
          if (standing.version().contract().equals(contract.id())
              && standing.trigger().id().equals(what.clause())) {
            others |=
                standing.state().waiting().stream().anyMatch(told -> !told.endsWith(" by " + by));
          }
        }
        if (!others) {
          faults.add("nothing that another person told waits for approval: two must agree");
        }
      }
      default -> {}
    }
  }

  private static boolean declares(Condition condition, String body) {
    return switch (condition) {
      case Condition.All(var parts) -> parts.stream().anyMatch(part -> declares(part, body));
      case Condition.Any(var parts) -> parts.stream().anyMatch(part -> declares(part, body));
      case Condition.Declared declared -> declared.body().equals(body);
      case Condition.Measured _ -> false;
    };
  }

  private static List<Condition.Measured> measured(Condition condition) {
    return switch (condition) {
      case Condition.All(var parts) ->
          parts.stream().flatMap(part -> measured(part).stream()).toList();
      case Condition.Any(var parts) ->
          parts.stream().flatMap(part -> measured(part).stream()).toList();
      case Condition.Declared _ -> List.of();
      case Condition.Measured measured -> List.of(measured);
    };
  }

  private void refusal(Happening what, Contract contract, List<String> faults) {
    boolean known =
        contract.versions().stream()
            .flatMap(version -> version.rights().refusals().stream())
            .anyMatch(right -> right.id().equals(what.clause()));
    if (!known) {
      faults.add(
          "there is no right of first refusal %s in %s".formatted(what.clause(), what.contract()));
      return;
    }
    boolean offered =
        log.stream()
            .map(Logged::what)
            .anyMatch(one ->
                one.kind() == Happening.Kind.OFFER
                    && one.contract().equals(what.contract())
                    && one.clause().equals(what.clause())
                    && one.detail("offer").equals(what.detail("offer")));
    if (what.kind() == Happening.Kind.OFFER) {
      if (offered) {
        faults.add("there is an offer %s already".formatted(what.detail("offer")));
      }
      for (String target : what.detail("targets").split("[, ]+", 100)) {
        if (!target.isEmpty() && !target.matches("[!-~]{1,200}")) {
          faults.add("a target is a pattern such as coreweave/*");
        }
      }
    } else if (!offered) {
      faults.add("there is no offer " + what.detail("offer"));
    }
  }
}
