package dev.understudy.protocol.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.Recordings;
import dev.understudy.protocol.Recordings.Recording;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.UsageConvention;
import dev.understudy.protocol.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Reads all that vendors of Chat Completions really sent, and writes it again. */
final class RecordedChatTest {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+\\]");

  private static final OpenAiChatInbound INBOUND = new OpenAiChatInbound();
  private static final OpenAiChatOutbound OUTBOUND = new OpenAiChatOutbound();

  /** A vendor that can do everything, so that a request loses nothing on its way to it. */
  private static final Set<Quirk> ALL_ABLE =
      Set.of(Quirk.TOP_K, Quirk.CACHE_CONTROL, Quirk.ALLOWED_TOOLS, Quirk.REASONING_CONTENT_BACK);

  /** Fields of requests that are not read, and why. */
  private static final Map<String, String> UNREAD_IN_REQUESTS =
      Map.ofEntries(
          Map.entry("audio", "voice of a spoken answer: OpenAI alone has it, and relays it"),
          Map.entry("modalities", "wish for a spoken answer, as above"),
          Map.entry("moderation", "OpenAI's own check of input and output"),
          Map.entry("web_search_options", "OpenAI's own search"),
          Map.entry("clear_thinking", "Cerebras and Z.ai: whether earlier thoughts are forgotten"),
          Map.entry("thinking.clear_thinking", "the same"),
          Map.entry("keep_alive", "Ollama: how long the model stays in memory"),
          Map.entry("options", "Ollama: how the model is run"),
          Map.entry("messages[].images", "Ollama's own protocol, not this one"),
          Map.entry("models", "OpenRouter: its own fallbacks"),
          Map.entry("plugins", "OpenRouter: its own tools"),
          Map.entry("provider", "OpenRouter: its own routing"),
          Map.entry("transforms", "OpenRouter: its own shortening of prompts"),
          Map.entry("reasoning_format", "Groq: where thoughts are shown"),
          Map.entry("search_settings", "Groq: its own search"),
          Map.entry("safe_prompt", "Mistral: its own instruction"),
          Map.entry("n", "one answer is carried"),
          Map.entry("tools[].eager_input_streaming", "Anthropic's, sent to OpenRouter"),
          Map.entry("tools[].function.external_execution", "a client's own note"),
          Map.entry("tools[].function.requires_confirmation", "a client's own note"));

  /** Fields of replies that are not read, and why. */
  private static final Map<String, String> UNREAD_IN_REPLIES =
      Map.ofEntries(
          Map.entry("__verbose", "llama.cpp: how the model was run"),
          Map.entry("choices", "further answers: one is carried"),
          Map.entry("choices[].delta.provider_metadata", "Vercel: its own routing"),
          Map.entry("choices[].message.provider_metadata", "the same"),
          Map.entry("choices[].message.annotations[].type", "OpenRouter: a file as it parsed it"),
          Map.entry("choices[].message.annotations[].file", "the same"),
          Map.entry("choices[].message.executed_tools", "Groq: what its own tools did"),
          Map.entry("choices[].text", "Hugging Face: the delta once more"),
          Map.entry("metadata", "Hugging Face: empty"),
          Map.entry("prompt", "Hugging Face: empty"),
          Map.entry("moderation", "OpenAI's own check of input and output"));

  /** Requests that differ after a journey through the model, and why. */
  private static final Map<String, String> DIFFERENT_REQUESTS =
      Map.of(
          "openai-chat-c96e2fd7c71641", "has an empty message of the assistant, which is left out");

  /** Recorded streams that broke, and how. */
  private static final Map<String, String> BROKEN =
      Map.of("groq-chat-bffc60e8b7bb5e", "tool_use_failed");

  static Dialect dialect(String vendor) {
    UsageConvention usage =
        switch (vendor) {
          case "xai" -> UsageConvention.XAI;
          case "deepseek" -> UsageConvention.DEEPSEEK;
          case "perplexity" -> UsageConvention.PERPLEXITY;
          case "openrouter", "vercel-gateway" -> UsageConvention.OPENROUTER;
          case "mistral" -> UsageConvention.MISTRAL;
          case "gemini" -> UsageConvention.GOOGLE;
          default -> UsageConvention.STANDARD;
        };
    return new Dialect(vendor, usage, ALL_ABLE);
  }

  private static void each(Consumer<Recording> use) {
    Recordings.each(
        file ->
            file.endsWith("-chat.jsonl") && !file.contains("native") && !file.startsWith("cohere"),
        use);
  }

  private static ChatRequest request(Recording recording, Losses losses) {
    return INBOUND.readRequest(
        new InboundCall(recording.request(), Optional.of("the-deployment"), false, true), losses);
  }

  private static void note(Map<String, String> found, Losses losses, String id) {
    losses
        .kept()
        .forEach(loss -> found.putIfAbsent(INDEX.matcher(loss.path()).replaceAll("[]"), id));
  }

  @Test
  void readsEveryRequestAndExplainsWhatItDoesNotRead() {
    var unread = new TreeMap<String, String>();
    var refused = new ArrayList<String>();
    each(recording -> {
      var losses = new Losses();
      try {
        request(recording, losses);
      } catch (Malformed e) {
        // OpenAI refused it too, for the same member.
        refused.add(recording.id() + " " + recording.status() + " " + e.path());
      }
      note(unread, losses, recording.id());
    });

    assertThat(unread.keySet()).isSubsetOf(UNREAD_IN_REQUESTS.keySet());
    assertThat(refused)
        .containsExactly("openai-chat-b22f1a30c9d39e 400 messages[1].content[0].type");
  }

  @Test
  void whatIsWrittenOfARequestReadsAsTheSameRequest() {
    var different = new TreeMap<String, String>();
    each(recording -> {
      if (recording.id().equals("openai-chat-b22f1a30c9d39e")) {
        return;
      }
      Dialect dialect = dialect(recording.vendor());
      ChatRequest read = request(recording, new Losses());
      var losses = new Losses();
      byte[] written = OUTBOUND.writeRequest(read, dialect, losses).json();
      var unread = new Losses();
      ChatRequest again = INBOUND.readRequest(InboundCall.of(Json.parseObject(written)), unread);
      assertThat(unread.kept()).as(recording.id()).isEmpty();
      byte[] writtenAgain = OUTBOUND.writeRequest(again, dialect, new Losses()).json();
      assertThat(Json.parse(writtenAgain)).as(recording.id()).isEqualTo(Json.parse(written));
      if (losses.isEmpty() && !comparable(again.messages()).equals(comparable(read.messages()))) {
        different.put(recording.id(), "messages");
      }
      if (losses.isEmpty()) {
        assertThat(again.tools()).as(recording.id()).isEqualTo(read.tools());
        if (!read.tools().isEmpty()) {
          assertThat(again.toolChoice()).as(recording.id()).isEqualTo(read.toolChoice());
        }
        assertThat(again.sampling().toString())
            .as(recording.id())
            .isEqualTo(
                // Not to tell probabilities is every vendor's default.
                read.sampling()
                    .toString()
                    .replace("logprobs=Optional[false]", "logprobs=Optional.empty"));
      }
    });

    assertThat(different.keySet()).isEqualTo(DIFFERENT_REQUESTS.keySet());
  }

  @Test
  void readsEveryAnswerAndItsOwnCopyOfIt() {
    var unread = new TreeMap<String, String>();
    var count = new int[1];
    each(recording -> {
      if (recording.isSse() || recording.status() != 200) {
        return;
      }
      count[0]++;
      var losses = new Losses();
      ChatReply reply = OUTBOUND.readReply(recording.body(), dialect(recording.vendor()), losses);
      note(unread, losses, recording.id());
      var out = new Bytes();
      INBOUND.writeReply(reply, context(recording), new Losses(), out);
      var unreadAgain = new Losses();
      ChatReply again =
          OUTBOUND.readReply(out.take(), Dialect.standard(recording.vendor()), unreadAgain);

      assertThat(unreadAgain.kept()).as(recording.id()).isEmpty();
      assertThat(parts(again)).as(recording.id()).isEqualTo(parts(reply));
      assertThat(again.usage().tokens()).as(recording.id()).isEqualTo(reply.usage().tokens());
      assertThat(again.stop().reason()).as(recording.id()).isEqualTo(reply.stop().reason());
    });

    assertThat(unread.keySet()).isSubsetOf(UNREAD_IN_REPLIES.keySet());
    assertThat(count[0]).isPositive();
  }

  @Test
  void readsEveryStreamHoweverItIsCutAndItsOwnCopyOfIt() {
    var unread = new TreeMap<String, String>();
    var broken = new TreeMap<String, String>();
    each(recording -> {
      if (!recording.isSse() || recording.status() != 200) {
        return;
      }
      var losses = new Losses();
      List<ReplyEvent> events =
          read(recording.body(), recording.body().length, dialect(recording.vendor()), losses);
      note(unread, losses, recording.id());
      assertThat(read(recording.body(), 1, dialect(recording.vendor()), new Losses()))
          .as(recording.id())
          .isEqualTo(events);
      var fold = new ReplyFold();
      events.forEach(fold);
      if (fold.failure().isPresent()) {
        broken.put(recording.id(), fold.failure().get().code().orElse(""));
        return;
      }
      ChatReply reply = fold.reply().orElseThrow();
      assertThat(reply.parts()).as(recording.id()).isNotEmpty();

      var writer = INBOUND.streamWriter(context(recording), new Losses());
      var out = new Bytes();
      events.forEach(event -> writer.write(event, out));
      var unreadAgain = new Losses();
      byte[] written = out.take();
      var foldAgain = new ReplyFold();
      read(written, written.length, Dialect.standard(recording.vendor()), unreadAgain)
          .forEach(foldAgain);
      assertThat(unreadAgain.kept()).as(recording.id()).isEmpty();
      ChatReply again = foldAgain.reply().orElseThrow();
      assertThat(parts(again)).as(recording.id()).isEqualTo(parts(reply));
      assertThat(again.usage().tokens()).as(recording.id()).isEqualTo(reply.usage().tokens());
    });

    assertThat(unread.keySet()).isSubsetOf(UNREAD_IN_REPLIES.keySet());
    assertThat(broken).isEqualTo(BROKEN);
  }

  @Test
  void everyErrorKeepsItsStatusAndMessage() {
    each(recording -> {
      if (recording.status() != 200) {
        Failure failure =
            OUTBOUND.readFailure(recording.status(), recording.body(), dialect(recording.vendor()));
        assertThat(failure.status()).isEqualTo(recording.status());
        assertThat(failure.vendor()).contains(recording.vendor());
        assertThat(failure.vendorJson()).isPresent();
        assertThat(new String(recording.body(), StandardCharsets.UTF_8))
            .contains(
                Json.text(Json.object().put("m", failure.message()))
                    .substring(5)
                    .replaceAll("\\}$", ""));
      }
    });
  }

  private static List<ReplyEvent> read(byte[] body, int step, Dialect dialect, Losses losses) {
    var events = new ArrayList<ReplyEvent>();
    var grammar = new EventGrammar();
    var reader = OUTBOUND.streamReader(dialect, event -> events.add(grammar.check(event)), losses);
    for (int at = 0; at < body.length; at += step) {
      reader.accept(body, at, Math.min(step, body.length - at));
    }
    reader.end();
    return events;
  }

  private static ReplyContext context(Recording recording) {
    String request =
        """
        {"model": "m", "messages": [{"role": "user", "content": "x"}],
         "stream": true, "stream_options": {"include_usage": true}}
        """;
    return new ReplyContext(
        INBOUND.readRequest(InboundCall.of(Json.parseObject(request)), new Losses()),
        "x1",
        1_700_000_000L,
        true,
        recording.vendor());
  }

  /** Parts with citations by their address alone: those without a place get one when written. */
  private static List<Part> parts(ChatReply reply) {
    return reply.parts().stream().map(RecordedChatTest::comparable).toList();
  }

  private static Part comparable(Part part) {
    return switch (part) {
      case Part.Text(var text, var citations, var logprobs) ->
          new Part.Text(
              text,
              citations.stream()
                  .map(c ->
                      new Citation(
                          c.url(),
                          Optional.empty(),
                          Optional.empty(),
                          Optional.empty(),
                          Optional.empty(),
                          c.origin(),
                          ""))
                  .toList(),
              logprobs);
      // A file must have a name, and a long id of a call gets a short one.
      case Part.Document(var source, _, var context, var citable) ->
          new Part.Document(source, Optional.empty(), context, citable);
      case Part.ToolCall(_, var tool, var input, var seal) ->
          new Part.ToolCall("", tool, input, seal);
      case Part.ToolResult(_, var tool, var content, var failed) ->
          new Part.ToolResult("", tool, content, failed);
      case Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Reasoning _,
          Part.Refusal _,
          Part.CachePoint _,
          Part.Foreign _ ->
          part;
    };
  }

  private static List<List<Part>> comparable(List<Message> messages) {
    return messages.stream()
        .map(message -> message.parts().stream().map(RecordedChatTest::comparable).toList())
        .toList();
  }
}
