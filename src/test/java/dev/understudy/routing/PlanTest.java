package dev.understudy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.routing.Plan.VendorName;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a name in a request leads to. */
final class PlanTest {
  private static final Plan PLAN =
      new Plan(
          List.of(
              new Route(
                  "assistant",
                  new Target("openai", "gpt-5.1"),
                  List.of(new Target("anthropic", "claude-sonnet-4-5"))),
              new Route("openai/gpt-4o", new Target("azure", "gpt-4o"), List.of())),
          List.of(
              new VendorName("openai", List.of(), List.of("gpt-", "o3")),
              new VendorName("gemini", List.of("google"), List.of("gemini")),
              VendorName.of("azure")));

  @Test
  void aRouteLeadsToItsTargetsInOrder() {
    assertThat(targets("assistant"))
        .containsExactly(
            new Target("openai", "gpt-5.1"), new Target("anthropic", "claude-sonnet-4-5"));
  }

  @Test
  void aRouteGoesBeforeAVendorsModelOfTheSameName() {
    assertThat(targets("openai/gpt-4o")).containsExactly(new Target("azure", "gpt-4o"));
  }

  @Test
  void anyModelOfAVendorIsReachedByName() {
    assertThat(targets("openai/org/model:v1"))
        .containsExactly(new Target("openai", "org/model:v1"));
    assertThat(targets("google/gemini-3-pro"))
        .containsExactly(new Target("gemini", "gemini-3-pro"));
  }

  @Test
  void unknownNamesComeWithNearOnes() {
    assertThat(near("asistant")).containsExactly("assistant");
    assertThat(near("opnai/gpt-5")).contains("openai/gpt-5");
    assertThat(near("gpt-5.1")).containsExactly("openai/gpt-5.1");
    assertThat(near("Gemini-3-pro")).containsExactly("gemini/Gemini-3-pro");
    assertThat(near("something else")).isEmpty();
    assertThat(near("")).isEmpty();
    assertThat(near("/x")).isEmpty();
    assertThat(near("openai/")).isNotNull();
  }

  @Test
  void aVeryLongNameIsNotCompared() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(near("a".repeat(1 << 20))).isEmpty());
  }

  @Property(tries = 300)
  void anyNameIsFoundOrUnknownWithAtMostThreeNames(@ForAll String name) {
    switch (PLAN.resolve(name)) {
      case Resolution.Found found -> assertThat(found.targets()).isNotEmpty();
      case Resolution.Unknown unknown -> {
        assertThat(unknown.name()).isEqualTo(name);
        assertThat(unknown.near()).hasSizeLessThanOrEqualTo(3);
      }
    }
  }

  private static List<Target> targets(String name) {
    return ((Resolution.Found) PLAN.resolve(name)).targets();
  }

  private static List<String> near(String name) {
    return ((Resolution.Unknown) PLAN.resolve(name)).near();
  }
}
