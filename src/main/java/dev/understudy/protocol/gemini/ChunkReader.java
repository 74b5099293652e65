package dev.understudy.protocol.gemini;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.PartSequencer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads {@code GenerateContentResponse} objects, of which a whole answer is one and a streamed
 * answer many, and emits their events.
 *
 * <p>A signature on text, or on an empty part, becomes an empty sealed thought behind that text. It
 * waits for the next part, because what supports the text comes after it in the same chunk.
 */
final class ChunkReader {
  private final String vendor;
  private final Consumer<ReplyEvent> events;
  private final Losses losses;
  private final PartSequencer parts;
  private final Grounding grounding = new Grounding();
  private final StringBuilder openText = new StringBuilder();
  private String id = "";
  private boolean started;
  private boolean callsTools;
  private int calls;
  private boolean hasLogprobs;
  private List<TokenLogprob> logprobs = List.of();
  private @Nullable Seal waitingSeal;
  private @Nullable PartialCall partial;
  private @Nullable String finish;
  private @Nullable String blocked;

  /** A call whose arguments arrive in pieces. */
  private record PartialCall(String callId, String tool, Optional<Seal> seal, PartialArgs args) {}

  ChunkReader(String vendor, Consumer<ReplyEvent> events, Losses losses) {
    this.vendor = vendor;
    this.events = events;
    this.losses = losses;
    this.parts = new PartSequencer(events);
  }

  /**
   * One chunk that is not an error.
   *
   * @throws dev.understudy.json.Malformed if it is not what the protocol says
   */
  void chunk(ObjectNode node) {
    ProtoFields chunk = ProtoFields.of(node);
    // When it was made is not kept; which model and which answer is told once.
    chunk.ignore("createTime", "modelStatus");
    String responseId = chunk.text("responseId").orElse("");
    String model = chunk.text("modelVersion").orElse("");
    if (!started) {
      started = true;
      id = responseId;
      events.accept(new ReplyEvent.Started(responseId, model));
    }
    chunk.object("promptFeedback").ifPresent(this::feedback);
    for (ProtoFields candidate : chunk.objects("candidates")) {
      if (candidate.integer("index").orElse(0L) == 0) {
        candidate(candidate);
      } else {
        candidate.fields().ignoreRest();
        losses.add(candidate.fields().path(), "one candidate is carried");
      }
    }
    if (chunk.raw("usageMetadata").orElse(null) instanceof ObjectNode usage) {
      events.accept(new ReplyEvent.Counted(GeminiUsage.read(usage)));
    }
    losses.unread(chunk.fields().unread());
  }

  /** Whether the vendor said that the answer is over. */
  boolean isFinished() {
    return finish != null || blocked != null;
  }

  /** A whole answer needs no word for its end. */
  void finishUnsaid() {
    finish = "STOP";
  }

  /** The end of an answer that is finished. */
  void end() {
    closePartialCall();
    flushSeal();
    parts.finish();
    events.accept(new ReplyEvent.Ended(stop()));
  }

  private Stop stop() {
    if (finish != null) {
      return FinishReasons.read(finish, callsTools);
    }
    return FinishReasons.blocked(blocked == null ? "" : blocked);
  }

  private void feedback(ProtoFields feedback) {
    feedback.ignore("safetyRatings");
    Optional<String> message = feedback.text("blockReasonMessage");
    Optional<String> reason = feedback.word("blockReason");
    if (reason.isPresent() && blocked == null) {
      blocked = reason.get();
      message.ifPresent(parts::refusal);
    }
  }

  private void candidate(ProtoFields candidate) {
    // Ratings, averages and counts repeat what is said elsewhere or steer nothing; the finish
    // message explains the finish reason to a person.
    candidate.ignore("safetyRatings", "avgLogprobs", "tokenCount", "finishMessage", "index");
    Optional<ProtoFields> content = candidate.object("content");
    hasLogprobs = candidate.has("logprobsResult");
    logprobs = candidate.object("logprobsResult").map(ChunkReader::logprobs).orElse(List.of());
    if (content.isPresent()) {
      content.get().ignore("role");
      for (ProtoFields part : content.get().objects("parts")) {
        part(part);
      }
    }
    if (hasLogprobs && !logprobs.isEmpty()) {
      losses.add(candidate.path("logprobsResult"), "no text that the tokens belong to");
    }
    cited(grounding.read(candidate, openText.toString()), candidate);
    candidate.word("finishReason").flatMap(FinishReasons::word).ifPresent(word -> finish = word);
    if (finish != null) {
      cited(grounding.rest(), candidate);
    }
  }

  private void cited(List<Citation> citations, ProtoFields candidate) {
    if (openText.isEmpty() && !citations.isEmpty()) {
      losses.add(candidate.path("groundingMetadata"), "no text that is supported");
    } else {
      citations.forEach(parts::cited);
    }
  }

  private void part(ProtoFields part) {
    boolean thought = part.flag("thought").orElse(false);
    Optional<String> signature = part.text("thoughtSignature").filter(text -> !text.isEmpty());
    Optional<String> text = part.text("text");
    if (text.orElse("").isEmpty()
        && signature.isEmpty()
        && logprobs.isEmpty()
        && part.fields().unread().isEmpty()) {
      // An empty part, with which many last chunks come, ends nothing that came before.
      return;
    }
    flushSeal();
    Optional<ProtoFields> call = part.object("functionCall");
    if (call.isPresent()) {
      openText.setLength(0);
      call(call.get(), signature.map(data -> seal(Seals.CALL, data)));
      return;
    }
    closePartialCall();
    if (thought && (text.isPresent() || part.fields().unread().isEmpty())) {
      openText.setLength(0);
      text.ifPresent(parts::reasoning);
      signature.ifPresent(data -> parts.seal(unwrapped(Seals.THOUGHT, data)));
      return;
    }
    if (text.isPresent() || part.fields().unread().isEmpty()) {
      openText.append(text.orElse(""));
      parts.text(text.orElse(""), logprobs);
      logprobs = List.of();
      signature.ifPresent(data -> waitingSeal = unwrapped(Seals.TEXT, data));
      return;
    }
    openText.setLength(0);
    // A picture that is part of a thought is no part of the answer.
    Optional<Part> media = thought ? Optional.empty() : Media.read(part);
    if (media.isPresent()) {
      parts.whole(media.get());
      signature.ifPresent(data -> waitingSeal = unwrapped(Seals.TEXT, data));
      return;
    }
    part.fields().ignoreRest();
    parts.whole(new Part.Foreign(ProtocolName.GEMINI, Json.text(part.fields().node())));
  }

  private Seal seal(String kind, String data) {
    return new Seal(ProtocolName.GEMINI, Optional.of(vendor), kind, data);
  }

  /** A reply of our own writing may hold another protocol's seal. */
  private Seal unwrapped(String kind, String data) {
    return Seals.read(data, kind)
        .filter(found -> !found.protocol().equals(ProtocolName.GEMINI))
        .orElseGet(() -> seal(kind, data));
  }

  private void flushSeal() {
    if (waitingSeal != null) {
      parts.seal(waitingSeal);
      waitingSeal = null;
      openText.setLength(0);
    }
  }

  private void call(ProtoFields call, Optional<Seal> seal) {
    Optional<String> name = call.text("name").filter(text -> !text.isEmpty());
    Optional<String> callId = call.text("id").filter(text -> !text.isEmpty());
    boolean more = call.flag("willContinue").orElse(false);
    List<ProtoFields> pieces = call.objects("partialArgs");
    JsonNode args = call.raw("args").orElseGet(Json::object);
    if (name.isPresent()) {
      closePartialCall();
      calls++;
      // The vendor may leave ids out; the answer's own name keeps them apart between turns.
      String known = callId.orElseGet(() -> generatedId(name.get()));
      Optional<Seal> own = seal.map(found -> unwrapped(Seals.CALL, found.data()));
      if (!more && pieces.isEmpty()) {
        whole(known, name.get(), Json.text(args), own);
        return;
      }
      partial = new PartialCall(known, name.get(), own, new PartialArgs());
    }
    if (partial == null) {
      // The last of a call that came in pieces may be an empty object.
      return;
    }
    if (args instanceof ObjectNode object) {
      partial.args().whole(object);
    }
    for (ProtoFields piece : pieces) {
      if (!partial.args().piece(piece)) {
        losses.add(piece.fields().path(), "a piece of arguments that is not understood");
      }
    }
    if (!more) {
      closePartialCall();
    }
  }

  private String generatedId(String name) {
    String base = id.isEmpty() ? name : id;
    return "call_" + base.replaceAll("[^A-Za-z0-9_-]", "_") + "_" + calls;
  }

  private void closePartialCall() {
    if (partial != null) {
      PartialCall whole = partial;
      partial = null;
      whole(whole.callId(), whole.tool(), whole.args().json(), whole.seal());
    }
  }

  private void whole(String callId, String tool, String json, Optional<Seal> seal) {
    callsTools = true;
    int key = parts.parts();
    while (parts.hasCall(key)) {
      key++;
    }
    parts.callOpened(key, callId, tool, seal);
    parts.callDelta(key, json);
  }

  private static List<TokenLogprob> logprobs(ProtoFields result) {
    ArrayNode chosen = result.list("chosenCandidates");
    ArrayNode top = result.list("topCandidates");
    result.ignore("logProbabilitySum");
    var found = new ArrayList<TokenLogprob>();
    for (int i = 0; i < chosen.size(); i++) {
      var alternatives = new ArrayList<TokenLogprob>();
      for (JsonNode each : top.path(i).path("candidates")) {
        alternatives.add(logprob(each, List.of()));
      }
      found.add(logprob(chosen.get(i), alternatives));
    }
    return found;
  }

  private static TokenLogprob logprob(JsonNode node, List<TokenLogprob> alternatives) {
    JsonNode value = node.path("logProbability");
    return new TokenLogprob(
        node.path("token").asString(""),
        value.isNumber() ? value.decimalValue() : BigDecimal.ZERO,
        Optional.empty(),
        alternatives);
  }
}
