package dev.understudy.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What benches read: conversations of a wanted size, and what vendors answer. */
public final class Samples {
  private static final String[] WORDS = {
    "the",
    "brown",
    "fox",
    "reads",
    "a\\nline",
    "\\\"quoted\\\"",
    "naïve",
    "café",
    "if (a<b)",
    "dogs"
  };

  private Samples() {}

  /** A Chat request of about {@code bytes} bytes. */
  public static byte[] chatRequest(int bytes) {
    var random = new Random(7);
    var body =
        new StringBuilder(bytes + 512)
            .append(
                "{\"model\":\"assistant\",\"temperature\":0.7,\"max_tokens\":512,\"messages\":[")
            .append("{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"}");
    for (int turn = 0; turn % 2 == 0 || body.length() + 400 < bytes; turn++) {
      body.append(",{\"role\":\"").append(turn % 2 == 0 ? "user" : "assistant");
      body.append("\",\"content\":\"");
      int full = body.length() + Math.clamp(bytes - body.length() - 4L, 60, 900);
      while (body.length() < full) {
        body.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
      }
      body.append("\"}");
    }
    return utf8(body.append("]}").toString());
  }

  /** A whole answer of Anthropic's, about 1 kB. */
  public static byte[] messagesReply() {
    return utf8(
        """
        {"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant",\
        "model":"claude-sonnet-4-5-20250929","content":[{"type":"text","text":"%s"}],\
        "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":123,\
        "cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":210,\
        "service_tier":"standard"}}\
        """
            .formatted("A vendor's answer, of use to nobody. ".repeat(16)));
  }

  /** A stream of Chat: {@code chunks} pieces of text, usage, and the end. */
  public static byte[] chatStream(int chunks) {
    var stream = new StringBuilder();
    String chunk =
        """
        data: {"id":"chatcmpl-9xKq2","object":"chat.completion.chunk","created":1760000000,\
        "model":"gpt-5.1-2025-11-13","system_fingerprint":"fp_44709d6fcb","choices":[%s]%s}

        """;
    for (int i = 0; i < chunks; i++) {
      stream.append(
          chunk.formatted(
              "{\"index\":0,\"delta\":{%s\"content\":\" word%d\"},\"logprobs\":null,\"finish_reason\":null}"
                  .formatted(i == 0 ? "\"role\":\"assistant\"," : "", i),
              ""));
    }
    stream.append(chunk.formatted("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}", ""));
    stream.append(
        chunk.formatted(
            "",
            ",\"usage\":{\"prompt_tokens\":123,\"completion_tokens\":%d,\"total_tokens\":%d}"
                .formatted(chunks, chunks + 123)));
    return utf8(stream.append("data: [DONE]\n\n").toString());
  }

  /** A stream of Messages: {@code chunks} pieces of text, usage, and the end. */
  public static byte[] messagesStream(int chunks) {
    var stream =
        new StringBuilder(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_01XFDUDYJgAACzvnptvVoYEL",\
            "type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],\
            "stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":123,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            """);
    for (int i = 0; i < chunks; i++) {
      stream.append(
          """
          event: content_block_delta
          data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word%d"}}

          """
              .formatted(i));
    }
    stream.append(
        """
        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
        "usage":{"output_tokens":%d}}

        event: message_stop
        data: {"type":"message_stop"}

        """
            .formatted(chunks));
    return utf8(stream.toString());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
