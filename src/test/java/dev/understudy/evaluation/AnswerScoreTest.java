package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.Requests;
import dev.understudy.chat.Role;
import dev.understudy.chat.Stop;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.chat.Usage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the form of an answer says of it. */
final class AnswerScoreTest {
  private static AnswerScore score(String text) {
    return score(new Part.Text(text), Stop.Reason.END);
  }

  private static AnswerScore score(Part part, Stop.Reason reason) {
    return AnswerScore.of(
        request(), new ChatReply("", "", List.of(part), new Stop(reason), Usage.UNSAID));
  }

  private static ChatRequest request() {
    return Requests.plain(
        "r", List.of(new Message(Role.USER, List.of(new Part.Text("how much is 6 times 7")))));
  }

  @Test
  void plainAnswersScoreFully() {
    assertThat(score("It is 42.")).isEqualTo(new AnswerScore(1, ""));
  }

  @Test
  void whatIsNoAnswerScoresNothing() {
    assertThat(score(" \n").score()).isZero();
    assertThat(score("I'm sorry, but I can't help with that.").why()).isEqualTo("it refuses");
    assertThat(score(new Part.Text("x"), Stop.Reason.CONTENT_FILTER).score()).isZero();
    assertThat(score(new Part.Refusal("no"), Stop.Reason.END).score()).isZero();
    var broken = new Part.ToolCall("1", "add", "{\"a\":", Optional.empty());
    assertThat(score(broken, Stop.Reason.TOOL_CALLS).score()).isZero();
    var whole = new Part.ToolCall("1", "add", "{\"a\":1}", Optional.empty());
    assertThat(score(whole, Stop.Reason.TOOL_CALLS).score()).isOne();
  }

  @Test
  void whatIsCutDoubtedOrImprobableScoresLess() {
    assertThat(score(new Part.Text("It is"), Stop.Reason.MAX_TOKENS).score()).isBetween(0.1, 0.3);
    assertThat(score("I’m not sure, but it may be 41.").why()).isEqualTo("it doubts itself");
    var token = new TokenLogprob("41", new BigDecimal("-0.693"), Optional.empty(), List.of());
    var unsure = new Part.Text("41", List.of(), List.of(token));
    assertThat(score(unsure, Stop.Reason.END).score()).isCloseTo(0.5, within(0.001));
  }
}
