package dev.understudy.contract;

import static dev.understudy.contract.Contracts.HEAD;
import static dev.understudy.contract.Contracts.at;
import static dev.understudy.contract.Contracts.example;
import static dev.understudy.contract.Contracts.wrong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Digest;
import dev.understudy.text.Problems;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Contracts are read strictly: what is wrong is named with its place. */
final class ContractReaderTest {
  private static final String EXCLUSIVE =
      """
      exclusivity:
        - {id: ex-1, grantor: us, beneficiary: a, kind: exclusive, of: hosting, scope: {models: ["gpt-*"]}}
      """;

  @Test
  void theFourVersionsOfTheExampleFollowEachOther() {
    var book = new ContractBook(Stream.of("d", "a", "c", "b").map(Contracts::example).toList());
    var problems = new Problems();
    ContractChecks.of(book, problems);

    assertThat(problems.lines()).isEmpty();
    assertThat(book.at(at("2024-06-01"))).extracting(ContractVersion::version).containsExactly(1);
    assertThat(book.at(at("2025-01-20T23:59:59Z")))
        .extracting(ContractVersion::version)
        .containsExactly(1);
    assertThat(book.at(at("2025-01-21"))).extracting(ContractVersion::version).containsExactly(2);
    assertThat(book.at(at("2026-04-27"))).extracting(ContractVersion::version).containsExactly(4);
    assertThat(book.at(at("2019-07-21"))).isEmpty();
  }

  @Test
  void aClauseKnowsWhereItComesFrom() {
    ContractVersion version = example("b");

    assertThat(version.basis("rofr-1"))
        .hasToString("microsoft-openai v2 rofr-1 (announcement of 2025-01-21)");
    Origin origin = version.origins().get("rofr-1");
    assertThat(origin.witness()).isEqualTo(Origin.Witness.PRESS);
    assertThat(origin.sha256())
        .isEqualTo(
            Digest.of("moving to a model where Microsoft has a right of first refusal").hex());
    assertThat(version.origins().get("profit-cap").witness()).isEqualTo(Origin.Witness.MEMORY);
  }

  @Test
  void anAnchorIsReadWhereverItIsNamed() {
    ContractVersion version = example("a");

    assertThat(version.rights().exclusivities().getFirst().scope().models())
        .isEqualTo(version.rights().licenses().getFirst().scope().models());
  }

  @Test
  void amountsAreExact() {
    var stages = example("a").money().profits().getFirst().terms().stages();

    assertThat(stages).hasSize(3);
    assertThat(stages.getFirst().untilPaid()).contains(new BigDecimal("13000000000"));
  }

  @Test
  void anUnknownFieldIsNamedWithItsPlaceAndWhatMayBeMeant() {
    assertThat(wrong(HEAD + "exclusivty: []\n"))
        .containsExactly("c.yaml:10:1: unknown field \"exclusivty\"; near: exclusivity");
  }

  @Test
  void anUnknownPartyIsNamed() {
    assertThat(wrong(HEAD + EXCLUSIVE.replace("grantor: us", "grantor: uss")))
        .containsExactly("c.yaml:11:25: unknown party \"uss\"; near: us");
  }

  @Test
  void anUnknownMetricIsNamed() {
    assertThat(
            wrong(
                HEAD
                    + """
                    metrics: {a.profit: its accounts}
                    triggers:
                      - id: t
                        condition: {metric: a.profits, value: 5}
                        effects: [{deny: {models: ["x"]}}]
                    """))
        .containsExactly(
            "c.yaml:13:25: unknown metric \"a.profits\"; near: a.profit; metrics are named under metrics");
  }

  @Test
  void aContractWithoutACurrencyIsRefused() {
    assertThat(wrong(HEAD.replace("  currency: USD\n", "")))
        .containsExactly("c.yaml:2:3: currency is missing");
    assertThat(wrong(HEAD + "  rounding: {mode: UNNECESSARY}\n"))
        .containsExactly(
            "c.yaml:10:20: unknown way of rounding \"unnecessary\"; known: up, down, ceiling, floor, half-up, half-down, half-even");
    assertThat(wrong(HEAD.replace("USD", "Dollars")))
        .containsExactly(
            "c.yaml:9:13: unknown currency \"Dollars\"; currencies are written by their code, such as USD or EUR");
    assertThat(wrong(HEAD.replace("USD", "XXX")))
        .containsExactly(
            "c.yaml:9:13: XXX is the code for no currency; currencies are written by their code, such as USD or EUR");
    assertThat(wrong(HEAD.replace("USD", "XTS")))
        .containsExactly(
            "c.yaml:9:13: XTS is the code for tests; currencies are written by their code, such as USD or EUR");
  }

  @Test
  void theWordsOfAClauseAreHeldByTheirDigest() {
    String head =
        HEAD
            + """
              source:
                clauses:
                  ex-1: {text: "only a", sha256: "%s"}
            """;

    assertThat(wrong(head.formatted(Digest.of("only a").hex()) + EXCLUSIVE)).isEmpty();
    assertThat(wrong(head.formatted(Digest.of("only b").hex()) + EXCLUSIVE))
        .singleElement()
        .asString()
        .startsWith("c.yaml:12:38: the words of ex-1 have another SHA-256: ");
  }

  @Test
  void anIdIsThereOnce() {
    assertThat(wrong(HEAD + EXCLUSIVE + EXCLUSIVE.replace("exclusivity:\n", "")))
        .containsExactly("c.yaml:12:10: \"ex-1\" is the id of another clause too, in line 11");
  }

  @Test
  void contradictoryExclusivitiesAreFound() {
    String other = EXCLUSIVE.replace("exclusivity:\n", "").replace("ex-1", "ex-2");

    assertThat(
            wrong(
                HEAD
                    + EXCLUSIVE
                    + other.replace("beneficiary: a", "beneficiary: b").replace("gpt-*", "gpt-5")))
        .containsExactly(
            "c.yaml:12:10: it contradicts acme v1 ex-1: both make hosting exclusive at the same time, one to a, the other to b");
    assertThat(
            wrong(
                HEAD
                    + EXCLUSIVE
                    + other.replace("beneficiary: a", "beneficiary: b").replace("gpt", "claude")))
        .isEmpty();
  }

  @Test
  void exclusivitiesOfTwoContractsAreCompared() {
    var problems = new Problems();
    ContractVersion one = Contracts.terms(EXCLUSIVE);
    ContractVersion two =
        Contracts.of(
            HEAD.replace("id: acme", "id: other")
                + EXCLUSIVE.replace("beneficiary: a", "beneficiary: b"));

    ContractChecks.of(new ContractBook(List.of(one, two)), problems);

    assertThat(problems.lines()).singleElement().asString().contains("it contradicts acme v1 ex-1");
  }

  @Test
  void unitsRemediesRegionsAndWindowsThatMakeNoSenseAreFound() {
    assertThat(
            Contracts.wrong(
                Contracts.HEAD
                    + """
                    capacity: [{id: k, host: a, units: 1, unit: PTUX, price-per-unit-hour: 1}]
                    mfn: {remedy: refund}
                    """))
        .containsExactly(
            "c.yaml:10:45: unknown unit \"PTUX\"; near: PTU; capacity is bought in one of PTU, GSU, MU, GW",
            "c.yaml:11:15: unknown remedy \"refund\"; what was paid too much is a credit");
    assertThat(
            Contracts.wrong(
                Contracts.HEAD
                    + """
                    regions: {allow: [eu-west], deny: [eu]}
                    """))
        .containsExactly("c.yaml:10:19: eu-west is allowed here, and denied below");
    assertThat(
            Contracts.wrong(
                Contracts.HEAD
                    + """
                    commitments: [{id: c, debtor: us, creditor: a, kind: spend, amount: 1, unit: USD, over: {from: 2017-01-01, to: 2018-01-01}}]
                    """))
        .containsExactly(
            "c.yaml:10:20: it never holds: its window is 2017-01-01T00:00:00Z to 2018-01-01T00:00:00Z, and the term from 2019-01-01T00:00:00Z");
  }

  @Test
  void aCommitmentThatExclusivityElsewhereMakesUnreachableIsFound() {
    String commitment =
        """
        commitments:
          - id: c-1
            debtor: us
            creditor: b
            kind: spend
            amount: 1000
            unit: USD
            over: {from: 2024-01-01, to: 2025-01-01}
            eligible: {models: ["gpt-5*"]}
        """;

    assertThat(wrong(HEAD + EXCLUSIVE + commitment))
        .containsExactly(
            "c.yaml:13:9: it can never be used up: acme v1 ex-1 makes everything it counts exclusive to a, and it is owed to b");
    assertThat(wrong(HEAD + EXCLUSIVE + commitment.replace("gpt-5*", "claude-*"))).isEmpty();
  }

  @Test
  void aCapBelowItsGuaranteeIsFound() {
    assertThat(
            wrong(
                HEAD
                    + """
                    revenue-share:
                      - id: rs
                        payer: us
                        payee: a
                        tiers: [{rate: 0.2}]
                        cap: {amount: 1}
                        minimum-guarantee: {amount: 2}
                    """))
        .containsExactly("c.yaml:11:9: the guarantee of 2 is above the cap of 1");
  }

  @Test
  void noticeLaterThanTheEndIsFound() {
    assertThat(
            wrong(
                HEAD.replace("{from: 2019-01-01}", "{from: 2019-01-01, to: 2019-04-01}")
                    + "notice: {termination: {us: 180}}\n"))
        .containsExactly(
            "c.yaml:2:7: the notice of us takes 180 days, and the whole term has 90: it would end after the contract");
  }

  @Test
  void versionsThatOverlapOrLeaveAHoleAreFound() {
    var problems = new Problems();
    ContractVersion one = Contracts.of(HEAD.replace("2019-01-01}", "2019-01-01, to: 2020-01-01}"));
    String next = HEAD.replace("version: 1", "version: 2").replace("2019-01-01", "2020-02-01");
    ContractVersion hole = Contracts.of(next.replace("version: 2", "version: 2\n  supersedes: 1"));
    ContractChecks.of(new ContractBook(List.of(one, hole)), problems);
    assertThat(problems.lines())
        .singleElement()
        .asString()
        .contains("there is a hole in time: acme v1 ends at 2020-01-01T00:00:00Z");

    problems = new Problems();
    ContractChecks.of(new ContractBook(List.of(Contracts.of(HEAD), Contracts.of(next))), problems);
    assertThat(problems.lines())
        .singleElement()
        .asString()
        .contains("acme v1 and acme v2 overlap in time from 2020-02-01T00:00:00Z on");
  }

  @Test
  void whatEndsBeforeItBeginsIsFound() {
    assertThat(wrong(HEAD.replace("2019-01-01}", "2019-01-01, to: 2018-01-01}")))
        .containsExactly(
            "c.yaml:8:32: it ends at 2018-01-01T00:00:00Z, before it begins at 2019-01-01T00:00:00Z");
  }
}
