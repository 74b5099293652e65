package dev.understudy.json;

import dev.understudy.protocol.Samples;
import java.nio.charset.StandardCharsets;
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
import tools.jackson.databind.JsonNode;

/** Looking over a request beside making a tree of it; both find the model's name. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ParseBench {
  @Param({"1000", "20000", "100000"})
  private int bytes;

  private final JsonScanner scanner = new JsonScanner();
  private byte[] body = {};
  private byte[] image = {};

  @Setup
  public void ask() {
    body = Samples.chatRequest(bytes);
    image =
        ("{\"model\":\"gpt-5.1\",\"image\":\""
                + "iVBORw0KGgoAAAANSUhEUg".repeat(bytes / 22)
                + "\"}")
            .getBytes(StandardCharsets.US_ASCII);
  }

  @Benchmark
  public String scanner() {
    scanner.scan(body, 0, body.length);
    return scanner.string(scanner.find("model"));
  }

  /** A body that is one long text without escapes, as that of an image is. */
  @Benchmark
  public String scannerOfAnImage() {
    scanner.scan(image, 0, image.length);
    return scanner.string(scanner.find("model"));
  }

  @Benchmark
  public JsonNode tree() {
    return Json.parseObject(body).path("model");
  }
}
