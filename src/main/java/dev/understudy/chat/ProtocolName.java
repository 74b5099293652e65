package dev.understudy.chat;

/** The name of a wire protocol, as settings, seals and metrics spell it. */
public record ProtocolName(String text) {
  public static final ProtocolName OPENAI_CHAT = new ProtocolName("openai-chat");
  public static final ProtocolName OPENAI_RESPONSES = new ProtocolName("openai-responses");
  public static final ProtocolName ANTHROPIC_MESSAGES = new ProtocolName("anthropic-messages");
  public static final ProtocolName GEMINI = new ProtocolName("gemini");
  public static final ProtocolName BEDROCK_CONVERSE = new ProtocolName("bedrock-converse");
  public static final ProtocolName COHERE_CHAT = new ProtocolName("cohere-chat");

  @Override
  public String toString() {
    return text;
  }
}
