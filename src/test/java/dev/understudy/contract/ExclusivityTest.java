package dev.understudy.contract;

import static dev.understudy.contract.Contracts.example;
import static dev.understudy.contract.Rulings.API;
import static dev.understudy.contract.Rulings.EXCLUSIVE;
import static dev.understudy.contract.Rulings.ask;
import static dev.understudy.contract.Rulings.ruled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Happening.Kind;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The worked examples of exclusivity, each by its name and to its last digit. */
final class ExclusivityTest {
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

  @Test
  void carveOutsHoldForAFirstLaunchToo() {
    ContractVersion version =
        Contracts.terms(
            """
            exclusivity:
              - id: ex-1
                grantor: us
                beneficiary: a
                kind: preferred-first
                of: hosting
                first-launch: {days: 90}
                carve-outs: [{name: security, scope: {segments: [national-security]}}]
            """);
    Chain launched = new Chain().add(Kind.LAUNCH, "acme", "", "2024-06-01", "model", "gpt-x");
    Subject security =
        Subject.asker("default", "default", Map.of("segment", "national-security"), Set.of());

    assertThat(ask(version, "b", "gpt-x", "2024-06-02", launched, API).allowed()).isFalse();
    assertThat(ask(version, "b", "gpt-x", "2024-06-02", launched, security).text())
        .isEqualTo("acme v1 ex-1: carve-out: security");
  }
}
