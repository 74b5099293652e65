package dev.understudy.contract;

import static dev.understudy.contract.Contracts.HEAD;
import static dev.understudy.contract.Contracts.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Happening.Kind;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is due is known beforehand, and raised in time. */
final class ObligationsTest {
  private static final String YEARLY =
      HEAD.replace(
              "term: {from: 2019-01-01}",
              "term: {from: 2026-01-01, to: 2027-01-01, renewal: auto, renewal-notice-days: 60}")
          + "notice: {deemed-receipt-days: 2}\n";

  private static List<String> due(String yaml, Chain chain, String from, String until) {
    var book = new ContractBook(List.of(Contracts.of(yaml)));
    ContractState state = ContractState.of(book, Map.of(), chain.log(), at(from));
    return Obligations.of(state, chain.log(), LocalDate.parse(from), LocalDate.parse(until))
        .stream()
        .map(one -> one.due() + " " + one.clause().clause() + ": " + one.what())
        .toList();
  }

  @Test
  void isRaisedAt30And14And7Days() {
    var one =
        new Obligation(LocalDate.parse("2026-12-31"), new Basis("c", 1, "term", ""), "it ends");

    assertThat(one.raised(LocalDate.parse("2026-11-30"))).isEmpty();
    assertThat(one.raised(LocalDate.parse("2026-12-01"))).contains(30);
    assertThat(one.raised(LocalDate.parse("2026-12-17"))).contains(14);
    assertThat(one.raised(LocalDate.parse("2026-12-24"))).contains(7);
    assertThat(one.raised(LocalDate.parse("2027-01-01"))).contains(0);
  }

  @Test
  void theLastDayToStopARenewalLeavesTimeForReceipt() {
    assertThat(due(YEARLY, new Chain(), "2026-10-01", "2027-12-31"))
        .containsExactly("2026-10-31 term: last day to stop the renewal at 2027-01-01");
  }

  @Test
  void aContractRenewsItselfUnlessThatIsStoppedByAnExplicitAct() {
    var book = new ContractBook(List.of(Contracts.of(YEARLY)));
    var stopped = new Chain().add(Kind.NO_RENEWAL, "acme", "", "2026-10-31", "party", "us");
    var late = new Chain().add(Kind.NO_RENEWAL, "acme", "", "2026-11-02", "party", "us");

    assertThat(
            ContractState.of(book, Map.of(), List.of(), at("2027-03-01"))
                .book()
                .at(at("2027-03-01")))
        .hasSize(1);
    assertThat(
            ContractState.of(book, Map.of(), stopped.log(), at("2027-03-01"))
                .book()
                .at(at("2027-03-01")))
        .isEmpty();
    assertThat(
            ContractState.of(book, Map.of(), late.log(), at("2027-03-01"))
                .book()
                .at(at("2027-03-01")))
        .hasSize(1);
    assertThat(
            ContractState.of(book, Map.of(), late.log(), at("2028-03-01"))
                .book()
                .at(at("2028-03-01")))
        .isEmpty();
  }

  @Test
  void clausesWithoutAnEndOfTheirOwnGoOnWithAContractThatRenewsItself() {
    ContractVersion version =
        Contracts.of(
            YEARLY
                + """
                revenue-share:
                  - {id: rs-1, payer: us, payee: a, tiers: [{rate: 0.2}]}
                  - {id: rs-2, payer: us, payee: a, tiers: [{rate: 0.2}], window: {to: 2026-07-01}}
                exclusivity:
                  - {id: ex-1, grantor: us, beneficiary: a, kind: exclusive, of: hosting}
                licenses:
                  - {id: li-1, of: models, licensor: a, licensee: us}
                """);

    assertThat(version.money().shares().getFirst().window().contains(at("2027-03-01"))).isTrue();
    assertThat(version.money().shares().getLast().window().contains(at("2026-07-01"))).isFalse();
    assertThat(version.rights().exclusivities().getFirst().window().contains(at("2027-03-01")))
        .isTrue();
    assertThat(version.rights().licenses().getFirst().span().contains(at("2027-03-01"))).isTrue();
  }

  @Test
  void changeOfControlOpensATerminationRightAPriceLockAndEscrow() {
    String yaml =
        HEAD
            + """
            change-of-control:
              of: a
              competitors: [rival]
              terminate-right-days: 60
              price-lock-months: 12
              escrow-release: true
            """;
    var taken =
        new Chain().add(Kind.TAKEOVER, "acme", "", "2026-03-01", "party", "a", "acquirer", "rival");

    assertThat(due(yaml, taken, "2026-03-01", "2027-12-31"))
        .containsExactly(
            "2026-03-01 change-of-control: rival took a over: escrow is to be released",
            "2026-04-30 change-of-control: rival took a over: last day to end the contract",
            "2027-03-01 change-of-control: rival took a over: prices are locked until then");
    var other =
        new Chain()
            .add(Kind.TAKEOVER, "acme", "", "2026-03-01", "party", "a", "acquirer", "friend");
    assertThat(due(yaml, other, "2026-03-01", "2027-12-31")).isEmpty();
  }

  @Test
  void whatIsKeptInEscrowIsGivenOutByWhoKeepsItOnceItsEventIsTold() {
    String yaml =
        HEAD
            + """
            change-of-control: {of: a, competitors: [rival], escrow-release: true}
            licenses:
              - {id: weights, of: weights, licensor: a, licensee: us, escrow: {agent: Keeper Ltd, release-on: [insolvency]}}
            """;
    var chain =
        new Chain()
            .add(Kind.RELEASE, "acme", "weights", "2026-03-01", "event", "insolvency")
            .add(Kind.TAKEOVER, "acme", "", "2026-03-02", "party", "a", "acquirer", "rival");

    assertThat(due(yaml, chain, "2026-03-02", "2026-03-31"))
        .contains(
            "2026-03-02 weights: Keeper Ltd gives weights out of escrow: insolvency on 2026-03-01",
            "2026-03-02 change-of-control: rival took a over: escrow is to be released: weights by Keeper Ltd");
  }

  @Test
  void offersVerificationsAndStatementsAreInTheCalendar() {
    String yaml =
        HEAD
            + """
            rofr: [{id: rofr-1, holder: a, grantor: us, of: capacity, notice-days: 30}]
            revenue-share: [{id: rs, payer: us, payee: a, tiers: [{rate: 0.2}], due-days: 30}]
            triggers:
              - id: t
                condition: {declared-by: us.board}
                verification: {by: expert-panel, panel: {members: 5, quorum: 3}, days: 60}
                effects: [{end: rofr.rofr-1}]
            """;
    var chain =
        new Chain()
            .add(
                Kind.OFFER,
                "acme",
                "rofr-1",
                "2026-03-01",
                "offer",
                "o",
                "third",
                "T",
                "units",
                "4",
                "price",
                "1")
            .add(Kind.NOTICE, "acme", "rofr-1", "2026-03-02", "offer", "o")
            .approved(Kind.DECLARE, "acme", "t", "2026-03-05", "body", "us.board");

    assertThat(due(yaml, chain, "2026-03-05", "2026-05-31"))
        .containsExactly(
            "2026-03-31 rs: statement of 2026-02 from us to a",
            "2026-04-01 rofr-1: a answers offer o by then",
            "2026-05-01 rs: statement of 2026-03 from us to a",
            "2026-05-04 t: verification is due",
            "2026-05-31 rs: statement of 2026-04 from us to a");
  }
}
