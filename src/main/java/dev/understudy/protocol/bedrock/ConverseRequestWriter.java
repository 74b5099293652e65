package dev.understudy.protocol.bedrock;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one request to Converse or ConverseStream; the two take the same body. */
final class ConverseRequestWriter {
  private static final Pattern METADATA = Pattern.compile("[a-zA-Z0-9\\s:_@$#=/+,\\-.]{0,256}");
  private static final int METADATA_ENTRIES_MAX = 16;

  private final ChatRequest request;
  private final Losses losses;
  private final ConverseFamily family;
  private final ConverseContent content;

  ConverseRequestWriter(ChatRequest request, Dialect dialect, Losses losses) {
    this.request = request;
    this.losses = losses;
    this.family = ConverseFamily.of(request.model());
    this.content = new ConverseContent(dialect, family, losses);
  }

  ObjectNode write() {
    ObjectNode body = Json.object();
    messages(body);
    var tools = new ConverseTools(request, family, losses);
    tools.write(body);
    ObjectNode inference = Json.object();
    ObjectNode additional = Json.object();
    boolean mayThink = !ConverseOpenTurn.lacksThoughts(body.path("messages"));
    var thinking = new ConverseThinking(request, family, mayThink, losses);
    thinking.write(body, additional);
    sampling(inference, additional, thinking);
    format(body);
    labels(body);
    if (!inference.isEmpty()) {
      body.set("inferenceConfig", inference);
    }
    if (!additional.isEmpty()) {
      body.set("additionalModelRequestFields", additional);
    }
    return body;
  }

  private void messages(ObjectNode body) {
    ArrayNode messages = body.putArray("messages");
    ArrayNode system = Json.array();
    boolean begun = false;
    for (int i = 0; i < request.messages().size(); i++) {
      Message message = request.messages().get(i);
      String path = "messages[" + i + "]";
      message.name().ifPresent(_ -> losses.add(path + ".name", "Converse names no speakers"));
      switch (message.role()) {
        case SYSTEM, DEVELOPER -> {
          if (begun) {
            losses.add(path, "instructions are moved before the conversation");
          }
          content.system(message.parts(), path, system);
        }
        case USER, ASSISTANT -> {
          begun = true;
          message(message, path, messages);
        }
      }
    }
    if (!system.isEmpty()) {
      body.set("system", system);
    }
  }

  /** Roles must take turns, so what one of them says in several messages becomes one. */
  private void message(Message message, String path, ArrayNode messages) {
    String role = message.role() == Role.ASSISTANT ? "assistant" : "user";
    ObjectNode last = messages.isEmpty() ? null : (ObjectNode) messages.get(messages.size() - 1);
    boolean joins = last != null && last.path("role").stringValue("").equals(role);
    ArrayNode blocks = joins && last != null ? last.withArray("content") : Json.array();
    List<Part> parts = message.parts();
    for (int i = 0; i < parts.size(); i++) {
      content.block(parts.get(i), message.role(), path + ".content[" + i + "]", blocks);
    }
    if (!joins && !blocks.isEmpty()) {
      ObjectNode written = messages.addObject();
      written.put("role", role);
      written.set("content", blocks);
    }
  }

  private void sampling(ObjectNode inference, ObjectNode additional, ConverseThinking thinking) {
    Sampling sampling = request.sampling();
    if (thinking.setsTheLength()) {
      lost(sampling.maxTokens(), "max_tokens", "Nova takes none at high reasoning effort");
    } else {
      sampling.maxTokens().ifPresent(tokens -> inference.put("maxTokens", tokens));
    }
    if (thinking.isOn() && thinking.fixesSampling()) {
      sampling
          .temperature()
          .ifPresent(t -> {
            if (t.compareTo(BigDecimal.ONE) == 0 && !thinking.setsTheLength()) {
              inference.put("temperature", t);
            } else {
              losses.add("temperature", "the model takes none while it thinks");
            }
          });
      lost(sampling.topK(), "top_k", "the model takes none while it thinks");
      lost(sampling.topP(), "top_p", "the model takes none while it thinks");
    } else {
      sampling.temperature().ifPresent(t -> inference.put("temperature", atMostOne(t)));
      sampling.topP().ifPresent(p -> inference.put("topP", p));
      sampling.topK().ifPresent(k -> topK(k, additional));
    }
    stops(sampling, inference);
    lost(sampling.frequencyPenalty().filter(p -> p.signum() != 0), "frequency_penalty", NONE);
    lost(sampling.presencePenalty().filter(p -> p.signum() != 0), "presence_penalty", NONE);
    lost(sampling.seed(), "seed", NONE);
    lost(sampling.logprobs().filter(Boolean::booleanValue), "logprobs", NONE);
    lost(sampling.topLogprobs(), "top_logprobs", NONE);
  }

  private static final String NONE = "Converse has no such field";

  private BigDecimal atMostOne(BigDecimal temperature) {
    if (temperature.compareTo(BigDecimal.ONE) > 0) {
      losses.add("temperature", "Converse takes at most 1, which is sent");
      return BigDecimal.ONE;
    }
    return temperature;
  }

  private void topK(long k, ObjectNode additional) {
    switch (family) {
      case CLAUDE, MISTRAL -> additional.put("top_k", k);
      case COHERE -> additional.put("k", k);
      case NOVA, NOVA_2 -> additional.putObject("inferenceConfig").put("topK", k);
      case GPT_OSS, QWEN, OTHER, UNKNOWN ->
          losses.add("top_k", "this model is not known to take it on Bedrock");
    }
  }

  private void stops(Sampling sampling, ObjectNode inference) {
    if (sampling.stop().isEmpty()) {
      return;
    }
    ArrayNode stops = inference.putArray("stopSequences");
    sampling.stop().forEach(stops::add);
  }

  private void format(ObjectNode body) {
    switch (request.format()) {
      case ReplyFormat.Text _ -> {}
      case ReplyFormat.JsonObject _ ->
          losses.add("response_format", "Converse knows JSON by a schema only");
      case ReplyFormat.JsonSchema schema -> {
        // API_runtime_OutputFormat.html: the schema travels as text.
        ObjectNode format = body.withObjectProperty("outputConfig").putObject("textFormat");
        format.put("type", "json_schema");
        ObjectNode definition = format.putObject("structure").putObject("jsonSchema");
        definition.put("schema", schema.schemaJson());
        schema.name().ifPresent(name -> definition.put("name", name));
        schema.description().ifPresent(text -> definition.put("description", text));
        if (schema.strict().isPresent() && !schema.strict().get()) {
          losses.add("response_format.strict", "Converse always holds the answer to the schema");
        }
      }
    }
  }

  private void labels(ObjectNode body) {
    Labels labels = request.labels();
    metadata(labels.metadata(), body);
    labels.serviceTier().ifPresent(tier -> serviceTier(tier, body));
    lost(labels.user(), "user", NONE);
    lost(labels.cacheKey(), "prompt_cache_key", NONE);
    lost(labels.verbosity(), "verbosity", NONE);
    lost(labels.store().filter(Boolean::booleanValue), "store", "Bedrock keeps no answers");
    if (family == ConverseFamily.CLAUDE && !request.sampling().stop().isEmpty()) {
      // Without this the reply does not say which text ended it.
      body.putArray("additionalModelResponseFieldPaths").add("/stop_sequence");
    }
  }

  private void metadata(Map<String, String> metadata, ObjectNode body) {
    ObjectNode written = Json.object();
    metadata.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> {
          if (written.size() == METADATA_ENTRIES_MAX) {
            losses.add("metadata", "Converse takes 16 entries, the rest are left out");
          } else if (entry.getKey().isEmpty()
              || !METADATA.matcher(entry.getKey()).matches()
              || !METADATA.matcher(entry.getValue()).matches()) {
            losses.add("metadata", "an entry has characters or a length Converse refuses");
          } else {
            written.put(entry.getKey(), entry.getValue());
          }
        });
    if (!written.isEmpty()) {
      body.set("requestMetadata", written);
    }
  }

  private void serviceTier(String tier, ObjectNode body) {
    switch (tier) {
      case "priority", "default", "flex", "reserved" ->
          body.putObject("serviceTier").put("type", tier);
      case "standard", "standard_only" -> body.putObject("serviceTier").put("type", "default");
      case "auto" -> {}
      default -> losses.add("service_tier", "Bedrock knows priority, default, flex and reserved");
    }
  }

  private void lost(Optional<?> value, String path, String reason) {
    if (value.isPresent()) {
      losses.add(path, reason);
    }
  }
}
