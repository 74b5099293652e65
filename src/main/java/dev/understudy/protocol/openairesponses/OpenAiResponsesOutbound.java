package dev.understudy.protocol.openairesponses;

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
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The Responses API as OpenAI, Azure, xAI, DeepSeek and others speak it. */
public final class OpenAiResponsesOutbound implements Outbound {
  /** What {@code POST /v1/responses/input_tokens} takes of a request: schema TokenCountsBody. */
  private static final Set<String> COUNTED =
      Set.of(
          "model",
          "input",
          "instructions",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "reasoning",
          "text");

  @Override
  public ProtocolName name() {
    return ProtocolName.OPENAI_RESPONSES;
  }

  @Override
  public VendorBody writeRequest(ChatRequest request, Dialect dialect, Losses losses) {
    return new VendorBody(Json.bytes(RequestWriter.write(request, dialect, losses)), Map.of());
  }

  @Override
  public ChatReply readReply(byte[] body, Dialect dialect, Losses losses) {
    return ResponseReader.read(Json.parseObject(body), dialect, losses);
  }

  @Override
  public String answerMember() {
    return "output";
  }

  @Override
  public ReplyReader streamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    return new StreamReader(dialect, events, losses);
  }

  @Override
  public Meter meter(Dialect dialect) {
    return new ResponsesMeter(this, dialect);
  }

  @Override
  public Failure readFailure(int status, byte[] body, Dialect dialect) {
    return Failures.ofBody(status, body, dialect.vendor());
  }

  @Override
  public boolean countsTokens() {
    return true;
  }

  @Override
  public VendorBody writeCountRequest(ChatRequest request, Dialect dialect, Losses losses) {
    ObjectNode body = RequestWriter.write(request, dialect, losses);
    body.retain(COUNTED);
    return new VendorBody(Json.bytes(body), Map.of());
  }

  @Override
  public OptionalLong readCount(byte[] body) {
    try {
      JsonNode count = Json.parseObject(body).get("input_tokens");
      return count != null && count.canConvertToLong()
          ? OptionalLong.of(count.longValue())
          : OptionalLong.empty();
    } catch (Malformed e) {
      return OptionalLong.empty();
    }
  }
}
