package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Route;
import dev.understudy.sandbox.Pace;
import dev.understudy.sandbox.Recital;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Callers at a steady rate, half of them streaming, while the vendor that serves them is killed and
 * revived. Short as a test; {@code bench/failover} runs it long and writes down what it measured.
 */
class FailoverLoadTest {
  private static final int RATE = Integer.getInteger("understudy.load.rate", 60);
  private static final int SECONDS = Integer.getInteger("understudy.load.seconds", 6);
  private static final int GONE_FROM = SECONDS / 3;
  private static final int GONE_TO = GONE_FROM + SECONDS / 3;
  private static final String TEXT = Recital.of(40);
  private static final Path PAGE = Path.of("docs/reference/faults.md");

  /** As usual, but that it is over soon. */
  private static final BreakerRule SHORT =
      new BreakerRule(
          5,
          0.5,
          20,
          Duration.ofSeconds(30),
          Duration.ZERO,
          0.5,
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          Duration.ZERO);

  /**
   * One call as its caller saw it.
   *
   * @param dueNanos when it was to be sent, after the beginning
   * @param nanos from then to its last byte
   * @param flaw empty if the whole answer came
   */
  private record Seen(long dueNanos, long nanos, boolean stream, boolean joined, String flaw) {}

  @Test
  void nobodyNoticesThatTheVendorIsGone() throws Exception {
    Route route =
        FaultBox.route(
            "load",
            FaultBox.CHAT.second("-sandbox-recite-40"),
            FaultBox.MESSAGES.second("-sandbox-recite-40"));
    Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    BreakerRule breakers = SECONDS >= 30 ? BreakerRule.USUAL : SHORT;
    try (var box = new FaultBox(Duration.ofSeconds(30), breakers, List.of(route))) {
      warmUp(box);
      var pace = Pace.AT_ONCE.withTokensPerSecond(100);
      box.sandbox.server("openai").pace(pace);
      box.sandbox.server("anthropic").pace(pace);
      box.exchanges.clear();
      Instant begun = Instant.now();
      run(box, seen);
      List<Exchange> exchanges = exchanges(box, seen.size());

      List<Seen> failed = seen.stream().filter(call -> !call.flaw().isEmpty()).toList();
      assertThat(failed).as("of %d calls", seen.size()).isEmpty();
      assertThat(seen).hasSize(RATE * SECONDS);
      // Streams were under way when the vendor went.
      assertThat(seen.stream().filter(Seen::joined)).isNotEmpty();
      Instant gone = begun.plusSeconds(GONE_FROM);
      Instant back = begun.plusSeconds(GONE_TO);
      assertThat(firstAfter(exchanges, gone, FailoverLoadTest::isServedAtOnceByOther)).isPresent();
      assertThat(firstAfter(exchanges, back, FailoverLoadTest::isServedByFirst)).isPresent();
      if (Boolean.getBoolean("understudy.print")) {
        print(table(List.copyOf(seen), exchanges, gone, back));
      }
    }
  }

  private static void warmUp(FaultBox box) throws IOException, InterruptedException {
    for (int i = 0; i < (SECONDS > 10 ? 2_000 : 20); i++) {
      box.ask(ProtocolName.OPENAI_CHAT, "load", i % 2 == 0, false);
    }
  }

  private static void run(FaultBox box, Queue<Seen> seen) throws InterruptedException {
    var calls = new ArrayList<CompletableFuture<?>>();
    long start = System.nanoTime();
    boolean gone = false;
    boolean back = false;
    for (int i = 0; i < RATE * SECONDS; i++) {
      long due = i * 1_000_000_000L / RATE;
      long wait = due - (System.nanoTime() - start);
      if (wait > 0) {
        Thread.sleep(Duration.ofNanos(wait));
      }
      if (!gone && due >= GONE_FROM * 1_000_000_000L) {
        gone = true;
        box.sandbox.server("openai").refuse();
      }
      if (!back && due >= GONE_TO * 1_000_000_000L) {
        back = true;
        box.sandbox.server("openai").accept();
      }
      calls.add(call(box, i % 2 == 0, due, start, seen));
    }
    calls.forEach(CompletableFuture::join);
  }

  private static CompletableFuture<?> call(
      FaultBox box, boolean stream, long due, long start, Queue<Seen> seen) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + box.gateway.port()
                        + FaultBox.path(ProtocolName.OPENAI_CHAT, "load", stream)))
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    FaultBox.body(ProtocolName.OPENAI_CHAT, "load", stream, false)))
            .build();
    return box.client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle((reply, error) -> {
          long nanos = System.nanoTime() - start - due;
          seen.add(
              error != null
                  ? new Seen(due, nanos, stream, false, String.valueOf(error))
                  : seen(reply, due, nanos, stream));
          return null;
        });
  }

  private static Seen seen(HttpResponse<String> reply, long due, long nanos, boolean stream) {
    if (reply.statusCode() != 200) {
      return new Seen(due, nanos, stream, false, reply.statusCode() + " " + reply.body());
    }
    if (!stream) {
      String text = FaultBox.wholeText(ProtocolName.OPENAI_CHAT, reply.body());
      return new Seen(due, nanos, false, false, text.equals(TEXT) ? "" : "other text: " + text);
    }
    HeardStream heard = HeardStream.of(ProtocolName.OPENAI_CHAT, reply.body());
    boolean whole = heard.ended && heard.complaints.isEmpty() && heard.text.toString().equals(TEXT);
    return new Seen(due, nanos, true, !heard.answeredBy.isEmpty(), whole ? "" : reply.body());
  }

  // --- the record ---

  private static List<Exchange> exchanges(FaultBox box, int count) throws InterruptedException {
    var all = new ArrayList<Exchange>();
    for (int tries = 0; tries < 100 && all.size() < count; tries++) {
      box.exchanges.drainTo(all);
      Thread.sleep(20);
    }
    all.sort(Comparator.comparing(Exchange::startedAt));
    return all;
  }

  private static boolean isServedByFirst(Exchange exchange) {
    Attempt last = exchange.attempts().getLast();
    return last.vendor().startsWith("chat") && last.outcome() == Attempt.Outcome.ANSWERED;
  }

  private static boolean isServedAtOnceByOther(Exchange exchange) {
    return exchange.attempts().size() == 1
        && exchange.attempts().getLast().vendor().startsWith("messages");
  }

  /** How long after a moment the first call began of which this holds. */
  private static java.util.Optional<Duration> firstAfter(
      List<Exchange> exchanges, Instant moment, Predicate<Exchange> holds) {
    return exchanges.stream()
        .filter(exchange -> !exchange.startedAt().isBefore(moment))
        .filter(holds)
        .findFirst()
        .map(exchange -> Duration.between(moment, exchange.startedAt()));
  }

  private static String table(
      List<Seen> seen, List<Exchange> exchanges, Instant gone, Instant back) {
    long from = GONE_FROM * 1_000_000_000L;
    long to = GONE_TO * 1_000_000_000L;
    long tried =
        exchanges.stream()
            .filter(e -> !e.startedAt().isBefore(gone) && e.startedAt().isBefore(back))
            .filter(e -> e.attempts().stream().anyMatch(a -> a.vendor().startsWith("chat")))
            .count();
    var table = new StringBuilder();
    table.append(
        """
        %d calls a second for %d s, half of them streamed over 0.4 s, the vendor gone from second %d to second %d:

        | | |
        | --- | --- |
        | calls | %d |
        | failed | %d |
        | streams that broke off and were gone on with | %d |
        | calls that were first tried at the vendor while it was gone | %d of %d |
        | first call that went elsewhere at once | %d ms after it was gone |
        | first call that it served again | %d ms after it was back |

        | latency of unstreamed calls, ms | p50 | p99 | worst |
        | --- | --- | --- | --- |
        """
            .formatted(
                RATE,
                SECONDS,
                GONE_FROM,
                GONE_TO,
                seen.size(),
                seen.stream().filter(call -> !call.flaw().isEmpty()).count(),
                seen.stream().filter(Seen::joined).count(),
                tried,
                RATE * (GONE_TO - GONE_FROM),
                firstAfter(exchanges, gone, FailoverLoadTest::isServedAtOnceByOther)
                    .map(Duration::toMillis)
                    .orElse(-1L),
                firstAfter(exchanges, back, FailoverLoadTest::isServedByFirst)
                    .map(Duration::toMillis)
                    .orElse(-1L)));
    row(table, "before", seen, call -> call.dueNanos() < from);
    row(
        table,
        "the switch: the first 2 s",
        seen,
        call -> call.dueNanos() >= from && call.dueNanos() < from + 2_000_000_000L);
    row(
        table,
        "gone, after that",
        seen,
        call -> call.dueNanos() >= from + 2_000_000_000L && call.dueNanos() < to);
    row(table, "back again", seen, call -> call.dueNanos() >= to);
    return table.toString();
  }

  private static void row(
      StringBuilder table, String name, List<Seen> seen, Predicate<Seen> which) {
    long[] nanos =
        seen.stream()
            .filter(call -> !call.stream())
            .filter(which)
            .mapToLong(Seen::nanos)
            .sorted()
            .toArray();
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %.1f | %.1f | %.1f |%n",
            name,
            nanos[nanos.length / 2] / 1e6,
            nanos[Math.min(nanos.length - 1, nanos.length * 99 / 100)] / 1e6,
            nanos[nanos.length - 1] / 1e6));
  }

  private static void print(String table) throws IOException {
    String page = Files.readString(PAGE);
    String begin = "<!-- load -->\n\n";
    String end = "\n<!-- /load -->";
    Files.writeString(
        PAGE,
        page.substring(0, page.indexOf(begin) + begin.length())
            + table
            + page.substring(page.indexOf(end)));
  }
}
