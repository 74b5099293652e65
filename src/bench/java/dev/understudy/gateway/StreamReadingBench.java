package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReadAlong;
import dev.understudy.protocol.Samples;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading along with a relayed stream of 50 chunks: the lean meter beside the full reader. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class StreamReadingBench {
  private static final Dialect DIALECT = Dialect.standard("vendor");
  private static final int CHUNKS = 50;

  @Param({"openai-chat", "anthropic-messages"})
  private String protocol;

  private Outbound vendors = Protocols.outbound(ProtocolName.OPENAI_CHAT);
  private byte[] stream = {};

  @Setup
  public void answer() {
    vendors = Protocols.outbound(new ProtocolName(protocol));
    stream =
        vendors.name().equals(ProtocolName.OPENAI_CHAT)
            ? Samples.chatStream(CHUNKS)
            : Samples.messagesStream(CHUNKS);
    if (!meter().usage().equals(reader().usage()) || !meter().isComplete()) {
      throw new IllegalStateException("meter and reader disagree about what was consumed");
    }
  }

  @Benchmark
  public Meter meter() {
    return read(vendors.meter(DIALECT));
  }

  @Benchmark
  public Meter reader() {
    return read(new ReadAlong(vendors, DIALECT));
  }

  private Meter read(Meter meter) {
    meter.accept(stream, 0, stream.length);
    meter.end();
    return meter;
  }
}
