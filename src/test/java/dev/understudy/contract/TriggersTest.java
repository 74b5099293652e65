package dev.understudy.contract;

import static dev.understudy.contract.Contracts.at;
import static dev.understudy.contract.Contracts.example;
import static dev.understudy.contract.Rulings.API;
import static dev.understudy.contract.Rulings.ask;
import static dev.understudy.contract.Rulings.ruled;
import static dev.understudy.contract.Rulings.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Happening.Kind;
import dev.understudy.contract.TriggerState.Phase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked examples of triggers, each by its name and to its last digit. */
final class TriggersTest {
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

  @Test
  void whatHappenedIsHeldByAChain() {
    List<Logged> log = metInSeptember().log();

    assertThat(Logged.fault(log)).isEmpty();
    var changed = new ArrayList<>(log);
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
