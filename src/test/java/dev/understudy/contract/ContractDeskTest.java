package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.Happening.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What nobody may tell is refused, in words. */
final class ContractDeskTest {
  private static final Instant NOW = Instant.parse("2027-09-01T00:00:00Z");

  private final ContractDesk desk =
      new ContractDesk(
          new ContractBook(List.of(Contracts.example("b"))),
          Map.of("azure", "azure-openai"),
          new Held(),
          InstantSource.fixed(NOW));

  /** A store in memory. */
  static final class Held implements EvidenceStore {
    private final List<Logged> all = new ArrayList<>();

    @Override
    public boolean add(Logged next) {
      return next.number() == all.size() + 1 && all.add(next);
    }

    @Override
    public List<Logged> after(long number) {
      return List.copyOf(all.subList((int) number, all.size()));
    }
  }

  private void refuses(String why, Kind kind, String clause, String... details) {
    assertThatThrownBy(
            () -> desk.tell("ann", Happening.of(kind, "microsoft-openai", clause, NOW, details)))
        .isInstanceOf(ContractDesk.Refused.class)
        .hasMessage(why);
    assertThat(desk.log()).isEmpty();
  }

  @Test
  void refusesTimesAndReleasesThatNoClauseKnowsOf() {
    refuses(
        "the service level of microsoft-openai excludes nothing",
        Kind.EXCLUDE,
        "sla",
        "reason",
        "maintenance",
        "since",
        "2027-08-01T00:00:00Z",
        "until",
        "2027-08-01T02:00:00Z");
    refuses(
        "until must be an instant, such as 2026-08-31T16:00:00Z",
        Kind.EXCLUDE,
        "sla",
        "reason",
        "maintenance",
        "since",
        "2027-08-01T00:00:00Z",
        "until",
        "noon");
    refuses(
        "there is no licence products in microsoft-openai of which something is kept in escrow",
        Kind.RELEASE,
        "products",
        "event",
        "insolvency");
    refuses(
        "there is no vendor azur in the settings; known: azure",
        Kind.OUTAGE,
        "",
        "vendor",
        "azur",
        "since",
        "2027-08-01T00:00:00Z");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    refuses(
        "there is no trigger ag in microsoft-openai", Kind.DECLARE, "ag", "body", "openai.board");
    refuses("openai.ceo declares nothing for agi", Kind.DECLARE, "agi", "body", "openai.ceo");
    refuses("say body", Kind.DECLARE, "agi");
    refuses("declare has no price", Kind.DECLARE, "agi", "body", "openai.board", "price", "1");
    refuses(
        "openai.cum-profit-available is measured in USD",
        Kind.METRIC,
        "agi",
        "metric",
        "openai.cum-profit-available",
        "value",
        "1",
        "currency",
        "EUR");
    refuses(
        "value must be a plain decimal number",
        Kind.METRIC,
        "agi",
        "metric",
        "openai.cum-profit-available",
        "value",
        "1e9");
    refuses("there is no offer o9", Kind.NOTICE, "rofr-1", "offer", "o9");
    refuses(
        "there is no right of first refusal r in microsoft-openai",
        Kind.OFFER,
        "r",
        "offer",
        "o",
        "third",
        "t",
        "units",
        "1",
        "price",
        "1");
    refuses(
        "there is no party apple in microsoft-openai",
        Kind.TAKEOVER,
        "",
        "party",
        "apple",
        "acquirer",
        "x");
  }

  @Test
  void refusesApprovalByWhoDeclared() throws Exception {
    desk.tell(
        "ann", Happening.of(Kind.DECLARE, "microsoft-openai", "agi", NOW, "body", "openai.board"));

    assertThatThrownBy(
            () -> desk.tell("ann", Happening.of(Kind.APPROVE, "microsoft-openai", "agi", NOW)))
        .hasMessage("nothing that another person told waits for approval: two must agree");
    desk.tell("bob", Happening.of(Kind.APPROVE, "microsoft-openai", "agi", NOW));
    assertThat(desk.state().triggers().getFirst().state().phase())
        .isEqualTo(TriggerState.Phase.DECLARED_UNMET);
  }

  @Test
  void refusesWhatHasNotHappenedYet() {
    assertThatThrownBy(() ->
            desk.tell(
                "ann",
                Happening.of(
                    Kind.DECLARE,
                    "microsoft-openai",
                    "agi",
                    NOW.plusSeconds(3_600),
                    "body",
                    "openai.board")))
        .hasMessage("it has not happened yet: 2027-09-01T01:00:00Z");
  }

  @Test
  void decidesAgainWhenAWindowOpensWithoutAnythingHappening() throws Exception {
    var clock = new Instant[] {Instant.parse("2025-01-20T23:59:59Z")};
    var moving =
        new ContractDesk(
            new ContractBook(List.of(Contracts.example("a"), Contracts.example("b"))),
            Map.of("azure", "azure-openai", "t", "custom"),
            new Held(),
            () -> clock[0]);
    Subject app = Subject.asker("o", "t", Map.of("channel", "app"), Set.of());
    assertThat(moving.rules().judge("t", "custom", "gpt-4o", "", app).allowed()).isFalse();

    clock[0] = Instant.parse("2025-01-21T00:00:00Z");
    moving.refresh();

    assertThat(moving.rules().judge("t", "custom", "gpt-4o", "", app).allowed()).isTrue();
  }
}
