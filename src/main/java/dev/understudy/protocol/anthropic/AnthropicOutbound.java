package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.VendorBody;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The Messages API as Anthropic speaks it, and clouds and other vendors with it. */
public final class AnthropicOutbound implements Outbound {
  @Override
  public ProtocolName name() {
    return ProtocolName.ANTHROPIC_MESSAGES;
  }

  /**
   * Claude does until version 4.6, which refuses it: <a
   * href="https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6">prefill
   * removal</a>. Of other vendors of this protocol nothing is known.
   */
  @Override
  public boolean goesOnByPrefix(String model, Dialect dialect) {
    var claude = ClaudeModel.of(model);
    return claude.isKnown() && !claude.isSince(4, 6);
  }

  @Override
  public VendorBody writeRequest(ChatRequest request, Dialect dialect, Losses losses) {
    return RequestWriter.write(request, dialect, losses);
  }

  @Override
  public ChatReply readReply(byte[] body, Dialect dialect, Losses losses) {
    return ReplyBodyReader.read(body, dialect.vendor(), losses);
  }

  @Override
  public String answerMember() {
    return "content";
  }

  @Override
  public ReplyReader streamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    return new StreamReader(dialect.vendor(), events, losses);
  }

  @Override
  public Meter meter(Dialect dialect) {
    return new AnthropicMeter(this, dialect);
  }

  @Override
  public Failure readFailure(int status, byte[] body, Dialect dialect) {
    return Failures.read(status, body, dialect.vendor());
  }

  @Override
  public boolean countsTokens() {
    return true;
  }

  @Override
  public VendorBody writeCountRequest(ChatRequest request, Dialect dialect, Losses losses) {
    return RequestWriter.writeCount(request, dialect, losses);
  }

  @Override
  public OptionalLong readCount(byte[] body) {
    try {
      JsonNode count = Json.parseObject(body).path("input_tokens");
      return count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0
          ? OptionalLong.of(count.longValue())
          : OptionalLong.empty();
    } catch (Malformed e) {
      return OptionalLong.empty();
    }
  }
}
