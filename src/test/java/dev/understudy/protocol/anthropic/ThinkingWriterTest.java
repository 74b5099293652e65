package dev.understudy.protocol.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Thinking;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class ThinkingWriterTest {
  private final Losses losses = new Losses();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-sonnet-4-5 | minimal | {\"type\":\"enabled\",\"budget_tokens\":1024} | null",
        "claude-sonnet-4-5 | low | {\"type\":\"enabled\",\"budget_tokens\":2048} | null",
        "claude-sonnet-4-5 | high | {\"type\":\"enabled\",\"budget_tokens\":16384} | null",
        "claude-sonnet-4-5 | none | {\"type\":\"disabled\"} | null",
        "claude-opus-4-5 | max | {\"type\":\"enabled\",\"budget_tokens\":32000} | high",
        "claude-opus-4-6 | xhigh | {\"type\":\"adaptive\"} | high",
        "claude-opus-4-8 | xhigh | {\"type\":\"adaptive\"} | xhigh",
        "claude-opus-4-8 | minimal | {\"type\":\"adaptive\"} | low",
        "claude-opus-5 | medium | null | medium",
        "claude-opus-5-5 | none | null | low",
        "claude-3-5-haiku-latest | high | null | null",
      })
  void anEffortIsToldAsTheModelUnderstandsIt(
      String model, String effort, String thinking, String toldEffort) {
    var wish =
        new Thinking(
            Optional.empty(), false, Optional.of(effort), Optional.empty(), Optional.empty());
    ObjectNode body = write(model, wish, Sampling.UNSAID);
    assertThat(body.has("thinking") ? Json.text(body.get("thinking")) : "null").isEqualTo(thinking);
    assertThat(body.path("output_config").path("effort").asString("null")).isEqualTo(toldEffort);
  }

  @Test
  void aBudgetBecomesAnEffortWhereBudgetsAreRefused() {
    ObjectNode body = write("claude-opus-4-8", budget(9_000), Sampling.UNSAID);
    assertThat(Json.text(body.get("thinking"))).isEqualTo("{\"type\":\"adaptive\"}");
    assertThat(body.at("/output_config/effort").stringValue()).isEqualTo("high");
    assertThat(Fixtures.paths(losses)).containsExactly("thinking.budget_tokens");
  }

  @Test
  void thoughtsGetRoomBesideTheAnswer() {
    ObjectNode body =
        write("claude-sonnet-4-5", budget(4_000), Sampling.UNSAID.withMaxTokens(1_000));
    assertThat(body.get("max_tokens").longValue()).isEqualTo(5_000);
    assertThat(Fixtures.paths(losses)).containsExactly("max_tokens");
  }

  @Test
  void aBudgetStaysBelowWhatTheModelGives() {
    ObjectNode body =
        write("claude-opus-4-1", budget(40_000), Sampling.UNSAID.withMaxTokens(32_000));
    assertThat(body.get("max_tokens").longValue()).isEqualTo(32_000);
    assertThat(body.at("/thinking/budget_tokens").longValue()).isLessThan(32_000);
    assertThat(Fixtures.paths(losses)).contains("thinking.budget_tokens");
  }

  @Test
  void aThinkingModelIsNotToldHowToDraw() {
    var hot =
        new Sampling(
            Optional.of(9_000L),
            Optional.of(new BigDecimal("0.3")),
            Optional.empty(),
            Optional.of(5L),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    ObjectNode body = write("claude-sonnet-4-5", budget(2_000), hot);
    assertThat(body.has("temperature")).isFalse();
    assertThat(Fixtures.paths(losses)).containsExactly("temperature", "top_k");
    assertThat(write("claude-opus-4-7", Thinking.UNSAID, hot).has("temperature")).isFalse();
  }

  @Test
  void howThoughtsAreShownIsToldToo() {
    var shown =
        new Thinking(
            Optional.of(true), true, Optional.empty(), Optional.empty(), Optional.of("auto"));
    assertThat(Json.text(write("claude-opus-4-8", shown, Sampling.UNSAID).get("thinking")))
        .isEqualTo("{\"type\":\"adaptive\",\"display\":\"summarized\"}");
  }

  @Test
  void aTurnThatLostItsThoughtsGoesOnWithoutABudget() {
    var thought =
        new Part.Reasoning(
            "hm",
            Optional.of(
                new Seal(
                    ProtocolName.ANTHROPIC_MESSAGES, Optional.empty(), Seals.SIGNATURE, "c2ln")));
    var call = new Part.ToolCall("toolu_1", "weather", "{}");

    assertThat(goesOnWith(call).has("thinking")).isFalse();
    assertThat(Fixtures.paths(losses)).containsExactly("thinking");
    assertThat(goesOnWith(thought, call).has("thinking")).isTrue();
  }

  private ObjectNode goesOnWith(Part... turn) {
    var result =
        new Part.ToolResult("toolu_1", Optional.empty(), List.of(new Part.Text("sunny")), false);
    var request =
        Fixtures.request(
            "claude-sonnet-4-5",
            Fixtures.user(new Part.Text("hi")),
            new Message(Role.ASSISTANT, List.of(turn)),
            Fixtures.user(result));
    return Fixtures.write(Fixtures.with(request, budget(2_000), Sampling.UNSAID), losses);
  }

  private static Thinking budget(long tokens) {
    return new Thinking(
        Optional.of(true), false, Optional.empty(), Optional.of(tokens), Optional.empty());
  }

  private ObjectNode write(String model, Thinking thinking, Sampling sampling) {
    var request = Fixtures.request(model, Fixtures.user(new Part.Text("hi")));
    return Fixtures.write(Fixtures.with(request, thinking, sampling), losses);
  }
}
