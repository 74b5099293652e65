package dev.understudy.protocol.gemini;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.FailedReply;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.VendorBody;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemini's generateContent and countTokens as vendors speak them: the Gemini API, and Vertex AI
 * under {@link Quirk#VERTEX_AI}. The model stands in the path, which is the vendor's business.
 */
public final class GeminiOutbound implements Outbound {

  @Override
  public ProtocolName name() {
    return ProtocolName.GEMINI;
  }

  @Override
  public VendorBody writeRequest(ChatRequest request, Dialect dialect, Losses losses) {
    var writer = new RequestWriter(request, dialect, losses);
    byte[] json = Json.bytes(writer.write());
    return new VendorBody(json, writer.headers());
  }

  @Override
  public ChatReply readReply(byte[] body, Dialect dialect, Losses losses) {
    ObjectNode node = Json.parseObject(body);
    if (node.path("error") instanceof ObjectNode) {
      throw new FailedReply(Failures.inStream(node, dialect.vendor()));
    }
    var fold = new ReplyFold();
    var chunks = new ChunkReader(dialect.vendor(), fold, losses);
    chunks.chunk(node);
    if (!chunks.isFinished()) {
      if (!node.path("candidates").has(0)) {
        throw new Malformed("candidates", "is missing");
      }
      losses.add("candidates[0].finishReason", "is missing; taken as STOP");
      chunks.finishUnsaid();
    }
    chunks.end();
    return fold.reply().orElseThrow(() -> new Malformed("", "is not an answer"));
  }

  @Override
  public String answerMember() {
    return "candidates";
  }

  @Override
  public ReplyReader streamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    return new StreamReader(dialect.vendor(), events, losses);
  }

  @Override
  public Failure readFailure(int status, byte[] body, Dialect dialect) {
    return Failures.read(status, body, dialect.vendor());
  }

  @Override
  public Meter meter(Dialect dialect) {
    return new GeminiMeter(this, dialect);
  }

  @Override
  public boolean countsTokens() {
    return true;
  }

  @Override
  public VendorBody writeCountRequest(ChatRequest request, Dialect dialect, Losses losses) {
    ObjectNode body = new RequestWriter(request, dialect, losses).write();
    if (dialect.has(Quirk.VERTEX_AI)) {
      return new VendorBody(Json.bytes(body), Map.of());
    }
    // The Gemini API counts instructions and tools only inside a whole request, which must name
    // its model (ai.google.dev/api/tokens).
    var wrapped = Json.object();
    ObjectNode inner = wrapped.putObject("generateContentRequest");
    inner.put("model", "models/" + request.model());
    inner.setAll(body);
    return new VendorBody(Json.bytes(wrapped), Map.of());
  }

  @Override
  public OptionalLong readCount(byte[] body) {
    try {
      JsonNode count = Json.parseObject(body).path("totalTokens");
      if (count.isIntegralNumber() && count.asLong(-1) >= 0) {
        return OptionalLong.of(count.asLong(0));
      }
      if (count.isString() && count.stringValue().matches("\\d{1,18}")) {
        return OptionalLong.of(Long.parseLong(count.stringValue()));
      }
    } catch (Malformed e) {
      // An answer that cannot be read names no count.
    }
    return OptionalLong.empty();
  }
}
