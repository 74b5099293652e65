package dev.understudy.protocol.openaichat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Source;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.Unplaced;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an answer in one piece. */
final class ReplyBodyWriter {
  private final ReplyContext context;
  private final ObjectNode message = Json.object();
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private final Unplaced unplaced;

  private ReplyBodyWriter(ReplyContext context, Losses losses) {
    this.context = context;
    this.unplaced = new Unplaced(ProtocolName.OPENAI_CHAT, losses);
  }

  static ObjectNode write(ChatReply reply, ReplyContext context, Losses losses) {
    return new ReplyBodyWriter(context, losses).reply(reply);
  }

  static String id(String vendors, ReplyContext context) {
    return vendors.isEmpty() ? "chatcmpl-" + context.exchangeId() : vendors;
  }

  static String model(String vendors, ReplyContext context) {
    return vendors.isEmpty() ? context.request().model() : vendors;
  }

  private ObjectNode reply(ChatReply reply) {
    message.put("role", "assistant");
    message.putNull("content");
    message.putNull("refusal");
    boolean sealed =
        reply.parts().stream()
            .anyMatch(part -> part instanceof Part.Reasoning(_, var seal) && seal.isPresent());
    int index = 0;
    for (Part part : reply.parts()) {
      unplaced.at(index);
      part(part, sealed);
      index++;
    }
    finishMessage();

    ObjectNode body = Json.object();
    body.put("id", id(reply.id(), context));
    body.put("object", "chat.completion");
    body.put("created", context.createdEpochSeconds());
    body.put("model", model(reply.model(), context));
    ObjectNode choice = body.putArray("choices").addObject();
    choice.put("index", 0);
    choice.set("message", message);
    if (logprobs.isEmpty()) {
      choice.putNull("logprobs");
    } else {
      choice.set("logprobs", Logprobs.write(logprobs));
    }
    choice.put("finish_reason", Finish.write(reply.stop(), !refusal.isEmpty()));
    if (reply.usage().isSaid()) {
      body.set("usage", UsageWriter.write(reply.usage().tokens()));
    }
    reply.usage().serviceTier().ifPresent(tier -> body.put("service_tier", tier));
    return body;
  }

  private void finishMessage() {
    if (!content.isEmpty()) {
      message.put("content", content.toString());
    }
    if (!refusal.isEmpty()) {
      message.put("refusal", refusal.toString());
    }
    if (!thoughts.isEmpty()) {
      message.put("reasoning_content", thoughts.toString());
    }
  }

  private void part(Part part, boolean sealed) {
    switch (part) {
      case Part.Text text -> {
        int before = content.length();
        content.append(text.text());
        logprobs.addAll(text.logprobs());
        if (!text.citations().isEmpty()) {
          ArrayNode annotations = message.withArray("annotations");
          text.citations()
              .forEach(citation -> {
                unplaced.placeOf(citation);
                annotations.add(Annotations.write(citation, before, text.text().length()));
              });
        }
      }
      case Part.Reasoning thought -> {
        thoughts.append(thought.text());
        if (sealed) {
          Thoughts.writeDetail(message, thought);
        }
      }
      case Part.Refusal(String text) -> refusal.append(text);
      case Part.ToolCall call -> {
        ObjectNode written = message.withArray("tool_calls").addObject();
        written.put("id", call.callId());
        written.put("type", "function");
        written.putObject("function").put("name", call.tool()).put("arguments", call.inputJson());
        call.seal().ifPresent(seal -> Thoughts.writeSignature(written, seal));
      }
      case Part.Image(var source, _) ->
          image(source, message.path("images").size())
              .ifPresentOrElse(
                  image -> message.withArray("images").add(image), () -> unplaced.part(part));
      case Part.Audio(var source, var transcript) ->
          audio(source, transcript, context)
              // There is room for one sound.
              .filter(_ -> !message.has("audio"))
              .ifPresentOrElse(audio -> message.set("audio", audio), () -> unplaced.part(part));
      case Part.Video _, Part.Document _, Part.ToolResult _, Part.CachePoint _, Part.Foreign _ ->
          unplaced.part(part);
    }
  }

  /** An image in an answer, as OpenRouter sends it; OpenAI's own protocol has none. */
  static Optional<ObjectNode> image(Source source, int index) {
    Optional<String> url =
        switch (source) {
          case Source.Inline inline -> Optional.of(Media.dataUrl(inline));
          case Source.Url(String address, _) -> Optional.of(address);
          case Source.FileId _, Source.PlainText _ -> Optional.empty();
        };
    return url.map(address -> {
      ObjectNode image = Json.object();
      image.put("type", "image_url");
      image.putObject("image_url").put("url", address);
      image.put("index", index);
      return image;
    });
  }

  /** A sound in an answer; it cannot be asked for again by its id, so that ends at once. */
  static Optional<ObjectNode> audio(
      Source source, Optional<String> transcript, ReplyContext context) {
    if (!(source instanceof Source.Inline inline)) {
      return Optional.empty();
    }
    ObjectNode audio = Json.object();
    audio.put("id", "audio_" + context.exchangeId());
    audio.put("data", inline.base64());
    audio.put("expires_at", context.createdEpochSeconds());
    audio.put("transcript", transcript.orElse(""));
    return Optional.of(audio);
  }
}
