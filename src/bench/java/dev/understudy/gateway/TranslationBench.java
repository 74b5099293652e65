package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Samples;
import dev.understudy.protocol.VendorBody;
import dev.understudy.protocol.wire.Bytes;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A caller who speaks Chat and a vendor who speaks Messages, bytes in and bytes out. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TranslationBench {
  private static final Dialect DIALECT = Dialect.standard("anthropic");
  private static final int CHUNKS = 50;

  private final Inbound callers = Protocols.inbound(ProtocolName.OPENAI_CHAT);
  private final Outbound vendors = Protocols.outbound(ProtocolName.ANTHROPIC_MESSAGES);
  private final byte[] small = Samples.chatRequest(1_000);
  private final byte[] large = Samples.chatRequest(20_000);
  private final byte[] reply = Samples.messagesReply();
  private final byte[] stream = Samples.messagesStream(CHUNKS);
  private final Bytes out = new Bytes();
  private final ReplyContext context =
      new ReplyContext(read(small), "01JDBZ9M3Q4R5S6T7V8W9X0Y1Z", 1_760_000_000, true, "anthropic");

  @Setup
  public void lookOnce() {
    if (reply().size() < 500 || stream().size() < 50 * CHUNKS) {
      throw new IllegalStateException("a translation came out too short");
    }
  }

  @Benchmark
  public VendorBody request1k() {
    return translate(small);
  }

  @Benchmark
  public VendorBody request20k() {
    return translate(large);
  }

  @Benchmark
  public Bytes reply() {
    ChatReply read = vendors.readReply(reply, DIALECT, new Losses());
    out.reset();
    callers.writeReply(read, context, new Losses(), out);
    return out;
  }

  /** All chunks in one read, as in a burst. */
  @Benchmark
  public Bytes stream() {
    out.reset();
    ReplyWriter writer = callers.streamWriter(context, new Losses());
    var grammar = new EventGrammar();
    ReplyReader reader =
        vendors.streamReader(
            DIALECT,
            event -> {
              grammar.check(event);
              writer.write(event, out);
            },
            new Losses());
    reader.accept(stream, 0, stream.length);
    reader.end();
    return out;
  }

  private VendorBody translate(byte[] body) {
    ChatRequest request = read(body).withModel("claude-sonnet-4-5");
    return vendors.writeRequest(request, DIALECT, new Losses());
  }

  private ChatRequest read(byte[] body) {
    return callers.readRequest(InboundCall.of(Json.parseObject(body)), new Losses());
  }
}
