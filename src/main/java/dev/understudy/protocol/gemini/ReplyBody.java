package dev.understudy.protocol.gemini;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.Unplaced;
import java.util.ArrayList;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole answer as one {@code GenerateContentResponse}. */
final class ReplyBody {
  private final ArrayNode parts = Json.array();
  private final Grounding.Writer grounding = new Grounding.Writer();
  private final ArrayList<TokenLogprob> logprobs = new ArrayList<>();
  private Optional<String> malformedCall = Optional.empty();

  private final Unplaced unplaced;

  private ReplyBody(Losses losses) {
    unplaced = new Unplaced(ProtocolName.GEMINI, losses);
  }

  static ObjectNode write(ChatReply reply, ReplyContext context, Losses losses) {
    return new ReplyBody(losses).body(reply, context);
  }

  private ObjectNode body(ChatReply reply, ReplyContext context) {
    boolean sealable = false;
    int index = 0;
    for (Part part : reply.parts()) {
      int before = parts.size();
      unplaced.at(index++);
      part(part, sealable);
      sealable = parts.size() > before && !(part instanceof Part.ToolCall);
    }
    var body = Json.object();
    ObjectNode candidate = body.putArray("candidates").addObject();
    ObjectNode content = candidate.putObject("content");
    if (!parts.isEmpty()) {
      content.set("parts", parts);
    }
    content.put("role", "model");
    finish(candidate, reply.stop(), malformedCall);
    candidate.put("index", 0);
    grounding.writeTo(candidate);
    if (!logprobs.isEmpty()) {
      candidate.set("logprobsResult", PartWriter.logprobs(logprobs));
    }
    tail(body, reply.usage(), reply.model(), reply.id(), context);
    return body;
  }

  static void finish(ObjectNode candidate, Stop stop, Optional<String> malformedCall) {
    // A call that was cut off by the limit says more with the limit as its reason.
    boolean cut = stop.reason() == Stop.Reason.MAX_TOKENS;
    candidate.put(
        "finishReason",
        malformedCall.isPresent() && !cut
            ? FinishReasons.MALFORMED_CALL
            : FinishReasons.write(stop));
    malformedCall
        .or(() -> FinishReasons.message(stop))
        .ifPresent(text -> candidate.put("finishMessage", text));
  }

  /** What stands beside the candidates. */
  static void tail(ObjectNode body, Usage usage, String model, String id, ReplyContext context) {
    if (usage.isSaid()) {
      body.set("usageMetadata", GeminiUsage.write(usage));
    }
    body.put("modelVersion", model.isEmpty() ? context.request().model() : model);
    body.put("responseId", id.isEmpty() ? context.exchangeId() : id);
  }

  /**
   * @param sealable whether the part written last may take a signature that follows it
   */
  private void part(Part part, boolean sealable) {
    switch (part) {
      case Part.Text text -> {
        if (text.text().isEmpty() && text.citations().isEmpty()) {
          break;
        }
        int index = parts.size();
        parts.add(PartWriter.text(text.text()));
        text.citations()
            .forEach(citation -> {
              unplaced.placeOf(citation);
              grounding.cited(citation, text.text(), index);
            });
        logprobs.addAll(text.logprobs());
      }
      case Part.Reasoning(String text, Optional<Seal> seal) -> thought(text, seal, sealable);
      case Part.ToolCall call -> {
        Optional<ObjectNode> written = PartWriter.whole(call, unplaced);
        written.ifPresent(parts::add);
        if (written.isEmpty()) {
          malformedCall =
              Optional.of(PartWriter.malformed(call.tool(), call.inputJson(), unplaced));
        }
      }
      case Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.ToolResult _,
          Part.Refusal _,
          Part.CachePoint _,
          Part.Foreign _ ->
          PartWriter.whole(part, unplaced).ifPresent(parts::add);
    }
  }

  private void thought(String text, Optional<Seal> seal, boolean sealable) {
    if (sealable
        && text.isEmpty()
        && seal.isPresent()
        && Seals.belongsToPartBefore(seal.get())
        && parts.get(parts.size() - 1) instanceof ObjectNode last
        && !last.has("thoughtSignature")
        && !last.has("thought")) {
      last.put("thoughtSignature", Seals.toCaller(seal.get()));
      return;
    }
    if (!text.isEmpty()) {
      ObjectNode part = PartWriter.thought(text);
      seal.ifPresent(found -> part.put("thoughtSignature", Seals.toCaller(found)));
      parts.add(part);
    } else {
      seal.ifPresent(found -> parts.add(PartWriter.seal(found)));
    }
  }
}
