package dev.understudy.chat;

import java.util.List;
import java.util.Optional;

/** Requests in which nothing is said but what is asked of whom. */
public final class Requests {
  private Requests() {}

  public static ChatRequest plain(String model, List<Message> messages) {
    return thinking(model, Thinking.UNSAID, messages);
  }

  /** And how much the model is to think. */
  public static ChatRequest thinking(String model, Thinking thinking, List<Message> messages) {
    return new ChatRequest(
        model,
        messages,
        List.of(),
        new ToolChoice.Unsaid(),
        Optional.empty(),
        new ReplyFormat.Text(),
        thinking,
        Sampling.UNSAID,
        Labels.NONE,
        false,
        false);
  }
}
