package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.anthropic.AnthropicInbound;
import dev.understudy.protocol.anthropic.AnthropicOutbound;
import dev.understudy.protocol.bedrock.BedrockConverseOutbound;
import dev.understudy.protocol.cohere.CohereChatOutbound;
import dev.understudy.protocol.gemini.GeminiInbound;
import dev.understudy.protocol.gemini.GeminiOutbound;
import dev.understudy.protocol.openaichat.OpenAiChatInbound;
import dev.understudy.protocol.openaichat.OpenAiChatOutbound;
import dev.understudy.protocol.openairesponses.OpenAiResponsesInbound;
import dev.understudy.protocol.openairesponses.OpenAiResponsesOutbound;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The protocols there are: a new one is one line here. */
public final class Protocols {
  private static final List<Inbound> CALLERS =
      List.of(
          new OpenAiChatInbound(),
          new OpenAiResponsesInbound(),
          new AnthropicInbound(),
          new GeminiInbound());

  private static final List<Outbound> VENDORS =
      List.of(
          new OpenAiChatOutbound(),
          new OpenAiResponsesOutbound(),
          new AnthropicOutbound(),
          new GeminiOutbound(),
          new BedrockConverseOutbound(),
          new CohereChatOutbound());

  private static final Map<ProtocolName, Inbound> INBOUND =
      CALLERS.stream().collect(Collectors.toUnmodifiableMap(Inbound::name, Function.identity()));
  private static final Map<ProtocolName, Outbound> OUTBOUND =
      VENDORS.stream().collect(Collectors.toUnmodifiableMap(Outbound::name, Function.identity()));

  private Protocols() {}

  /** The protocol as callers speak it; it must be one of the four that callers can. */
  public static Inbound inbound(ProtocolName name) {
    return known(INBOUND.get(name), name);
  }

  /** The protocol as vendors speak it. */
  public static Outbound outbound(ProtocolName name) {
    return known(OUTBOUND.get(name), name);
  }

  public static List<Inbound> inbounds() {
    return CALLERS;
  }

  public static List<Outbound> outbounds() {
    return VENDORS;
  }

  private static <T> T known(@org.jspecify.annotations.Nullable T found, ProtocolName name) {
    if (found == null) {
      throw new IllegalArgumentException("no protocol " + name);
    }
    return found;
  }
}
