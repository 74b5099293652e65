package dev.understudy.telemetry;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.CallerName;
import dev.understudy.exchange.Exchange;
import dev.understudy.routing.Plan;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What telling of an answered call costs the calls' path. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class LogJournalBench {
  private final Exchange exchange = exchange();
  private final JsonBytes bytes = new JsonBytes();
  private LogJournal journal;
  private Metrics metrics;
  private ExchangeLines lines;

  @Setup
  public void open() {
    journal = new LogJournal(OutputStream.nullOutputStream(), Long.MAX_VALUE);
    metrics = new Metrics("bench", Plan.EMPTY, () -> 0, () -> 0);
    lines = new ExchangeLines(journal, new RecentExchanges(), false);
  }

  @TearDown
  public void close() {
    journal.close();
  }

  /** The line alone. */
  @Benchmark
  public JsonBytes line() {
    bytes.clear();
    ExchangeLine.write(exchange, false, bytes);
    return bytes;
  }

  /** The line, its copy and the queue; nothing is dropped, so the collector's work is in it. */
  @Benchmark
  public void log() {
    journal.append(exchange);
  }

  @Benchmark
  public void metrics() {
    metrics.append(exchange);
  }

  /** The same, kept for a look as well. */
  @Benchmark
  public void lines() {
    lines.append(exchange);
  }

  private static Exchange exchange() {
    var usage =
        new Usage(
            Tokens.NONE
                .with(Leaf.INPUT, 12)
                .with(Leaf.CACHE_READ, 1_000)
                .with(Leaf.OUTPUT, 200)
                .with(Leaf.REASONING, 64),
            Map.of(),
            Optional.of("default"),
            Optional.of(
                "{\"prompt_tokens\":1012,\"completion_tokens\":264,\"total_tokens\":1276,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":1000,\"audio_tokens\":0},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":64}}"),
            false,
            List.of());
    var attempt =
        new Attempt(
            "openai/gpt-5.1",
            "openai",
            "openai",
            "gpt-5.1",
            "OPENAI_API_KEY",
            "openai-chat",
            true,
            210_000,
            Optional.of(640_250_400L),
            1_900_000_000L,
            Optional.of(200),
            Attempt.Outcome.ANSWERED,
            Optional.empty(),
            Optional.of("req_011CSHoEeqs5C35K2UUqR7Fy"),
            Optional.of("gpt-5.1-2025-11-13"),
            Optional.of("stop"),
            usage);
    return new Exchange(
        "01JDBZ9M3Q4R5S6T7V8W9X0Y1Z",
        Instant.parse("2026-11-24T03:02:42.007Z"),
        Optional.of(
            new CallerName("nightly", "k7q2", "search", "acme", Map.of("cost-centre", "4711"))),
        "openai-chat",
        "chat",
        "assistant",
        true,
        Optional.of(200),
        Attempt.Outcome.ANSWERED,
        Optional.empty(),
        List.of(attempt),
        1_900_321_999L,
        Optional.of(640_300_000L),
        2_048,
        70_000,
        List.of());
  }
}
