package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Citation;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.Seal;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Json;
import dev.understudy.protocol.SealText;
import dev.understudy.protocol.wire.Bytes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the items of a response and tells how they come about.
 *
 * <p>Texts and refusals that follow one another are contents of one message; every other part is an
 * item of its own.
 */
final class OutputWriter {
  private enum Open {
    NOTHING,
    TEXT,
    REFUSAL,
    REASONING,
    CALL
  }

  private final String exchangeId;
  private final ArrayNode items = Json.array();
  private final StringBuilder text = new StringBuilder();
  private ArrayNode annotations = Json.array();
  private ArrayNode logprobs = Json.array();
  private Open open = Open.NOTHING;
  private @Nullable ObjectNode message;
  private ObjectNode item = Json.object();
  private Bytes out = new Bytes();
  private long sequence;
  private int ids;

  OutputWriter(String exchangeId) {
    this.exchangeId = exchangeId;
  }

  /** Takes over where a relayed stream broke off; {@code next} is the number of the next event. */
  void goOnWith(ToldItems told, long next) {
    items.addAll(told.items());
    sequence = next;
    message = told.message().orElse(null);
    if (message != null && told.isTextOpen()) {
      begin(Open.TEXT, message);
      text.append(told.openText());
    }
  }

  void to(Bytes bytes) {
    out = bytes;
  }

  ArrayNode items() {
    return items;
  }

  String newId(String prefix) {
    return prefix + exchangeId + "_" + ids++;
  }

  long nextNumber() {
    return sequence++;
  }

  /** The body of an event, numbered. */
  ObjectNode numbered() {
    return Json.object().put("sequence_number", nextNumber());
  }

  void event(String type, JsonNode body) {
    var event = Json.object().put("type", type);
    if (body instanceof ObjectNode object) {
      event.setAll(object);
    }
    out.event(type, event);
  }

  void openText() {
    openContent(Open.TEXT, textPart());
  }

  void openRefusal() {
    openContent(Open.REFUSAL, Json.object().put("type", "refusal").put("refusal", ""));
  }

  private void openContent(Open kind, ObjectNode empty) {
    ObjectNode holder = message;
    if (holder == null) {
      holder =
          Json.object()
              .put("id", newId("msg_"))
              .put("type", "message")
              .put("status", "in_progress")
              .put("role", "assistant");
      holder.putArray("content");
      message = holder;
      items.add(holder);
      itemEvent("response.output_item.added", holder);
    }
    begin(kind, holder);
    event("response.content_part.added", contentEvent().set("part", empty));
  }

  void openReasoning() {
    closeMessage();
    var reasoning = Json.object().put("id", newId("rs_")).put("type", "reasoning");
    reasoning.putArray("summary");
    items.add(reasoning);
    begin(Open.REASONING, reasoning);
    itemEvent("response.output_item.added", reasoning);
  }

  void openCall(PartStart.ToolCall call) {
    closeMessage();
    call.seal().ifPresent(seal -> sealOf(call.callId(), seal));
    var item =
        Json.object()
            .put("id", newId("fc_"))
            .put("type", "function_call")
            .put("status", "in_progress")
            .put("arguments", "")
            .put("call_id", call.callId())
            .put("name", call.tool());
    items.add(item);
    begin(Open.CALL, item);
    itemEvent("response.output_item.added", item);
  }

  /** A call has no place for a seal; a thought of its own before it carries the seal. */
  private void sealOf(String callId, Seal seal) {
    var carrier = Json.object().put("id", newId("rs_")).put("type", "reasoning");
    carrier.putArray("summary");
    carrier.put("encrypted_content", ReasoningSeal.forCall(callId, seal));
    whole(carrier);
  }

  /** An item that is complete from the start. */
  void whole(ObjectNode complete) {
    closeMessage();
    items.add(complete);
    itemEvent("response.output_item.added", complete);
    itemEvent("response.output_item.done", complete);
  }

  void delta(String more, List<TokenLogprob> odds) {
    switch (open) {
      case TEXT -> {
        text.append(more);
        ArrayNode written = Logprobs.write(odds);
        logprobs.addAll(written);
        event(
            "response.output_text.delta",
            contentEvent().put("delta", more).set("logprobs", written));
      }
      case REFUSAL -> {
        text.append(more);
        event("response.refusal.delta", contentEvent().put("delta", more));
      }
      case REASONING -> {
        if (text.isEmpty()) {
          event("response.reasoning_summary_part.added", summaryEvent().set("part", summary("")));
        }
        text.append(more);
        event("response.reasoning_summary_text.delta", summaryEvent().put("delta", more));
      }
      case CALL -> {
        text.append(more);
        event("response.function_call_arguments.delta", itemOf().put("delta", more));
      }
      case NOTHING -> {} // a part that has no item here
    }
  }

  void cited(Citation citation) {
    if (open != Open.TEXT) {
      return;
    }
    ObjectNode annotation = Annotations.write(citation, text);
    event(
        "response.output_text.annotation.added",
        contentEvent().put("annotation_index", annotations.size()).set("annotation", annotation));
    annotations.add(annotation);
  }

  void close(Optional<Seal> seal) {
    switch (open) {
      case TEXT -> closeText();
      case REFUSAL -> {
        String said = text.toString();
        var part = Json.object().put("type", "refusal").put("refusal", said);
        event("response.refusal.done", contentEvent().put("refusal", said));
        closeContent(part);
      }
      case REASONING -> closeReasoning(seal);
      case CALL -> {
        String arguments = text.toString();
        event(
            "response.function_call_arguments.done",
            itemOf().put("name", item.path("name").asString()).put("arguments", arguments));
        item.put("arguments", arguments).put("status", "completed");
        itemEvent("response.output_item.done", item);
      }
      case NOTHING -> {}
    }
    open = Open.NOTHING;
  }

  private void closeText() {
    ObjectNode part = textPart().put("text", text.toString());
    part.set("annotations", annotations);
    part.set("logprobs", logprobs);
    event(
        "response.output_text.done",
        contentEvent().put("text", text.toString()).set("logprobs", logprobs));
    closeContent(part);
  }

  private void closeContent(ObjectNode part) {
    event("response.content_part.done", contentEvent().set("part", part));
    ((ArrayNode) item.path("content")).add(part);
  }

  /**
   * Seals travel wrapped, even those of this protocol's vendors: so they keep the name of their
   * issuer and the id of the item that they belong to.
   */
  private void closeReasoning(Optional<Seal> seal) {
    if (!text.isEmpty()) {
      String thought = text.toString();
      event("response.reasoning_summary_text.done", summaryEvent().put("text", thought));
      event("response.reasoning_summary_part.done", summaryEvent().set("part", summary(thought)));
      ((ArrayNode) item.path("summary")).add(summary(thought));
    }
    seal.ifPresent(mark -> item.put("encrypted_content", SealText.wrap(mark)));
    itemEvent("response.output_item.done", item);
  }

  /** The message, if one is open, is complete. */
  void closeMessage() {
    if (message != null) {
      message.put("status", "completed");
      itemEventAt(items.size() - 1, "response.output_item.done", message);
      message = null;
    }
  }

  private void begin(Open kind, ObjectNode holder) {
    open = kind;
    item = holder;
    text.setLength(0);
    annotations = Json.array();
    logprobs = Json.array();
  }

  private void itemEvent(String type, ObjectNode shown) {
    itemEventAt(items.size() - 1, type, shown);
  }

  private void itemEventAt(int index, String type, ObjectNode shown) {
    event(type, numbered().put("output_index", index).set("item", shown));
  }

  private ObjectNode itemOf() {
    return numbered()
        .put("item_id", item.path("id").asString())
        .put("output_index", items.size() - 1);
  }

  private ObjectNode contentEvent() {
    return itemOf().put("content_index", item.path("content").size());
  }

  private ObjectNode summaryEvent() {
    return itemOf().put("summary_index", 0);
  }

  private static ObjectNode textPart() {
    var part = Json.object().put("type", "output_text").put("text", "");
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  private static ObjectNode summary(String text) {
    return Json.object().put("type", "summary_text").put("text", text);
  }
}
