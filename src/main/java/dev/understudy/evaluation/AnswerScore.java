package dev.understudy.evaluation;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How far an answer can be relied on by its form alone: whether there is one, whether it refuses,
 * was cut, breaks a format that was asked for, doubts itself, or was written with little
 * confidence.
 *
 * @param score 0 to 1
 * @param why what lowered it; empty if nothing did
 */
public record AnswerScore(double score, String why) {
  private static final double CUT = 0.2;
  private static final double DOUBT = 0.4;

  private static final Pattern DOUBTS =
      Pattern.compile(
          "\\b(i(?:'m| am) not (?:sure|certain)|i (?:do not|don't) know|i(?:'m| am) unable to determine"
              + "|cannot be determined|hard to say|i(?:'m| am) guessing|my best guess"
              + "|(?:not|isn't) enough information|i (?:do not|don't) have (?:enough|access))");

  /** Scores an answer to a request. */
  public static AnswerScore of(ChatRequest request, ChatReply reply) {
    var said = new StringBuilder();
    var logprobs = new ArrayList<TokenLogprob>();
    boolean tools = false;
    for (Part part : reply.parts()) {
      switch (part) {
        case Part.Text text -> {
          said.append(text.text());
          logprobs.addAll(text.logprobs());
        }
        case Part.Refusal _ -> {
          return new AnswerScore(0, "it refuses");
        }
        case Part.ToolCall call -> {
          tools = true;
          if (!isObject(call.inputJson())) {
            return new AnswerScore(0, "it calls a tool with what is no JSON object");
          }
        }
        default -> {}
      }
    }
    String text = said.toString();
    switch (reply.stop().reason()) {
      case REFUSAL, CONTENT_FILTER -> {
        return new AnswerScore(0, "it refuses");
      }
      case MAX_TOKENS, CONTEXT_WINDOW -> {
        return new AnswerScore(CUT, "it was cut");
      }
      default -> {}
    }
    if (tools) {
      return new AnswerScore(1, "");
    }
    if (text.isBlank()) {
      return new AnswerScore(0, "it is empty");
    }
    if (Refusals.isOne(text)) {
      return new AnswerScore(0, "it refuses");
    }
    if (!(request.format() instanceof ReplyFormat.Text) && !isObject(text)) {
      return new AnswerScore(0, "it is not the JSON that was asked for");
    }
    double score = 1;
    String why = "";
    if (BoundedText.find(DOUBTS, text.replace('’', '\'').toLowerCase(Locale.ROOT))) {
      score = DOUBT;
      why = "it doubts itself";
    }
    double confidence = confidence(logprobs);
    if (confidence < 1) {
      score *= confidence;
      why = (why.isEmpty() ? "" : why + ", and ") + "it was written with little confidence";
    }
    return new AnswerScore(score, why);
  }

  /** The geometric mean of the tokens' probabilities; 1 where the vendor does not say. */
  private static double confidence(List<TokenLogprob> logprobs) {
    if (logprobs.isEmpty()) {
      return 1;
    }
    double sum = 0;
    for (TokenLogprob token : logprobs) {
      sum += token.logprob().doubleValue();
    }
    return Math.clamp(Math.exp(sum / logprobs.size()), 0, 1);
  }

  private static boolean isObject(String text) {
    try {
      return Json.parse(text).isObject();
    } catch (Malformed e) {
      return false;
    }
  }
}
