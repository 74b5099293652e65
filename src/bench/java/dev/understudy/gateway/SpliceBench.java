package dev.understudy.gateway;

import dev.understudy.json.JsonScanner;
import dev.understudy.protocol.Samples;
import dev.understudy.vendor.BodyPieces;
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

/** What a relay does to a request: find the model's name and put the target's in its place. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SpliceBench {
  @Param({"1000", "20000"})
  private int bytes;

  private final JsonScanner scanner = new JsonScanner();
  private final Door door = Door.at("/v1/chat/completions").orElseThrow();
  private byte[] body = {};

  @Setup
  public void ask() {
    body = Samples.chatRequest(bytes);
  }

  @Benchmark
  public Envelope peek() {
    return Envelope.peek(door, body, body.length, scanner);
  }

  @Benchmark
  public BodyPieces peekAndSplice() {
    Envelope envelope = Envelope.peek(door, body, body.length, scanner);
    return RelayBody.splice(body, body.length, envelope, "gpt-5.1", false);
  }
}
