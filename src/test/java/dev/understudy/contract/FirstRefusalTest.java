package dev.understudy.contract;

import static dev.understudy.contract.Contracts.at;
import static dev.understudy.contract.Contracts.example;
import static dev.understudy.contract.Rulings.EXCLUSIVE;
import static dev.understudy.contract.Rulings.VENDORS;
import static dev.understudy.contract.Rulings.ask;
import static dev.understudy.contract.Rulings.ruled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Happening.Kind;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The worked examples of a right of first refusal, each by its name and to its last digit. */
final class FirstRefusalTest {
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
}
