package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Script.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's Chat Completions as OpenAI, xAI, DeepSeek, Meta's compatible endpoint and an
 * OpenAI-compatible server answer them.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">the API's reference</a>
 */
record ChatVoice(Accent accent) implements Voice {

  @Override
  public boolean hears(String method, String path) {
    return method.equals("POST") && path.endsWith("/chat/completions");
  }

  @Override
  public Answer answer(Call call) {
    OpenAiWords.admit(call);
    ObjectNode body = call.json();
    String model = body.path("model").asString("");
    ChatRequestRules.read(body, accent);
    var interrupted = Interrupted.of(body, "messages", goesOnByPrefix(body));
    Asked asked = ChatRequestRules.read(interrupted.request(), accent);
    Script script =
        Actor.play(asked, call.profile().vendor() + "/" + model, call.speech(model, interrupted));
    var reply = new Reply(call, model, script, usage(body, script));
    if (!body.path("stream").asBoolean(false)) {
      return Answer.json(200, reply.whole(shows(body)), script.outputTokens());
    }
    boolean counts = body.path("stream_options").path("include_usage").asBoolean(false);
    return Answer.events(reply.chunks(shows(body), counts));
  }

  /**
   * OpenAI answers anew after a message of its own. Mistral and DeepSeek go on with one that is
   * marked {@code prefix}, vLLM and SGLang when told {@code continue_final_message}.
   */
  private static boolean goesOnByPrefix(ObjectNode body) {
    JsonNode messages = body.path("messages");
    JsonNode last = messages.get(messages.size() - 1);
    return last.path("prefix").asBoolean(false)
        || (body.path("continue_final_message").asBoolean(false)
            && !body.path("add_generation_prompt").asBoolean(true));
  }

  @Override
  public Answer refuse(SandboxProfile profile, Refusal refusal) {
    return OpenAiWords.refuse(profile, refusal);
  }

  @Override
  public List<Frame> failInStream(Call call) {
    ObjectNode body = Json.object();
    body.putObject("error")
        .put("message", "The server had an error while processing your request (sandbox fault)")
        .put("type", "server_error")
        .put("param", (String) null)
        .put("code", (String) null);
    return List.of(data(body, 0));
  }

  @Override
  public byte[] heartbeat() {
    return ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the vendor shows what its model thought. */
  private boolean shows(ObjectNode body) {
    return switch (accent) {
      case DEEPSEEK, MAI -> true;
      case XAI -> body.path("model").asString("").contains("mini");
      default -> false;
    };
  }

  private ObjectNode usage(ObjectNode body, Script script) {
    int prompt = TokenCount.of(body.path("messages")) + TokenCount.of(body.path("tools"));
    boolean goesOn = ChatRequestRules.goesOn(body);
    int thought = script.thoughtTokens();
    ObjectNode usage = Json.object();
    usage.put("prompt_tokens", prompt);
    // xAI's completion tokens leave the reasoning out, its total does not.
    usage.put(
        "completion_tokens", accent == Accent.XAI ? script.visibleTokens() : script.outputTokens());
    usage.put("total_tokens", prompt + script.outputTokens());
    int cached = OpenAiWords.cached(prompt, goesOn, accent == Accent.DEEPSEEK ? 64 : 128);
    ObjectNode input = Json.object();
    ObjectNode output = Json.object();
    if (accent == Accent.XAI) {
      input.put("text_tokens", prompt).put("audio_tokens", 0).put("image_tokens", 0);
    }
    input.put("cached_tokens", cached);
    output.put("reasoning_tokens", thought);
    if (accent == Accent.OPENAI) {
      input.put("audio_tokens", 0);
    }
    if (accent == Accent.OPENAI || accent == Accent.XAI) {
      output
          .put("audio_tokens", 0)
          .put("accepted_prediction_tokens", 0)
          .put("rejected_prediction_tokens", 0);
    }
    if (accent == Accent.META || accent == Accent.MAI) {
      return usage;
    }
    usage.set("prompt_tokens_details", input);
    if (accent != Accent.DEEPSEEK || thought > 0) {
      usage.set("completion_tokens_details", output);
    }
    if (accent == Accent.DEEPSEEK) {
      usage.put("prompt_cache_hit_tokens", cached).put("prompt_cache_miss_tokens", prompt - cached);
    }
    if (accent == Accent.XAI) {
      usage.put("num_sources_used", 0);
    }
    return usage;
  }

  private static Frame data(JsonNode json, int tokens) {
    return Frame.of("data: " + Json.text(json) + "\n\n", tokens);
  }

  /** One answer, written whole or as chunks. */
  private final class Reply {
    /** One for the whole reply, however many seconds its stream takes. */
    private final long created = Call.nowSeconds();

    private final Call call;
    private final String model;
    private final Script script;
    private final ObjectNode usage;

    Reply(Call call, String model, Script script, ObjectNode usage) {
      this.call = call;
      this.model = model;
      this.script = script;
      this.usage = usage;
    }

    ObjectNode whole(boolean shows) {
      ObjectNode body = head("chat.completion");
      ObjectNode choice = body.putArray("choices").addObject();
      choice.put("index", 0);
      ObjectNode message = choice.putObject("message");
      message.put("role", "assistant");
      message.put(
          "content", script.text().isEmpty() && !script.calls().isEmpty() ? null : script.text());
      if (shows && !script.thought().isEmpty()) {
        message.put("reasoning_content", script.thought());
      }
      if (!script.calls().isEmpty()) {
        ArrayNode calls = message.putArray("tool_calls");
        for (ToolCall one : script.calls()) {
          ObjectNode item = calls.addObject();
          if (accent == Accent.DEEPSEEK) {
            item.put("index", one.index());
          }
          item.put("id", callId(one)).put("type", "function");
          item.putObject("function").put("name", one.tool()).put("arguments", one.arguments());
        }
      }
      if (accent == Accent.OPENAI || accent == Accent.XAI) {
        message.put("refusal", (String) null);
      }
      if (accent == Accent.OPENAI) {
        message.putArray("annotations");
      }
      if (accent == Accent.OPENAI || accent == Accent.DEEPSEEK) {
        choice.put("logprobs", (String) null);
      }
      choice.put("finish_reason", finish());
      body.set("usage", usage);
      return tail(body);
    }

    List<Frame> chunks(boolean shows, boolean counts) {
      var frames = new ArrayList<Frame>();
      ObjectNode first = delta();
      first.put("role", "assistant").put("content", script.calls().isEmpty() ? "" : null);
      if (accent == Accent.OPENAI) {
        first.put("refusal", (String) null);
      }
      frames.add(chunk(first, null, 0));
      int each = call.pace().tokensPerEvent();
      if (shows) {
        for (String piece : TokenCount.pieces(script.thought(), each)) {
          ObjectNode delta = delta();
          delta.put("reasoning_content", piece);
          if (accent == Accent.DEEPSEEK) {
            delta.put("content", (String) null);
          }
          frames.add(chunk(delta, null, TokenCount.of(piece)));
        }
      }
      for (String piece : TokenCount.pieces(script.text(), each)) {
        frames.add(chunk(delta().put("content", piece), null, TokenCount.of(piece)));
      }
      for (ToolCall one : script.calls()) {
        call(frames, one, each);
      }
      // DeepSeek counts on the chunk that ends the choice, the others on one of their own.
      boolean own = accent != Accent.DEEPSEEK;
      ObjectNode last = delta();
      if (accent == Accent.DEEPSEEK) {
        last.put("content", "");
      }
      frames.add(chunk(last, finish(), 0, !own));
      if (counts && own) {
        ObjectNode body = head("chat.completion.chunk");
        body.putArray("choices");
        body.set("usage", usage);
        frames.add(data(tail(body), 0));
      }
      frames.add(Frame.of("data: [DONE]\n\n", 0));
      return frames;
    }

    private void call(List<Frame> frames, ToolCall one, int each) {
      // xAI sends a call in one piece.
      boolean whole = accent == Accent.XAI;
      ObjectNode opening = delta();
      ObjectNode item = opening.putArray("tool_calls").addObject();
      item.put("index", one.index()).put("id", callId(one)).put("type", "function");
      item.putObject("function")
          .put("name", one.tool())
          .put("arguments", whole ? one.arguments() : "");
      frames.add(chunk(opening, null, whole ? Script.tokens(one) : TokenCount.of(one.tool())));
      for (String piece : whole ? List.<String>of() : TokenCount.pieces(one.arguments(), each)) {
        ObjectNode delta = delta();
        ObjectNode more = delta.putArray("tool_calls").addObject();
        more.put("index", one.index()).putObject("function").put("arguments", piece);
        frames.add(chunk(delta, null, TokenCount.of(piece)));
      }
    }

    private Frame chunk(ObjectNode delta, @Nullable String finish, int tokens) {
      return chunk(delta, finish, tokens, false);
    }

    private Frame chunk(ObjectNode delta, @Nullable String finish, int tokens, boolean counted) {
      ObjectNode body = head("chat.completion.chunk");
      ObjectNode choice = body.putArray("choices").addObject();
      choice.put("index", 0);
      choice.set("delta", delta);
      if (accent == Accent.OPENAI || accent == Accent.DEEPSEEK) {
        choice.put("logprobs", (String) null);
      }
      if (finish != null || accent != Accent.XAI) {
        choice.put("finish_reason", finish);
      }
      if (counted) {
        body.set("usage", usage);
      } else if (accent == Accent.DEEPSEEK) {
        body.set("usage", JsonNodeFactory.instance.nullNode());
      }
      return data(tail(body), tokens);
    }

    private ObjectNode head(String object) {
      ObjectNode body = Json.object();
      Ids ids = call.ids();
      body.put(
          "id",
          switch (accent) {
            case OPENAI, META, MAI -> "chatcmpl-" + ids.letters("reply", 29);
            default -> ids.uuid("reply");
          });
      body.put("object", object).put("created", created).put("model", model);
      return body;
    }

    private ObjectNode tail(ObjectNode body) {
      if (accent == Accent.OPENAI) {
        body.put("service_tier", "default");
      }
      if (accent != Accent.META && accent != Accent.MAI) {
        body.put("system_fingerprint", "fp_sandbox");
      }
      return body;
    }

    private String callId(ToolCall one) {
      String purpose = "call" + one.index();
      return switch (accent) {
        case XAI -> "call_" + call.ids().hex(purpose, 8);
        case DEEPSEEK -> "call_%02d_%s".formatted(one.index(), call.ids().letters(purpose, 20));
        default -> "call_" + call.ids().letters(purpose, 24);
      };
    }

    private String finish() {
      return switch (script.finish()) {
        case STOP, STOP_SEQUENCE -> "stop";
        case LENGTH -> "length";
        case TOOLS -> "tool_calls";
      };
    }

    private static ObjectNode delta() {
      return Json.object();
    }
  }
}
