package dev.understudy.contract;

import dev.understudy.access.Glob;
import dev.understudy.contract.Circumstances.Launch;
import dev.understudy.contract.Circumstances.Outage;
import dev.understudy.contract.Exclusivity.Kind;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.Rights.Denial;
import dev.understudy.contract.Rules.Rule;
import dev.understudy.routing.Conditions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes rules of the contracts in force at an instant and of what happened: a pure function.
 *
 * <p>In the order of their precedence: law and regions, use of data, effects of triggers, licences,
 * exclusivity, rights of first refusal.
 */
public final class Compiler {
  /** A use for which answers train a model that competes with the vendor's. */
  public static final String TRAIN_COMPETING = "train-competing";

  /** A use for which nobody may read or train on what is sent. */
  public static final String CONFIDENTIAL = "confidential";

  /** A use for which nothing may be kept. */
  public static final String NO_RETENTION = "no-retention";

  private final Circumstances facts;
  private final List<Rule> rules = new ArrayList<>();
  private final List<SpillRule> spills = new ArrayList<>();
  private Optional<Instant> until = Optional.empty();

  private Compiler(Circumstances facts) {
    this.facts = facts;
  }

  /** The rules at the instant of the circumstances. */
  public static Rules rules(ContractBook book, Circumstances facts) {
    var compiler = new Compiler(facts);
    for (Contract contract : book.contracts()) {
      for (ContractVersion version : contract.versions()) {
        compiler.boundaries(contract.inForce(version));
      }
    }
    List<ContractVersion> inForce = book.at(facts.now());
    inForce.forEach(compiler::regions);
    inForce.forEach(compiler::dataUse);
    compiler.promises(inForce);
    inForce.forEach(compiler::denials);
    inForce.forEach(compiler::licenses);
    inForce.forEach(compiler::exclusivities);
    inForce.forEach(compiler::refusals);
    inForce.forEach(compiler::spills);
    return new Rules(compiler.rules, compiler.spills, compiler.until);
  }

  /** A moment in time after which the rules may be others. */
  private void boundary(Instant instant) {
    if (instant.isAfter(facts.now()) && (until.isEmpty() || instant.isBefore(until.get()))) {
      until = Optional.of(instant);
    }
  }

  private void boundaries(Span span) {
    boundary(span.from());
    span.to().ifPresent(this::boundary);
  }

  /** A rule for targets that fit, of which nothing else decides but the call. */
  private void add(Target concerns, Function<Subject, Ruling> judge) {
    rules.add(
        new Rule() {
          @Override
          public boolean concerns(String vendor, String kind, String model) {
            return concerns.fits(vendor, kind, model);
          }

          @Override
          public Ruling judge(Subject subject) {
            return judge.apply(subject);
          }
        });
  }

  /** Which targets a rule is about. */
  private interface Target {
    boolean fits(String vendor, String kind, String model);
  }

  /** Those within a scope that the contract's parties serve; all, if they serve nothing. */
  private static Target served(ContractVersion version, Scope scope) {
    boolean any =
        !scope.vendors().isEmpty()
            || version.parties().stream().allMatch(party -> party.vendors().isEmpty());
    return (vendor, kind, model) ->
        scope.matchesTarget(vendor, kind, model) && (any || version.isServedByParty(vendor, kind));
  }

  // --- law, regions, data ---

  private void regions(ContractVersion version) {
    if (version.rights().regions().isEmpty()) {
      return;
    }
    RegionRule rule = version.rights().regions().get();
    Basis basis = version.basis("regions");
    add(
        served(version, rule.scope()),
        subject -> {
          if (!rule.scope().matchesRest(subject, true)) {
            return Ruling.FREE;
          }
          if (rule.controls(subject.segment())) {
            return Ruling.denied(basis, "segment " + subject.segment() + " is not served");
          }
          if (rule.controls(subject.country())) {
            return Ruling.denied(basis, "country " + subject.country() + " is not served");
          }
          Optional<String> why = outside(subject.region(), rule.allow());
          if (why.isEmpty() && isIn(subject.region(), rule.deny())) {
            why = Optional.of("it answers in " + subject.region() + ", which is excluded");
          }
          if (why.isEmpty() && subject.region().isEmpty() && !rule.deny().isEmpty()) {
            why = Optional.of("its region is not known, and some are excluded");
          }
          return why.map(text -> Ruling.denied(basis, text)).orElse(Ruling.FREE);
        });
  }

  private static Optional<String> outside(String region, List<String> allowed) {
    if (allowed.isEmpty() || isIn(region, allowed)) {
      return Optional.empty();
    }
    String where = String.join(" or ", allowed);
    return Optional.of(
        region.isEmpty()
            ? "its region is not known, and it must be served in " + where
            : "it answers in " + region + ", and it must be served in " + where);
  }

  private static boolean isIn(String region, List<String> wanted) {
    for (String one : wanted) {
      if (!region.isEmpty() && Conditions.isIn(region, one)) {
        return true;
      }
    }
    return false;
  }

  private void dataUse(ContractVersion version) {
    if (version.rights().dataUse().isEmpty()) {
      return;
    }
    DataUse rule = version.rights().dataUse().get();
    Basis basis = version.basis("data-use");
    add(
        served(version, rule.scope()),
        subject -> {
          if (!rule.scope().matchesRest(subject, true)) {
            return Ruling.FREE;
          }
          if (!rule.outputsTrainCompeting() && subject.uses().contains(TRAIN_COMPETING)) {
            return Ruling.denied(basis, "its answers may not train a competing model");
          }
          if (subject.uses().contains(CONFIDENTIAL) && (rule.inputsTrain() || rule.humanReview())) {
            return Ruling.denied(
                basis, "what is sent may be read or trained on, and it is confidential");
          }
          if (subject.uses().contains(NO_RETENTION) && rule.retentionDays().orElse(1) > 0) {
            return Ruling.denied(basis, "what is sent is kept, and nothing may be");
          }
          return outside(subject.region(), rule.residency())
              .map(why -> Ruling.denied(basis, why))
              .orElse(Ruling.FREE);
        });
  }

  /** Where no contract promises anything, what is confidential is not sent. */
  private void promises(List<ContractVersion> inForce) {
    List<Target> promised = new ArrayList<>();
    for (ContractVersion version : inForce) {
      version.rights().dataUse().ifPresent(rule -> promised.add(served(version, rule.scope())));
    }
    if (promised.isEmpty()) {
      return;
    }
    add(
        (vendor, kind, model) ->
            promised.stream().noneMatch(target -> target.fits(vendor, kind, model)),
        subject -> {
          for (String use : List.of(CONFIDENTIAL, NO_RETENTION)) {
            if (subject.uses().contains(use)) {
              return new Ruling(
                  false,
                  "no contract",
                  "none promises what use " + use + " asks for",
                  Optional.empty());
            }
          }
          return Ruling.FREE;
        });
  }

  // --- triggers and licences ---

  private void denials(ContractVersion version) {
    for (Denial denial : version.rights().denied()) {
      Ruling ruling =
          Ruling.denied(
              version.basis(denial.trigger()), "it is out of reach since " + denial.trigger());
      add(
          (vendor, kind, model) ->
              fits(denial.models(), name -> name.matches(model) || name.matches(bare(model)))
                  && fits(denial.vendors(), name -> name.matches(vendor) || name.matches(kind)),
          _ -> ruling);
    }
  }

  private static boolean fits(List<Glob> globs, Predicate<Glob> fits) {
    return globs.isEmpty() || globs.stream().anyMatch(fits);
  }

  private static String bare(String model) {
    return model.substring(model.lastIndexOf('/') + 1);
  }

  private void licenses(ContractVersion version) {
    for (License license : version.rights().licenses()) {
      boundaries(license.span());
      boolean toServe = license.of() == License.Of.MODELS || license.of() == License.Of.PRODUCTS;
      if (toServe && license.span().isOver(facts.now())) {
        Ruling ruling =
            Ruling.denied(
                version.basis(license.id()),
                "the licence of %s ended at %s"
                    .formatted(license.licensee().id(), license.span().to().orElseThrow()));
        add(
            (vendor, kind, model) ->
                !license.scope().models().isEmpty()
                    && license.scope().matchesTarget(vendor, kind, model)
                    && license.licensee().serves(vendor, kind),
            subject -> license.scope().matchesRest(subject, true) ? ruling : Ruling.FREE);
      }
    }
  }

  // --- exclusivity ---

  private void exclusivities(ContractVersion version) {
    for (Exclusivity clause : version.rights().exclusivities()) {
      boundaries(clause.window());
      if (!clause.window().contains(facts.now())) {
        continue;
      }
      switch (clause.kind()) {
        case NON_EXCLUSIVE -> {}
        case EXCLUSIVE, SOLE -> exclusive(version, clause);
        case PREFERRED_FIRST -> launches(version, clause);
      }
    }
  }

  private void exclusive(ContractVersion version, Exclusivity clause) {
    Basis basis = version.basis(clause.id());
    String of = clause.of().name().toLowerCase(Locale.ROOT);
    boolean sole = clause.kind() == Kind.SOLE;
    Ruling own = Ruling.allowed(basis, "");
    Ruling granted = Ruling.allowed(basis, "the grantor itself");
    Ruling denied =
        Ruling.denied(
            basis,
            "%s is %s to %s".formatted(of, sole ? "left" : "exclusive", clause.beneficiary().id()));
    Scope scope = clause.scope();
    Predicate<Subject> within =
        scope.isOfTargetAlone() ? _ -> true : subject -> scope.matchesRest(subject, true);
    add(
        (vendor, kind, model) ->
            scope.matchesTarget(vendor, kind, model) && clause.beneficiary().serves(vendor, kind),
        subject -> within.test(subject) ? own : Ruling.FREE);
    if (sole) {
      add(
          (vendor, kind, model) ->
              scope.matchesTarget(vendor, kind, model)
                  && clause.grantor().serves(vendor, kind)
                  && !clause.beneficiary().serves(vendor, kind),
          subject -> within.test(subject) ? granted : Ruling.FREE);
    }
    List<Exempt> exempts = exempts(clause, basis);
    add(
        (vendor, kind, model) ->
            scope.matchesTarget(vendor, kind, model)
                && !clause.beneficiary().serves(vendor, kind)
                && !(sole && clause.grantor().serves(vendor, kind)),
        subject -> within.test(subject) ? unlessExempt(subject, exempts, denied) : Ruling.FREE);
  }

  /** A carve-out that holds now, for the calls of its scope. */
  private record Exempt(Scope scope, Ruling ruling) {}

  private List<Exempt> exempts(Exclusivity clause, Basis basis) {
    return clause.carveOuts().stream()
        .map(carveOut -> exempt(carveOut, basis))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Ruling unlessExempt(Subject subject, List<Exempt> exempts, Ruling denied) {
    for (Exempt exempt : exempts) {
      if (exempt.scope().matchesSurely(subject)) {
        return exempt.ruling();
      }
    }
    return denied;
  }

  private Optional<Exempt> exempt(CarveOut carveOut, Basis basis) {
    if (carveOut.outageOf().isEmpty()) {
      return Optional.of(
          new Exempt(carveOut.scope(), Ruling.allowed(basis, "carve-out: " + carveOut.name())));
    }
    Party party = carveOut.outageOf().get();
    Optional<Outage> outage = facts.outageOf(party);
    if (outage.isEmpty()) {
      return Optional.empty();
    }
    Instant since = outage.get().since();
    Instant begins = since.plus(carveOut.longerThan());
    boundary(begins.plusMillis(1));
    Optional<Instant> ends = outage.get().ended();
    ends.ifPresent(end -> boundary(end.plus(carveOut.drain())));
    boolean longEnough = (ends.isPresent() ? ends.get() : facts.now()).isAfter(begins);
    boolean over = ends.isPresent() && !facts.now().isBefore(ends.get().plus(carveOut.drain()));
    if (!longEnough || over) {
      return Optional.empty();
    }
    String evidence =
        ends.map(end -> "%s was out from %s to %s".formatted(party.id(), since, end))
            .orElse("%s is out since %s".formatted(party.id(), since));
    return Optional.of(
        new Exempt(
            carveOut.scope(),
            Ruling.allowed(basis, "carve-out %s: %s".formatted(carveOut.name(), evidence))));
  }

  private void launches(ContractVersion version, Exclusivity clause) {
    Basis basis = version.basis(clause.id());
    List<Exempt> exempts = exempts(clause, basis);
    for (Launch launch : facts.launches()) {
      Instant free = launch.at().plus(clause.firstLaunchDays(), ChronoUnit.DAYS);
      boolean here =
          launch.contract().equals(version.contract())
              && (launch.clause().isEmpty() || launch.clause().equals(clause.id()));
      if (!here || launch.declined().isPresent() || !facts.now().isBefore(free)) {
        continue;
      }
      boundary(free);
      var model = new Glob(launch.model());
      Ruling denied =
          Ruling.denied(
              basis,
              "%s was launched on %s, and is first %s's until %s"
                  .formatted(
                      launch.model(),
                      launch.at().atZone(ZoneOffset.UTC).toLocalDate(),
                      clause.beneficiary().id(),
                      free.atZone(ZoneOffset.UTC).toLocalDate()));
      add(
          (vendor, kind, name) ->
              (model.matches(name) || model.matches(bare(name)))
                  && clause.scope().matchesTarget(vendor, kind, name)
                  && !clause.beneficiary().serves(vendor, kind)
                  && !clause.grantor().serves(vendor, kind),
          subject ->
              clause.scope().matchesRest(subject, true)
                  ? unlessExempt(subject, exempts, denied)
                  : Ruling.FREE);
    }
  }

  // --- capacity ---

  private void spills(ContractVersion version) {
    for (CapacityClause capacity : version.money().capacity()) {
      if (capacity.terms().spill().isPresent()) {
        boundaries(capacity.window());
        if (capacity.window().contains(facts.now())) {
          spills.add(new SpillRule(capacity, version.basis(capacity.id())));
        }
      }
    }
  }

  // --- first refusal ---

  private void refusals(ContractVersion version) {
    for (FirstRefusal right : version.rights().refusals()) {
      boundaries(right.window());
      if (right.of() != FirstRefusal.Of.CAPACITY) {
        continue;
      }
      List<Offer> offers =
          facts.offers().getOrDefault(Circumstances.key(version.contract(), right.id()), List.of());
      for (Offer offer : offers) {
        offer.expires().ifPresent(day -> boundary(day.atStartOfDay(ZoneOffset.UTC).toInstant()));
        if (!offer.isRoutable()) {
          held(version, right, offer);
        }
      }
      for (CapacityClause capacity : version.money().capacity()) {
        boolean offered = offers.stream().anyMatch(offer -> offer.capacity().equals(capacity.id()));
        if (capacity.heldBy().filter(right.id()::equals).isPresent()
            && !offered
            && right.window().contains(facts.now())) {
          Ruling ruling =
              Ruling.denied(
                  version.basis(right.id()),
                  "%s is held: %s was not offered it"
                      .formatted(capacity.id(), right.holder().id()));
          add(capacity::serves, _ -> ruling);
        }
      }
    }
  }

  private void held(ContractVersion version, FirstRefusal right, Offer offer) {
    String state = offer.state().name().toLowerCase(Locale.ROOT);
    Ruling ruling =
        Ruling.denied(
            version.basis(right.id()),
            offer.state().holds()
                ? "capacity of %s is held: offer %s is %s%s"
                    .formatted(
                        offer.third(),
                        offer.id(),
                        state,
                        offer.expires().map(day -> " until " + day).orElse(""))
                : "capacity of %s went to %s: offer %s was %s"
                    .formatted(offer.third(), right.holder().id(), offer.id(), state));
    add(
        (vendor, kind, model) ->
            offer.targets().stream().anyMatch(glob -> glob.matches(vendor + "/" + model))
                || version.money().capacity().stream()
                    .anyMatch(one ->
                        one.id().equals(offer.capacity()) && one.serves(vendor, kind, model)),
        _ -> ruling);
  }
}
