package dev.understudy.contract;

import static dev.understudy.contract.Contracts.at;
import static dev.understudy.contract.Contracts.example;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Happening.Kind;
import dev.understudy.contract.TriggerState.Phase;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The worked examples of enforcement, each by its name and to its last digit. */
final class WorkedExamplesTest {
  private static final Map<String, String> VENDORS =
      Map.of("a", "custom", "b", "custom", "azure", "azure-openai", "openai", "openai");
  private static final Subject API =
      Subject.asker("default", "default", Map.of("channel", "api"), Set.of());

  private static final ContractVersion EXCLUSIVE =
      Contracts.terms(
          """
          exclusivity:
            - id: ex-1
              grantor: us
              beneficiary: a
              kind: exclusive
              of: hosting
              scope: {models: ["gpt-*"], channels: [api]}
              window: {from: 2019-07-01, to: 2025-01-21}
              carve-outs:
                - {name: outage, outage-of: a, longer-than: 15m}
                - {name: security, scope: {segments: [national-security]}}
          rofr:
            - id: rofr-1
              holder: a
              grantor: us
              of: capacity
              window: {from: 2025-01-21}
              notice-days: 30
              match: {partial: true, min-units: 50}
          """);

  /** A ruling by a clause in its written form, such as {@code acme v1 ex-1}. */
  private static Ruling ruled(boolean allowed, String clause, String why) {
    String[] parts = clause.split(" v| ", 3);
    var basis = new Basis(parts[0], Integer.parseInt(parts[1]), parts[2], "");
    return new Ruling(allowed, clause, why, Optional.of(basis));
  }

  private static Ruling ask(ContractVersion version, String vendor, String day, Chain chain) {
    return ask(version, vendor, "gpt-x", day, chain, API);
  }

  private static Ruling ask(
      ContractVersion version, String vendor, String model, String day, Chain chain, Subject who) {
    Rules rules =
        ContractState.of(new ContractBook(List.of(version)), VENDORS, chain.log(), at(day)).rules();
    return rules.judge(vendor, "custom", model, "", who);
  }

  @Test
  void exclusivityWindowDeniesEverybodyElse() {
    var nothing = new Chain();

    assertThat(ask(EXCLUSIVE, "a", "2024-06-01", nothing))
        .isEqualTo(ruled(true, "acme v1 ex-1", ""));
    assertThat(ask(EXCLUSIVE, "b", "2024-06-01", nothing))
        .isEqualTo(ruled(false, "acme v1 ex-1", "hosting is exclusive to a"));
    assertThat(ask(EXCLUSIVE, "b", "2025-01-20T23:59:59.999Z", nothing).allowed()).isFalse();
    assertThat(ask(EXCLUSIVE, "b", "2025-02-01", nothing)).isEqualTo(Ruling.FREE);
  }

  @Test
  void exclusivityCarveOutForAnOutageOfMoreThanFifteenMinutesIsRecordedWithItsTimes() {
    Chain down =
        new Chain()
            .add(
                Kind.OUTAGE,
                "",
                "",
                "2024-06-01T10:00:00Z",
                "vendor",
                "a",
                "since",
                "2024-06-01T10:00:00Z");

    assertThat(ask(EXCLUSIVE, "b", "2024-06-01T10:15:00Z", down).allowed()).isFalse();
    assertThat(ask(EXCLUSIVE, "b", "2024-06-01T10:20:00Z", down))
        .isEqualTo(
            ruled(true, "acme v1 ex-1", "carve-out outage: a is out since 2024-06-01T10:00:00Z"));

    down.add(Kind.RETURN, "", "", "2024-06-01T10:30:00Z", "vendor", "a");
    assertThat(ask(EXCLUSIVE, "b", "2024-06-01T10:30:01Z", down).allowed()).isFalse();
  }

  @Test
  void exclusivityAfterAnOutageLeavesTimeToDrainWhereThatWasAgreed() {
    ContractVersion drained =
        Contracts.terms(
            """
            exclusivity:
              - id: ex-1
                grantor: us
                beneficiary: a
                kind: exclusive
                of: hosting
                carve-outs: [{name: outage, outage-of: a, longer-than: 15m, drain: 5m}]
            """);
    Chain down =
        new Chain()
            .add(
                Kind.OUTAGE,
                "",
                "",
                "2024-06-01T10:00:00Z",
                "vendor",
                "a",
                "since",
                "2024-06-01T10:00:00Z")
            .add(Kind.RETURN, "", "", "2024-06-01T10:30:00Z", "vendor", "a");

    assertThat(ask(drained, "b", "2024-06-01T10:34:59Z", down))
        .isEqualTo(
            ruled(
                true,
                "acme v1 ex-1",
                "carve-out outage: a was out from 2024-06-01T10:00:00Z to 2024-06-01T10:30:00Z"));
    assertThat(ask(drained, "b", "2024-06-01T10:35:00Z", down).allowed()).isFalse();
  }

  @Test
  void exclusivityCarveOutForASegmentHoldsForKeysThatSayIt() {
    Subject security =
        Subject.asker(
            "default",
            "default",
            Map.of("channel", "api", "segment", "national-security"),
            Set.of());

    assertThat(ask(EXCLUSIVE, "b", "gpt-x", "2024-06-01", new Chain(), security).allowed())
        .isTrue();
  }

  @Test
  void preferredFirstIsTheOrderOfLaunches() {
    ContractVersion d = example("d");
    Chain launched =
        new Chain()
            .add(Kind.LAUNCH, "microsoft-openai", "launch-1", "2026-05-01", "model", "gpt-6*");

    assertThat(ask(d, "b", "gpt-6", "2026-05-02", launched, API).allowed()).isFalse();
    assertThat(ask(d, "azure", "gpt-6", "2026-05-02", launched, API).allowed()).isTrue();
    assertThat(ask(d, "b", "gpt-5", "2026-05-02", launched, API).allowed()).isTrue();
    assertThat(ask(d, "b", "gpt-6", "2026-07-29T23:59:59Z", launched, API).allowed()).isFalse();
    assertThat(ask(d, "b", "gpt-6", "2026-07-30", launched, API).allowed()).isTrue();

    launched.add(
        Kind.DECLINE,
        "microsoft-openai",
        "launch-1",
        "2026-05-03",
        "model",
        "gpt-6*",
        "evidence",
        "letter of 2026-05-03");
    assertThat(ask(d, "b", "gpt-6", "2026-05-04", launched, API).allowed()).isTrue();
  }

  // --- right of first refusal ---

  private static Chain offered() {
    return new Chain()
        .add(
            Kind.OFFER,
            "acme",
            "rofr-1",
            "2025-03-01",
            "offer",
            "o1",
            "third",
            "T",
            "units",
            "400",
            "price",
            "1.00",
            "targets",
            "t/*");
  }

  private static Offer offer(Chain chain, String day) {
    return Offer.under(
            EXCLUSIVE.rights().refusals().getFirst(),
            "acme",
            EXCLUSIVE.duties().notice(),
            chain.log().stream().map(Logged::what).toList(),
            LocalDate.parse(day))
        .getFirst();
  }

  @Test
  void rofrPartialMatchOnDay18AllocatesHolder250AndThird150() {
    Chain chain =
        offered()
            .add(Kind.NOTICE, "acme", "rofr-1", "2025-03-03", "offer", "o1")
            .add(
                Kind.ANSWER,
                "acme",
                "rofr-1",
                "2025-03-21",
                "offer",
                "o1",
                "units",
                "250",
                "price",
                "1.00");

    Offer offer = offer(chain, "2025-03-22");

    assertThat(offer.state()).isEqualTo(Offer.State.PARTIALLY);
    assertThat(offer.taken()).isEqualByComparingTo("250");
    assertThat(offer.left()).isEqualByComparingTo("150");
  }

  @Test
  void rofrWithoutReplyByDay30IsWaivedAndTheThirdTakes400() {
    Chain chain = offered().add(Kind.NOTICE, "acme", "rofr-1", "2025-03-03", "offer", "o1");

    assertThat(offer(chain, "2025-04-01").state()).isEqualTo(Offer.State.NOTICED);
    assertThat(offer(chain, "2025-04-02").state()).isEqualTo(Offer.State.WAIVED);
    assertThat(offer(chain, "2025-04-02").left()).isEqualByComparingTo("400");
  }

  @Test
  void rofrIsNoticedAgainWhenThePriceFallsTo090() {
    Chain chain =
        offered()
            .add(Kind.NOTICE, "acme", "rofr-1", "2025-03-03", "offer", "o1")
            .add(Kind.CHANGE, "acme", "rofr-1", "2025-05-01", "offer", "o1", "price", "0.90");

    assertThat(offer(chain, "2025-05-02").state()).isEqualTo(Offer.State.DRAFTED);
    assertThat(offer(chain, "2025-05-02").price()).isEqualByComparingTo("0.90");
    chain.add(Kind.NOTICE, "acme", "rofr-1", "2025-05-05", "offer", "o1");
    assertThat(offer(chain, "2025-06-03").state()).isEqualTo(Offer.State.NOTICED);
    assertThat(offer(chain, "2025-06-04").state()).isEqualTo(Offer.State.WAIVED);
  }

  @Test
  void rofrHoldsTheCapacityUnroutableUntilItIsDecided() {
    Chain chain = offered();

    assertThat(ask(EXCLUSIVE, "t", "2025-03-02", chain))
        .isEqualTo(ruled(false, "acme v1 rofr-1", "capacity of T is held: offer o1 is drafted"));
    chain.add(Kind.NOTICE, "acme", "rofr-1", "2025-03-03", "offer", "o1");
    assertThat(ask(EXCLUSIVE, "t", "2025-03-10", chain).why())
        .isEqualTo("capacity of T is held: offer o1 is noticed until 2025-04-02");
    assertThat(ask(EXCLUSIVE, "t", "2025-04-02", chain)).isEqualTo(Ruling.FREE);
    chain.add(
        Kind.DISPUTE, "acme", "rofr-1", "2025-04-03", "offer", "o1", "reason", "no notice came");
    assertThat(ask(EXCLUSIVE, "t", "2025-04-04", chain).allowed()).isFalse();
    chain.add(Kind.SETTLE, "acme", "rofr-1", "2025-05-03", "offer", "o1", "stands", "yes");
    assertThat(ask(EXCLUSIVE, "t", "2025-05-04", chain)).isEqualTo(Ruling.FREE);
  }

  @Test
  void rofrExercisedInFullLeavesTheThirdNothing() {
    Chain chain =
        offered()
            .add(Kind.NOTICE, "acme", "rofr-1", "2025-03-03", "offer", "o1")
            .add(Kind.ANSWER, "acme", "rofr-1", "2025-03-21", "offer", "o1", "units", "400");

    assertThat(ask(EXCLUSIVE, "t", "2025-03-22", chain))
        .isEqualTo(
            ruled(false, "acme v1 rofr-1", "capacity of T went to a: offer o1 was exercised"));
  }

  @Test
  void rofrAnswersThatDoNotMatchAreNoted() {
    Chain chain =
        offered()
            .add(Kind.NOTICE, "acme", "rofr-1", "2025-03-03", "offer", "o1")
            .add(Kind.ANSWER, "acme", "rofr-1", "2025-03-04", "offer", "o1", "units", "49")
            .add(
                Kind.ANSWER,
                "acme",
                "rofr-1",
                "2025-03-05",
                "offer",
                "o1",
                "units",
                "400",
                "price",
                "1.01");

    assertThat(offer(chain, "2025-03-06").state()).isEqualTo(Offer.State.NOTICED);
    assertThat(offer(chain, "2025-03-06").notes())
        .containsExactly(
            "an answer for 49 units is below the 50 that a part must have",
            "an answer at 1.01 does not match the offer of 1.00");
  }

  @Test
  void rofrEndsWithItsVersion() {
    Chain chain =
        new Chain()
            .add(
                Kind.OFFER,
                "microsoft-openai",
                "rofr-1",
                "2025-10-01",
                "offer",
                "o1",
                "third",
                "T",
                "units",
                "400",
                "price",
                "1.00",
                "targets",
                "b/*");
    var book = new ContractBook(List.of(example("b"), example("c")));

    assertThat(
            ContractState.of(book, VENDORS, chain.log(), at("2025-10-02"))
                .rules()
                .judge(
                    "b",
                    "custom",
                    "gpt-x",
                    "",
                    Subject.asker("o", "t", Map.of("channel", "app"), Set.of()))
                .allowed())
        .isFalse();
    assertThat(
            ContractState.of(book, VENDORS, chain.log(), at("2025-10-28"))
                .rules()
                .judge(
                    "b",
                    "custom",
                    "gpt-x",
                    "",
                    Subject.asker("o", "t", Map.of("channel", "app"), Set.of())))
        .isEqualTo(Ruling.FREE);
  }

  // --- trigger ---

  private static Chain declaredInMarch() {
    return new Chain()
        .approved(Kind.DECLARE, "microsoft-openai", "agi", "2027-03-01", "body", "openai.board")
        .approved(
            Kind.METRIC,
            "microsoft-openai",
            "agi",
            "2027-03-01",
            "metric",
            "openai.cum-profit-available",
            "value",
            "96000000000",
            "currency",
            "USD");
  }

  private static Chain metInSeptember() {
    return declaredInMarch()
        .approved(
            Kind.METRIC,
            "microsoft-openai",
            "agi",
            "2027-09-01",
            "metric",
            "openai.cum-profit-available",
            "value",
            "101000000000",
            "currency",
            "USD");
  }

  private static ContractState state(ContractVersion version, Chain chain, String day) {
    return ContractState.of(new ContractBook(List.of(version)), VENDORS, chain.log(), at(day));
  }

  private static TriggerState agi(ContractVersion version, Chain chain, String day) {
    return state(version, chain, day).triggers().getFirst().state();
  }

  @Test
  void triggerDeclaredWithAMetricOf96BillionIsDeclaredUnmet() {
    assertThat(agi(example("a"), declaredInMarch(), "2027-03-02").phase())
        .isEqualTo(Phase.DECLARED_UNMET);
    assertThat(agi(example("a"), new Chain(), "2027-03-02").phase()).isEqualTo(Phase.ARMED);
  }

  @Test
  void triggerOfVersionATakesEffectAtOnceWhenTheMetricIs101Billion() {
    ContractState state = state(example("a"), metInSeptember(), "2027-09-01");

    assertThat(state.triggers().getFirst().state().phase()).isEqualTo(Phase.EFFECTIVE);
    assertThat(state.triggers().getFirst().state().effective()).contains(at("2027-09-01"));
    assertThat(state.book().at(at("2027-09-01")))
        .singleElement()
        .satisfies(made -> {
          assertThat(made.version()).isEqualTo(2);
          assertThat(made.supersedes()).contains(1);
          assertThat(made.effectOf()).contains("agi");
        });
    assertThat(state.book().at(at("2027-08-31")))
        .extracting(ContractVersion::version)
        .containsExactly(1);
  }

  @Test
  void triggerEffectsAreANewVersionWhoseDifferenceIsShown() {
    ContractVersion a = example("a");
    ContractVersion made =
        state(a, metInSeptember(), "2027-09-02").book().at(at("2027-09-02")).getFirst();

    List<String> lines = Clauses.difference(a, made);

    assertThat(lines)
        .anyMatch(line -> line.startsWith("- license.research:"))
        .anyMatch(line -> line.startsWith("- revenue-share.rs-openai:"))
        .anyMatch(line -> line.startsWith("- revenue-share.rs-microsoft:"))
        .anyMatch(line -> line.startsWith("+ license.products:") && line.contains("2032-12-31"))
        .anyMatch(line ->
            line.startsWith("+ exclusivity.ex-hosting:") && line.contains("kind non-exclusive"))
        .anyMatch(line -> line.startsWith("+ deny.agi:") && line.contains("*-post-trigger"));
    assertThat(lines).noneMatch(line -> line.contains("profit-cap"));
  }

  @Test
  void triggerDeniesPostTriggerModelsAndEndsExclusivity() {
    ContractVersion a = example("a");

    assertThat(ask(a, "b", "gpt-9", "2027-08-31", metInSeptember(), API).allowed()).isFalse();
    assertThat(ask(a, "b", "gpt-9", "2027-09-01", metInSeptember(), API).allowed()).isTrue();
    assertThat(ask(a, "azure", "gpt-9-post-trigger", "2027-09-01", metInSeptember(), API))
        .isEqualTo(ruled(false, "microsoft-openai v2 agi", "it is out of reach since agi"));
    assertThat(ask(a, "azure", "gpt-5", "2027-09-01", metInSeptember(), API).allowed()).isTrue();
  }

  @Test
  void triggerOfVersionCIsVerifiedByAPanelAndEffectiveWithItsVerdict() {
    ContractVersion c = example("c");
    Chain chain =
        new Chain()
            .approved(
                Kind.DECLARE, "microsoft-openai", "agi", "2027-09-01", "body", "openai.board");

    TriggerState held = agi(c, chain, "2027-09-02");
    assertThat(held.phase()).isEqualTo(Phase.UNDER_VERIFICATION);
    assertThat(held.due()).contains(at("2027-10-31"));
    assertThat(ask(c, "b", "gpt-9", "2027-09-02", chain, API).allowed()).isFalse();

    for (String member : List.of("p1", "p2")) {
      chain.add(
          Kind.VERIFY, "microsoft-openai", "agi", "2027-10-01", "member", member, "vote", "yes");
    }
    chain.add(Kind.VERIFY, "microsoft-openai", "agi", "2027-10-02", "member", "p2", "vote", "yes");
    assertThat(agi(c, chain, "2027-10-14").phase()).isEqualTo(Phase.UNDER_VERIFICATION);
    chain.add(Kind.VERIFY, "microsoft-openai", "agi", "2027-10-15", "member", "p3", "vote", "yes");
    TriggerState decided = agi(c, chain, "2027-10-15");
    assertThat(decided.phase()).isEqualTo(Phase.EFFECTIVE);
    assertThat(decided.effective()).contains(at("2027-10-15"));
    assertThat(ask(c, "b", "gpt-9", "2027-10-15", chain, API).allowed()).isTrue();
  }

  @Test
  void triggerIsNoneInVersionDSoTheSameFactsChangeNothing() {
    ContractVersion d = example("d");
    ContractState state = state(d, metInSeptember(), "2027-09-02");

    assertThat(state.triggers()).isEmpty();
    assertThat(state.book().versions()).containsExactly(d);
  }

  @Test
  void triggerNeedsTwoPersons() {
    Chain alone =
        new Chain()
            .add(
                "ann",
                Happening.of(
                    Kind.DECLARE,
                    "microsoft-openai",
                    "agi",
                    at("2027-09-01"),
                    "body",
                    "openai.board"))
            .add("ann", Happening.of(Kind.APPROVE, "microsoft-openai", "agi", at("2027-09-01")));

    TriggerState state = agi(example("c"), alone, "2027-09-02");
    assertThat(state.phase()).isEqualTo(Phase.ARMED);
    assertThat(state.waiting()).containsExactly("declare by ann");
  }

  @Test
  void triggerIsHeldByADisputeUntilThatIsSettled() {
    Chain chain =
        new Chain()
            .approved(Kind.DECLARE, "microsoft-openai", "agi", "2027-09-01", "body", "openai.board")
            .add(
                Kind.DISPUTE,
                "microsoft-openai",
                "agi",
                "2027-09-02",
                "reason",
                "not by that standard");
    for (String member : List.of("p1", "p2", "p3")) {
      chain.add(
          Kind.VERIFY, "microsoft-openai", "agi", "2027-10-15", "member", member, "vote", "yes");
    }

    assertThat(agi(example("c"), chain, "2027-10-16").phase()).isEqualTo(Phase.DISPUTED);
    chain.add(Kind.SETTLE, "microsoft-openai", "agi", "2027-11-01", "stands", "yes");
    TriggerState settled = agi(example("c"), chain, "2027-11-01");
    assertThat(settled.phase()).isEqualTo(Phase.EFFECTIVE);
    assertThat(settled.effective()).contains(at("2027-11-01"));
  }

  @Test
  void triggerIsRefusedWhenThePanelSaysNo() {
    Chain chain =
        new Chain()
            .approved(
                Kind.DECLARE, "microsoft-openai", "agi", "2027-09-01", "body", "openai.board");
    for (String member : List.of("p1", "p2", "p3")) {
      chain.add(
          Kind.VERIFY, "microsoft-openai", "agi", "2027-10-15", "member", member, "vote", "no");
    }

    assertThat(agi(example("c"), chain, "2027-10-16").phase()).isEqualTo(Phase.REFUSED);
  }

  // --- notice, data, regions, path ---

  @Test
  void noticeOf180DaysSentOnFriday20260130IsEffectiveOn20260731() {
    var notice =
        new Notice(
            Map.of("us", 180),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            2,
            true,
            Set.of());

    assertThat(notice.received(LocalDate.parse("2026-01-30"))).isEqualTo("2026-02-01");
    assertThat(notice.effective(LocalDate.parse("2026-01-30"), 180)).isEqualTo("2026-07-31");
    assertThat(notice.latest(LocalDate.parse("2026-07-31"), 180)).isEqualTo("2026-01-30");
  }

  @Test
  void noticeInBusinessDaysLeavesOutWeekendsAndHolidays() {
    var notice =
        new Notice(
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true,
            0,
            true,
            Set.of(LocalDate.parse("2026-12-25")));

    assertThat(notice.effective(LocalDate.parse("2026-12-23"), 2)).isEqualTo("2026-12-28");
    assertThat(notice.latest(LocalDate.parse("2026-12-28"), 2)).isEqualTo("2026-12-23");
  }

  @Test
  void dataUseTagsAnswersThatMayNotTrainOnesOwnModel() {
    ContractVersion version =
        Contracts.terms("data-use: {outputs-train-competing: false, residency: [eu]}\n");
    Subject training = Subject.asker("o", "t", Map.of("use", Compiler.TRAIN_COMPETING), Set.of());
    Rules rules = state(version, new Chain(), "2026-01-01").rules();

    assertThat(rules.judge("a", "custom", "m", "eu-west-1", training).why())
        .isEqualTo("its answers may not train a competing model");
    assertThat(rules.judge("a", "custom", "m", "eu-west-1", API).allowed()).isTrue();
    assertThat(rules.judge("a", "custom", "m", "us-east-1", API).why())
        .isEqualTo("it answers in us-east-1, and it must be served in eu");
    assertThat(rules.judge("other", "custom", "m", "us-east-1", training).allowed()).isTrue();
  }

  @Test
  void regionIsDeniedBeforeEverythingElse() {
    ContractVersion version =
        Contracts.terms(
            """
            regions: {allow: [eu, us], deny: [us-gov]}
            exclusivity:
              - {id: ex-1, grantor: us, beneficiary: a, kind: exclusive, of: hosting}
            """);
    Rules rules = state(version, new Chain(), "2026-01-01").rules();

    assertThat(rules.judge("b", "custom", "m", "cn-north-1", API).basis())
        .isEqualTo("acme v1 regions");
    assertThat(rules.judge("b", "custom", "m", "eu-west-1", API).basis()).isEqualTo("acme v1 ex-1");
    assertThat(rules.judge("a", "custom", "m", "us-gov-west-1", API).allowed()).isFalse();
    assertThat(rules.judge("a", "custom", "m", "", API).why())
        .isEqualTo("its region is not known, and it must be served in eu or us");
  }

  @Test
  void capacityMigrationPathGoesFrom0In2025To75PercentBy2030In15PointsAYear() {
    SharePath path = example("c").duties().paths().getFirst();

    assertThat(path.at(at("2025-01-01"))).isEqualByComparingTo("0");
    assertThat(path.at(at("2030-01-01"))).isEqualByComparingTo("0.75");
    // 365 of the 1826 days of five years, one of which is a leap year.
    assertThat(path.at(at("2026-01-01")))
        .isCloseTo(
            new BigDecimal("0.15"), org.assertj.core.data.Offset.offset(new BigDecimal("0.0002")));
  }

  /**
   * 700 PTU and 2 GW there, 300 PTU and 1 GW elsewhere: units of different kinds are not added up.
   */
  @Test
  void capacityMigrationIsMeasuredByEachUnitAndByTokens() throws Exception {
    ContractVersion version =
        Contracts.terms(
            """
            capacity:
              - {id: ptu-a, host: a, units: 700, unit: PTU, price-per-unit-hour: 1}
              - {id: ptu-b, host: b, units: 300, unit: PTU, price-per-unit-hour: 1}
              - {id: gw-a, host: a, units: 2, unit: GW, price-per-unit-hour: 1}
              - {id: gw-b, host: b, units: 1, unit: GW, price-per-unit-hour: 1, window: {from: 2027-07-01}}
            paths:
              - {id: p, away-from: a, start: 0, end: 0.75, window: {from: 2025-01-01, to: 2030-01-01}}
            """);
    SharePath path = version.duties().paths().getFirst();
    var book = new ContractBook(List.of(version));

    SharePath.Standing standing =
        path.standing(
            book, tokens(Map.of("a", 5_000L, "b", 3_000L)), at("2027-06-02"), at("2027-07-02"));
    SharePath.Standing before =
        path.standing(book, tokens(Map.of()), at("2027-06-01"), at("2027-07-01"));

    assertThat(standing.byUnits()).hasToString("{GW=0.3333333333333333, PTU=0.3}");
    assertThat(standing.byTokens().orElseThrow()).isEqualByComparingTo("0.375");
    assertThat(standing.isBehind()).isTrue();
    assertThat(standing.inWords())
        .isEqualTo("33.3 % of the GW and 30.0 % of the PTU and 37.5 % of the tokens");
    assertThat(before.byUnits()).hasToString("{GW=0, PTU=0.3}");
    assertThat(before.byTokens()).isEmpty();
  }

  @Test
  void capacityMigrationIsTrackedMonthByMonthAndByYearTo2030() throws Exception {
    SharePath path = example("d").duties().paths().getFirst();

    List<SharePath.Point> course =
        path.course(
            new ContractBook(List.of(example("d"))),
            tokens(Map.of("azure", 3_000L, "coreweave", 1_000L)),
            at("2026-11-15"));

    assertThat(course).hasSize(23 + 4);
    assertThat(course)
        .filteredOn(point -> point.stood().isEmpty())
        .extracting(point -> point.until() + " " + SharePath.percent(point.target()))
        .containsExactly(
            "2027-01-01T00:00:00Z 30.0 %",
            "2028-01-01T00:00:00Z 45.0 %",
            "2029-01-01T00:00:00Z 60.0 %",
            "2030-01-01T00:00:00Z 75.0 %");
    SharePath.Point now = course.get(22);
    assertThat(now.until()).isEqualTo(at("2026-11-15"));
    assertThat(now.stood().orElseThrow().inWords()).isEqualTo("25.0 % of the tokens");
    assertThat(now.stood().orElseThrow().isBehind()).isTrue();
    // A quarter was ahead of the path in its first year.
    assertThat(course.get(3).stood().orElseThrow().isBehind()).isFalse();
  }

  /** So many tokens at each vendor, whenever one looks. */
  private static Facts tokens(Map<String, Long> served) {
    return new Facts() {
      @Override
      public void each(Instant from, Instant until, Consumer<Fact> use) {
        throw new UnsupportedOperationException("sums are enough");
      }

      @Override
      public void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) {
        served.forEach((vendor, count) ->
            use.accept(
                new Sum(
                    new Group(
                        "o",
                        "t",
                        "k",
                        "r",
                        Purpose.CALL,
                        vendor,
                        vendor,
                        "m",
                        "m",
                        "",
                        "",
                        false,
                        ""),
                    from,
                    until,
                    "input.text",
                    Optional.empty(),
                    BigDecimal.valueOf(count),
                    Money.zero(Currencies.USD),
                    Money.zero(Currencies.USD),
                    true,
                    1)));
      }
    };
  }

  @Test
  void exportControlKeepsOutSegmentsAndCountriesByTheTagsOfKeys() {
    ContractVersion version = Contracts.terms("regions: {export-control: [military, KP]}\n");
    Rules rules = state(version, new Chain(), "2026-01-01").rules();

    assertThat(rules.judge("a", "custom", "m", "", asker("country", "kp")).why())
        .isEqualTo("country kp is not served");
    assertThat(rules.judge("a", "custom", "m", "", asker("segment", "military")).why())
        .isEqualTo("segment military is not served");
    assertThat(rules.judge("a", "custom", "m", "", asker("country", "SE")).allowed()).isTrue();
    assertThat(rules.judge("a", "custom", "m", "", API).allowed()).isTrue();
  }

  private static Subject asker(String tag, String value) {
    return Subject.asker("o", "t", Map.of(tag, value), Set.of());
  }

  // --- evidence ---

  @Test
  void whatHappenedIsHeldByAChain() {
    List<Logged> log = metInSeptember().log();

    assertThat(Logged.fault(log)).isEmpty();
    var changed = new java.util.ArrayList<>(log);
    Logged third = changed.get(2);
    changed.set(
        2,
        new Logged(
            third.number(),
            third.takenAt(),
            third.by(),
            Happening.of(
                Kind.METRIC,
                "microsoft-openai",
                "agi",
                third.what().at(),
                "metric",
                "openai.cum-profit-available",
                "value",
                "100000000000",
                "currency",
                "USD"),
            third.previous(),
            third.hash()));
    assertThat(Logged.fault(changed)).contains("3 is not what was taken down: its hash differs");
    changed.remove(2);
    assertThat(Logged.fault(changed)).contains("4 stands where 3 should");
  }
}
