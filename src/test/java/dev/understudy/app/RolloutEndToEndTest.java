package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Candidates of which the truth is known go through shadow and canary under load. A short run with
 * strong effects; with {@code -Dunderstudy.rollout=full} the one that docs/reference/rollout.md
 * shows.
 */
final class RolloutEndToEndTest {
  private static final boolean FULL = "full".equals(System.getProperty("understudy.rollout"));

  /** A candidate that fails at times is to be judged by its calls, not by its absence. */
  private static final String NO_BREAKERS = "{consecutive: 100, failures: 1}";

  private static final String SHORT_RULES =
      """
      calls: 30
      time: 1ms
      stages: [shadow, 10%, 100%]
      unproven: 0%
      rehearsal: 50%
      shadow: {share: 100%, at-once: 16, waiting: 1000}
      guardrails:
        errors: {margin: 10%, limit: 40%, window: 30}
        quality: {margin: 20%}
      """;

  private static final String FULL_RULES =
      """
      calls: 200
      time: 1s
      rehearsal: 50%
      shadow: {share: 50%, at-once: 16, waiting: 1000}
      guardrails:
        errors: {margin: 2%, limit: 20%, window: 50}
        format: {margin: 2%}
        refusals: {margin: 2%}
        quality: {margin: 5%}
      """;

  @TempDir private Path folder;

  private RolloutRig rig(String name) throws Exception {
    Path own = Files.createDirectory(folder.resolve(name));
    return new RolloutRig(own, NO_BREAKERS, FULL ? FULL_RULES : SHORT_RULES);
  }

  private static String faults(int babble, int errors) {
    return errors == 0
        ? "babble percent " + babble
        : "503 percent %d\nbabble percent %d".formatted(errors, babble);
  }

  private void goes(String name, String incumbent, String candidate, String end, boolean killed)
      throws Exception {
    try (RolloutRig rig = rig(name)) {
      rig.box.server("openai").faults().set(incumbent.split("\n"));
      rig.box.server("mai").faults().set(candidate.split("\n"));
      JsonNode begun = rig.admin("POST", "/admin/rollouts/takeover");
      assertThat(begun.path("status").asString()).as(Json.text(begun)).isEqualTo("running");
      if (killed) {
        // Once in the shadow, and once while callers are with the candidate.
        rig.talk(20);
        rig.killAndRestart();
        while (rig.status().path("share").asDouble() == 0) {
          rig.talk(50);
          assertThat(rig.calls.get()).isLessThan(FULL ? 50_000 : 5_000);
        }
        JsonNode before = rig.status();
        rig.killAndRestart();
        JsonNode after = rig.status();
        assertThat(after.path("status").asString()).isEqualTo("running");
        assertThat(after.path("share").asDouble())
            .isGreaterThanOrEqualTo(before.path("share").asDouble());
        assertThat(after.path("started_at")).isEqualTo(before.path("started_at"));
        assertThat(after.path("steps").size()).isGreaterThanOrEqualTo(before.path("steps").size());
      }
      String status = rig.run(FULL ? 200_000 : 6_000);
      JsonNode shown = rig.status();
      if (FULL) {
        System.out.printf(
            "| %s | %s | %s | %s | %d | %d | %d | %s |%n",
            name,
            incumbent.replace("\n", ", "),
            candidate.replace("\n", ", "),
            status,
            rig.calls.get(),
            rig.toCandidate.get(),
            rig.failed.get(),
            shown.path("clause").asString());
      }
      assertThat(status).as(Json.text(shown)).isEqualTo(end);
      assertThat(rig.failed.get()).as(rig.failure).isZero();
      rig.talk(20);
      assertThat(rig.failed.get()).as(rig.failure).isZero();
      if (end.equals("promoted")) {
        staysProven(rig);
      }
    }
  }

  /** The old incumbent is rehearsed, takes over where the candidate fails, and comes back. */
  private static void staysProven(RolloutRig rig) throws Exception {
    for (int i = 0; i < 50 && rig.status().path("rehearsals").asInt(0) == 0; i++) {
      rig.talk(20);
    }
    assertThat(rig.status().path("rehearsals").asInt(0)).isPositive();

    rig.box.server("mai").faults().set("500");
    rig.talk(50);
    assertThat(rig.failed.get()).as(rig.failure).isZero();
    rig.box.server("mai").faults().clear();

    rig.killAndRestart();
    assertThat(rig.status().path("status").asString()).isEqualTo("promoted");
    long before = rig.toCandidate.get();
    rig.talk(20);
    assertThat(rig.toCandidate.get()).isEqualTo(before + 20);

    assertThat(rig.admin("POST", "/admin/rollouts/takeover/rollback").path("status").asString())
        .isEqualTo("rolled-back");
    long after = rig.toCandidate.get();
    rig.talk(20);
    assertThat(rig.toCandidate.get()).isEqualTo(after);
    assertThat(rig.failed.get()).as(rig.failure).isZero();
  }

  @Test
  void aBetterCandidateIsPromoted() throws Exception {
    goes("better", faults(FULL ? 15 : 25, 0), faults(FULL ? 8 : 5, 0), "promoted", false);
  }

  @Test
  void anEqualCandidateIsPromotedThoughTheGatewayIsKilledInTheMiddle() throws Exception {
    goes("equal, killed", faults(10, 0), faults(10, 0), "promoted", true);
  }

  @Test
  void aWorseCandidateIsRolledBack() throws Exception {
    goes("worse", faults(5, 0), faults(FULL ? 15 : 60, 0), "rolled-back", false);
  }

  @Test
  void aFailingCandidateIsRolledBackAndNoCallerFails() throws Exception {
    goes("failing", faults(5, 0), faults(5, FULL ? 10 : 50), "rolled-back", false);
  }

  @Test
  void aCandidateThatOnlyFailsIsRolledBackWithinSeconds() throws Exception {
    for (String stages : new String[] {"[shadow, 100%]", "[50%, 100%]"}) {
      Path own = Files.createDirectory(folder.resolve(stages.replaceAll("[^a-z0-9]", "")));
      try (RolloutRig rig =
          new RolloutRig(
              own, "{}", "stages: %s\nguardrails: {errors: {margin: 1%%}}".formatted(stages))) {
        for (String fault : new String[] {"500", "503", "401", "402", "reset", "cut"}) {
          rig.box.server("mai").faults().set(fault);
          rig.admin("POST", "/admin/rollouts/takeover");

          String status = rig.run(200_000);

          JsonNode shown = rig.status();
          Duration lasted =
              Duration.between(
                  Instant.parse(shown.path("started_at").asString()),
                  Instant.parse(shown.path("steps").path(1).path("at").asString()));
          System.out.printf(
              "| %s | %s | %s | %d s | %s |%n",
              stages, fault, status, lasted.toSeconds(), shown.path("clause").asString());
          assertThat(status).as("%s: %s", fault, Json.text(shown)).isEqualTo("rolled-back");
          assertThat(shown.path("clause").asString()).as(fault).startsWith("errors: ");
          assertThat(lasted).as(fault).isLessThan(Duration.ofSeconds(40));
          assertThat(rig.failed.get()).as(fault + ": " + rig.failure).isZero();
        }
      }
    }
  }
}
