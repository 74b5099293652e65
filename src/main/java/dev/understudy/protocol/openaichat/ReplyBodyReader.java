package dev.understudy.protocol.openaichat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.FailedReply;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyFold;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads an answer that came in one piece. */
final class ReplyBodyReader {
  /**
   * Members of replies and chunks that say nothing of the answer: when and by which build it was
   * made, how long that took, padding, and filters' reports on what passed them.
   */
  private static final String[] ASIDE = {
    "object",
    "created",
    "system_fingerprint",
    "provider",
    "obfuscation",
    "p",
    "nonce",
    "request_id",
    "generationId",
    "prompt_filter_results",
    "time_info",
    "timings",
    "latency_checkpoint",
    "kv_transfer_params",
    "x_groq",
    "usage_breakdown"
  };

  private ReplyBodyReader() {}

  static ChatReply read(byte[] body, Dialect dialect, Losses losses) {
    ObjectNode node = Json.parseObject(body);
    Fields reply = Fields.of(node);
    // OpenRouter, and others that sit before several vendors, tell theirs' errors with a 200.
    boolean failed = reply.has("error") || node.path("object").asString("").equals("error");
    if (failed && node.path("choices").isEmpty()) {
      throw new FailedReply(Failures.read(Failures.statusOf(node), node, dialect.vendor()));
    }
    List<Fields> choices = reply.objects("choices");
    if (choices.isEmpty()) {
      throw new Malformed("choices", "an answer is needed");
    }
    if (choices.size() > 1) {
      losses.add("choices", "one answer is carried, and there are " + choices.size());
      choices.subList(1, choices.size()).forEach(Fields::ignoreRest);
    }
    var fold = new ReplyFold();
    fold.accept(new ReplyEvent.Started(idOf(reply), modelOf(reply)));
    var answer = new AnswerReader(dialect.vendor(), fold);
    Fields choice = choices.getFirst();
    answer.read(choice.requiredObject("message"), Logprobs.read(choice));
    answer.citations(Annotations.readLists(reply));
    Stop stop = finish(answer, choice);
    usage(reply, Optional.empty(), dialect)
        .ifPresent(usage -> fold.accept(new ReplyEvent.Counted(usage)));
    fold.accept(new ReplyEvent.Ended(stop));
    // Perplexity puts an empty delta beside the whole message.
    choice.ignore("delta");
    aside(reply, choice);
    losses.unread(reply.unread());
    return fold.reply().orElseThrow();
  }

  private static Stop finish(AnswerReader answer, Fields choice) {
    Optional<String> reason = reason(choice);
    if (reason.filter(Finish::isFailure).isPresent()) {
      throw new Malformed("choices[0].finish_reason", "the vendor broke off: " + reason.get());
    }
    return stopText(answer.finish(reason), choice);
  }

  /** vLLM and SGLang say which stop text was met, or which token. */
  static Stop stopText(Stop stop, Fields choice) {
    for (String name : List.of("stop_reason", "matched_stop")) {
      JsonNode met = choice.raw(name).orElse(null);
      if (met != null && met.isString() && stop.reason() == Stop.Reason.END) {
        return new Stop(
            Stop.Reason.STOP_SEQUENCE, stop.vendorReason(), Optional.of(met.stringValue()));
      }
    }
    return stop;
  }

  /** The reason, where one is said; some vendors send an empty one. */
  static Optional<String> reason(Fields choice) {
    return choice.text("finish_reason").filter(text -> !text.isEmpty());
  }

  static String idOf(Fields reply) {
    return string(reply, "id");
  }

  static String modelOf(Fields reply) {
    return string(reply, "model");
  }

  static Optional<String> tierOf(Fields reply) {
    return Optional.of(string(reply, "service_tier")).filter(text -> !text.isEmpty());
  }

  /**
   * What was consumed, where the reply or chunk says so. Groq tells it beside, in {@code x_groq},
   * in streams.
   */
  static Optional<Usage> usage(Fields reply, Optional<String> tier, Dialect dialect) {
    Optional<JsonNode> usage = reply.raw("usage");
    JsonNode said = usage.orElseGet(() -> reply.node().path("x_groq").path("usage"));
    return said instanceof ObjectNode object
        ? Optional.of(ChatUsage.read(object, tierOf(reply).or(() -> tier), dialect.usage()))
        : Optional.empty();
  }

  /** Marks what is known and says nothing of the answer. */
  static void aside(Fields reply, Fields choice) {
    reply.ignore(ASIDE);
    choice.ignore(
        "index",
        "native_finish_reason",
        "content_filter_results",
        "content_filter_offsets",
        "seed");
  }

  private static String string(Fields fields, String name) {
    return fields.raw(name).filter(JsonNode::isString).map(JsonNode::stringValue).orElse("");
  }
}
