package dev.understudy.contract;

import dev.understudy.access.Digest;
import dev.understudy.contract.Condition.Comparison;
import dev.understudy.contract.ContractFile.ConditionBlock;
import dev.understudy.contract.ContractFile.EffectBlock;
import dev.understudy.contract.ContractFile.ExclusivityBlock;
import dev.understudy.contract.ContractFile.HeadBlock;
import dev.understudy.contract.ContractFile.LicenseBlock;
import dev.understudy.contract.ContractFile.NoticeBlock;
import dev.understudy.contract.ContractFile.PathBlock;
import dev.understudy.contract.ContractFile.RofrBlock;
import dev.understudy.contract.ContractFile.TriggerBlock;
import dev.understudy.contract.ContractVersion.Document;
import dev.understudy.contract.ContractVersion.Renewal;
import dev.understudy.contract.Trigger.Verification;
import dev.understudy.money.Currencies;
import dev.understudy.money.Rounding;
import dev.understudy.routing.Conditions;
import dev.understudy.text.Decimal;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Makes one version of a contract of a file, or says with line and column all that is wrong. */
public final class ContractReader {
  /** How clauses that have no id are named. */
  static final List<String> BLOCKS =
      List.of(
          "term",
          "data-use",
          "regions",
          "notice",
          "change-of-control",
          "mfn",
          "sla",
          "exit",
          "audit",
          "assignment");

  private static final String SHA256 = "[0-9a-f]{64}";

  private final Said said;

  private ContractReader(Problems problems) {
    this.said = new Said(problems);
  }

  /** The records that a file is read into, for a schema. */
  public static Class<? extends Record> shape() {
    return ContractFile.class;
  }

  /**
   * What may be written for a field with that list of choices; nothing if there is no such list.
   */
  public static List<String> choices(String name) {
    return switch (name) {
      case "roles" -> words(Party.Role.class);
      case "renewals" -> List.of("auto", "none");
      case "witnesses" -> words(Origin.Witness.class);
      case "bases" -> words(RevenueShare.Base.class);
      case "schedules" -> words(RevenueShare.Schedule.class);
      case "spans" -> words(RevenueShare.Accumulation.class);
      case "commitments" -> words(Commitment.Kind.class);
      case "counts" -> words(Commitment.Counts.class);
      case "shortfalls" -> words(Commitment.Shortfall.class);
      case "exclusivities" -> words(Exclusivity.Kind.class);
      case "subjects" -> words(Exclusivity.Of.class);
      case "offers" -> words(FirstRefusal.Of.class);
      case "silences" -> words(FirstRefusal.Silence.class);
      case "comparisons" -> List.of(Comparison.values()).stream().map(Comparison::sign).toList();
      case "verifiers" -> words(Verification.By.class);
      case "licensed" -> words(License.Of.class);
      case "calendars" -> List.of("calendar", "business");
      default -> List.of();
    };
  }

  private static <E extends Enum<E>> List<String> words(Class<E> words) {
    return List.of(words.getEnumConstants()).stream()
        .map(word -> word.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  /**
   * Reads a version.
   *
   * @param file the name under which places are reported
   * @return empty if there are problems
   */
  public static Optional<ContractVersion> read(String file, byte[] bytes, Problems problems) {
    var own = new Problems();
    Optional<ContractFile> shape = YamlReader.read(ContractFile.class, file, bytes, Map.of(), own);
    Optional<ContractVersion> version =
        shape.flatMap(contract -> new ContractReader(own).version(contract));
    version.filter(_ -> own.isEmpty()).ifPresent(made -> ContractChecks.of(made, own));
    own.each(problem -> problems.add(problem.place(), problem.message()));
    return own.isEmpty() ? version : Optional.empty();
  }

  private Optional<ContractVersion> version(ContractFile file) {
    HeadBlock head = file.contract();
    if (!Said.NAME.matcher(head.id().value()).matches()) {
      said.add(
          head.id().place(),
          "a contract's id is up to 64 small letters, digits, dots, dashes and underscores");
    }
    if (head.supersedes().isPresent() && head.supersedes().get() >= head.version()) {
      said.add(
          head.id().place(),
          "version %d cannot supersede version %d"
              .formatted(head.version(), head.supersedes().get()));
    }
    for (var party : head.parties()) {
      said.know(
          new Party(
              party.id().value(),
              said.word(party.role(), "role", Party.Role.class, Party.Role.VENDOR),
              said.vendors(party.vendors()),
              party.lei().map(Text::value),
              party.country().map(Text::value)),
          party.id().place());
    }
    if (head.parties().size() < 2) {
      said.add(head.id().place(), "a contract has two parties at the least");
    }
    Optional<Instant> from = said.instant(head.term().from());
    Optional<Currency> currency =
        said.made(head.currency().place(), () -> Currencies.of(head.currency().value()));
    if (from.isEmpty() || currency.isEmpty()) {
      return Optional.empty();
    }
    Span term =
        said.window(
            new ContractFile.WindowBlock(Optional.of(head.term().from()), head.term().to()),
            Span.ALWAYS);
    var renewal =
        new Renewal(
            head.term().renewal().map(text -> isAuto(text)).orElse(false),
            head.term().renewalNoticeDays().orElse(0));
    MoneyTerms money = new MoneyReader(said, term, currency.get()).read(file);
    Rights rights = rights(file, term);
    Duties duties = duties(file, term);
    references(file);
    Document document = document(head);
    return Optional.of(
        new ContractVersion(
            head.id().value(),
            head.version(),
            head.supersedes(),
            List.copyOf(said.parties().values()),
            term,
            renewal,
            currency.get(),
            rounding(head, currency.get()),
            document,
            origins(head, document),
            said.mentions(file.models()),
            money,
            rights,
            duties,
            Optional.empty()));
  }

  private boolean isAuto(Text renewal) {
    enum Way {
      AUTO,
      NONE
    }
    return said.word(renewal, "renewal", Way.class, Way.NONE) == Way.AUTO;
  }

  private Rounding rounding(HeadBlock head, Currency currency) {
    RoundingMode mode =
        said.word(
            head.rounding().mode().map(text -> lower(text)),
            "way of rounding",
            RoundingMode.class,
            RoundingMode.HALF_EVEN);
    return new Rounding(mode, head.rounding().scale().orElse(Currencies.decimals(currency)));
  }

  /** Java's names for ways of rounding are in capitals. */
  private static Text lower(Text text) {
    return new Text(
        text.place(), text.written(), text.value().toLowerCase(Locale.ROOT), text.variables());
  }

  // --- where it comes from ---

  private Document document(HeadBlock head) {
    var source = head.source();
    source.sha256().ifPresent(this::digest);
    return new Document(
        Said.text(source.document()),
        Said.text(source.sha256()),
        said.witness(source.witness(), Origin.Witness.CONTRACT),
        Said.text(head.governingLaw()));
  }

  private void digest(Text text) {
    if (!text.value().matches(SHA256)) {
      said.add(text.place(), "a SHA-256 is 64 small hexadecimal digits");
    }
  }

  private Map<String, Origin> origins(HeadBlock head, Document document) {
    var origins = new HashMap<String, Origin>();
    BLOCKS.forEach(
        block -> origins.put(block, new Origin(head.id().place(), "", "", document.witness())));
    said.clauses()
        .forEach((id, place) -> origins.put(id, new Origin(place, "", "", document.witness())));
    for (var entry : head.source().clauses().all()) {
      Text name = entry.name();
      Origin known = origins.get(name.value());
      if (known == null) {
        said.add(
            name.place(),
            "unknown clause "
                + Nearness.quoted(name.value())
                + Nearness.hint(name.value(), origins.keySet()));
        continue;
      }
      var clause = entry.value();
      clause.sha256().ifPresent(this::digest);
      String computed = clause.text().map(text -> Digest.of(text.value().strip()).hex()).orElse("");
      String stated = Said.text(clause.sha256());
      if (!computed.isEmpty() && !stated.isEmpty() && !computed.equals(stated)) {
        said.add(
            clause.sha256().orElseThrow().place(),
            "the words of %s have another SHA-256: %s".formatted(name.value(), computed));
      }
      origins.put(
          name.value(),
          new Origin(
              known.place(),
              Said.text(clause.section()),
              stated.isEmpty() ? computed : stated,
              said.witness(clause.witness(), document.witness())));
    }
    return origins;
  }

  // --- rights ---

  private Rights rights(ContractFile file, Span term) {
    List<String> metrics = file.metrics().all().stream().map(e -> e.name().value()).toList();
    return new Rights(
        file.exclusivity().stream().map(block -> exclusivity(block, term)).toList(),
        file.rofr().stream().map(block -> refusal(block, term)).toList(),
        file.triggers().stream()
            .map(block -> trigger(block, metrics))
            .flatMap(Optional::stream)
            .toList(),
        file.licenses().stream().map(block -> license(block, term)).toList(),
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

  private Exclusivity exclusivity(ExclusivityBlock block, Span term) {
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
      scope = scope.withChannels(List.of(new dev.understudy.access.Glob("resale")));
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

  private FirstRefusal refusal(RofrBlock block, Span term) {
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

  private License license(LicenseBlock block, Span term) {
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

  private Optional<Trigger> trigger(TriggerBlock block, List<String> metrics) {
    String id = said.clause(block.id());
    Optional<Condition> condition = condition(block.condition(), block.id().place(), metrics);
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

  private Optional<Condition> condition(ConditionBlock block, Place place, List<String> metrics) {
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
      return measured(block, block.metric().get(), metrics);
    }
    if (block.declaredBy().isPresent()) {
      Text body = block.declaredBy().get();
      String party = body.value().split("\\.", 2)[0];
      said.party(new Text(body.place(), party, party, List.of()));
      return Optional.of(new Condition.Declared(body.value(), Said.text(block.standard())));
    }
    List<ConditionBlock> blocks = block.all().isEmpty() ? block.any() : block.all();
    List<Condition> parts =
        blocks.stream()
            .map(part -> condition(part, place, metrics))
            .flatMap(Optional::stream)
            .toList();
    return Optional.of(block.all().isEmpty() ? new Condition.Any(parts) : new Condition.All(parts));
  }

  private Optional<Condition> measured(ConditionBlock block, Text metric, List<String> metrics) {
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
    block.currency().ifPresent(code -> said.made(code.place(), () -> Currencies.of(code.value())));
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

  // --- duties ---

  private Duties duties(ContractFile file, Span term) {
    return new Duties(
        notice(file.notice()),
        file.changeOfControl()
            .map(block ->
                new Duties.ChangeOfControl(
                    said.party(block.of()),
                    Said.texts(block.competitors()),
                    block.terminateRightDays().orElse(60),
                    block.priceLockMonths().orElse(0),
                    block.escrowRelease().orElse(false))),
        file.assignment().map(ContractFile.AssignmentBlock::requiresConsent),
        file.exit()
            .map(block ->
                new Duties.Exit(
                    block.transitionMonths().orElse(0),
                    block.assistance().orElse(false),
                    block.dataReturn().map(r -> r.format().value()).orElse(""),
                    block.dataReturn().map(ContractFile.ReturnBlock::days).orElse(0),
                    block.deletionCertificate().orElse(false),
                    Said.text(block.continuedAccessPrice()))),
        file.audit()
            .map(block ->
                new Duties.Audit(
                    Said.texts(block.by()),
                    Said.text(block.frequency()),
                    block.pooled().orElse(false))),
        file.prices().map(prices -> prices.book().value()),
        file.paths().stream().map(block -> path(block, term)).toList());
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

  private SharePath path(PathBlock block, Span term) {
    for (Decimal share : List.of(block.start(), block.end())) {
      if (share.value().signum() < 0 || share.value().compareTo(BigDecimal.ONE) > 0) {
        said.add(share.place(), "a share is from 0 to 1");
      }
    }
    Span window = said.window(block.window(), term);
    if (window.to().isEmpty()) {
      said.add(block.id().place(), "a path has an end; say window: {from, to}");
    }
    return new SharePath(
        said.clause(block.id()),
        said.party(block.awayFrom()),
        said.scope(block.scope()),
        window,
        block.start().value(),
        block.end().value(),
        block.binding().orElse(false));
  }

  private Notice notice(NoticeBlock block) {
    enum Calendar {
      CALENDAR,
      BUSINESS
    }
    var termination = new HashMap<String, Integer>();
    for (var entry : block.termination().all()) {
      said.party(entry.name());
      termination.put(entry.name().value(), entry.value());
    }
    var holidays = new HashSet<LocalDate>();
    block.holidays().forEach(day -> said.day(day).ifPresent(holidays::add));
    return new Notice(
        termination,
        block.priceChange(),
        block.modelRetirement(),
        block.subprocessor(),
        said.word(block.calendar(), "calendar", Calendar.class, Calendar.CALENDAR)
            == Calendar.BUSINESS,
        block.deemedReceiptDays().orElse(0),
        block.endsOnBusinessDay().orElse(true),
        holidays);
  }

  // --- what names something else ---

  private void references(ContractFile file) {
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

  private void known(Text name, java.util.Set<String> names, String what) {
    if (!names.contains(name.value())) {
      said.add(
          name.place(),
          "unknown %s %s%s"
              .formatted(what, Nearness.quoted(name.value()), Nearness.hint(name.value(), names)));
    }
  }
}
