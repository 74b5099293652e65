package dev.understudy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Exchange;
import dev.understudy.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class LogJournalTest {
  private static final String LINE =
      """
      {"time":"2026-11-24T03:02:42.007Z","level":"info","event":"exchange","id":"01JDBZ9",\
      "caller":"nightly","key_id":"k7q2","team":"search","organisation":"acme",\
      "tags":{"cost-centre":"4711"},"protocol":"anthropic-messages","operation":"chat","route":"assistant",\
      "stream":true,"status":200,"outcome":"answered","duration_ms":1900.321,\
      "first_byte_ms":640.300,"bytes_in":2048,"bytes_out":70000,\
      "trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","losses":["messages[0].cache_control"],\
      "attempts":[{"target":"openai/gpt-5.1","vendor":"openai","kind":"openai","model":"gpt-5.1",\
      "credential":"OPENAI_API_KEY","protocol":"openai-responses","relayed":false,\
      "started_ms":0.210,"ended_ms":40.000,"status":429,"outcome":"refused",\
      "detail":"rate limit reached","vendor_request_id":"req_1",\
      "usage":{"leaves":{},"estimated":false,"violations":[]}},\
      {"target":"claude/claude-sonnet-4-5","vendor":"claude","kind":"anthropic",\
      "model":"claude-sonnet-4-5","credential":"ANTHROPIC_API_KEY",\
      "protocol":"anthropic-messages","relayed":true,"started_ms":40.500,"first_byte_ms":640.250,\
      "ended_ms":1900.000,"status":200,"outcome":"answered",\
      "vendor_request_id":"req_011CSHoEeqs5C35K2UUqR7Fy",\
      "reply_model":"claude-sonnet-4-5-20250929","stop_reason":"end_turn",\
      "usage":{"leaves":{"input.text":12,"input.text.read":1000,"input.text.write_1h":30,\
      "output.text":200,"output.text.reasoning":0},"input":1042,"output":200,\
      "units":{"web_search_requests":2,"cost":1E+9},"service_tier":"standard",\
      "estimated":false,"violations":["input and output are not the total"],\
      "vendor":{"input_tokens":12,"cache_read_input_tokens":1000,\
      "note":"a \\"quoted\\" [word], été",\
      "cache_creation":{"ephemeral_1h_input_tokens":30},"iterations":[1,-2.5e3,null,true]}}}]}
      """;

  @Test
  void whatWasSaidIsInTheLineWhereThatIsWanted() {
    var out = new ByteArrayOutputStream();
    try (var log = new LogJournal(new PrintStream(out, false, StandardCharsets.UTF_8))) {
      new ExchangeLines(log, new RecentExchanges(), true).append(Samples.withContent());
      new ExchangeLines(log, new RecentExchanges(), false).append(Samples.withContent());
    }

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    JsonNode with = Json.parse(lines.get(0));
    assertThat(with.at("/content/input")).isEqualTo(Json.parse(Samples.SAID));
    assertThat(with.at("/content/output").isArray()).isTrue();
    assertThat(lines.get(1)).doesNotContain("long ago", "\"content\"");
  }

  @Test
  void writesOneCompactLineWithEverythingTheRecordHolds() {
    String written = written(Samples.exchange());

    assertThat(written.lines()).hasSize(1);
    // Compared as documents: a record does not keep its units in order.
    assertThat(Json.parse(written)).isEqualTo(Json.parse(LINE));
    assertThat(written).hasSameSizeAs(LINE);
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    JsonNode line = Json.parse(written(Samples.unknown("gpt-6")));

    assertThat(line.propertyNames())
        .doesNotContain("caller", "trace_id")
        .contains("status", "failure_type");
    assertThat(line.path("level").asString()).isEqualTo("warn");
    assertThat(line.path("failure_type").asString()).isEqualTo("not_found");
    assertThat(line.path("attempts")).isEmpty();
  }

  @Test
  void namesFromStrangersNeitherEndTheLineNorSteerATerminal() {
    String hostile =
        "x\",\"level\":\"debug\n\r\t\u001b[31m\u009b2J\u202e\u2028\\ \ud83c\udfad \u0000";

    String written = written(Samples.unknown(hostile));

    assertThat(written.lines()).hasSize(1);
    assertThat(written.strip()).doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
    assertThat(Json.parse(written).path("route").asString()).isEqualTo(hostile);
    assertThat(Json.parse(written).path("level").asString()).isEqualTo("warn");
  }

  @Test
  void halvesOfSurrogatePairsAreReplaced() {
    String written = written(Samples.unknown("a\ud83cb\udfad"));

    assertThat(Json.parse(written).path("route").asString()).isEqualTo("a\ufffdb\ufffd");
  }

  @Test
  void longNamesAreCut() {
    String written = written(Samples.unknown("é".repeat(1 << 20)));

    assertThat(Json.parse(written).path("route").asString()).isEqualTo("é".repeat(1_000) + "…");
  }

  @Property(tries = 300)
  void everyNameIsReadBackAsItWas(@ForAll String name) {
    var bytes = new JsonBytes();
    ExchangeLine.write(Samples.unknown(name), false, bytes);
    var text = new String(bytes.copy(), StandardCharsets.UTF_8);

    String cut = name.length() > 1_000 ? name.substring(0, 1_000) + "…" : name;
    String sound = new String(cut.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    assertThat(Json.parse(text).path("route").asString()).isEqualTo(sound);
    assertThat(text).doesNotContain("\n");
  }

  @Property(tries = 300)
  void whateverAVendorSendsAsUsageTheLineStaysOneDocument(@ForAll String sent) {
    for (String json : List.of(sent, "{" + sent + "}", "{\"a\":\"" + sent + "\"}", "{\"a\":1}x")) {
      var bytes = new JsonBytes();
      bytes.object(json);
      var text = new String(bytes.copy(), StandardCharsets.UTF_8);

      assertThat(text).doesNotContain("\n", "\r");
      assertThat(text).matches("(?s)\\{.*}|\".*\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[1]",
        "{",
        "{]",
        "{}}",
        "{} {}",
        "{\"a\":\"\\u00g0\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":NaN}"
      })
  void whatIsNotShapedLikeAnObjectBecomesAText(String sent) {
    var bytes = new JsonBytes();
    bytes.object(sent);

    assertThat(Json.parse(bytes.copy()).asString()).isEqualTo(sent);
  }

  @Test
  void keepsTheOrderOfManyLinesAndDropsNone() {
    var out = new ByteArrayOutputStream();
    var journal = new LogJournal(out);
    for (int i = 0; i < 2_000; i++) {
      journal.append(Samples.exchange("id-" + i, "assistant", List.of()));
    }
    journal.close();

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(journal.dropped()).isZero();
    assertThat(lines).hasSize(2_000);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).contains("\"id\":\"id-" + i + "\"");
    }
  }

  @Test
  void linesOfManyThreadsComeWholeAndEachThreadsInTheirOrder() throws Exception {
    var out = new ByteArrayOutputStream();
    var recent = new RecentExchanges(100);
    var log = new LogJournal(out);
    var journal = new ExchangeLines(log, recent);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 20; t++) {
      String name = "t" + t + "-";
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 300; i++) {
                  // Some lines are longer than what is written at once.
                  int attempts = i == 7 ? 300 : 1;
                  journal.append(
                      Samples.exchange(
                          name + i,
                          "assistant",
                          Collections.nCopies(attempts, Samples.exchange().attempts().getFirst())));
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    log.close();

    int longest = 0;
    Map<String, Integer> next = new HashMap<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      String[] id = Json.parse(line).path("id").asString().split("-", 2);
      assertThat(id[1]).isEqualTo(Integer.toString(next.getOrDefault(id[0], 0)));
      longest = Math.max(longest, line.length());
      next.merge(id[0], 1, Integer::sum);
    }
    assertThat(log.dropped()).isZero();
    assertThat(longest).isGreaterThan(64 << 10);
    assertThat(next).hasSize(20).allSatisfy((_, lines) -> assertThat(lines).isEqualTo(300));
    JsonNode kept = Json.parse(recent.json(1_000)).path("exchanges");
    assertThat(kept).hasSize(100);
    for (JsonNode one : kept) {
      assertThat(Json.parse(recent.json(one.path("id").asString()).orElseThrow())).isEqualTo(one);
    }
  }

  @Test
  void dropsAndCountsLinesWhenTheWriterIsStuckAndSaysSoLater() throws Exception {
    var stuck = new StuckStream();
    var journal = new LogJournal(stuck, 20_000);
    journal.append(Samples.exchange());
    stuck.reached.await();
    for (int i = 0; i < 100; i++) {
      journal.append(Samples.exchange());
    }
    long dropped = journal.dropped();
    stuck.released.countDown();
    journal.close();

    assertThat(dropped).isBetween(50L, 99L);
    List<String> lines = stuck.written.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize((int) (101 - dropped + 1));
    List<JsonNode> notices =
        lines.stream()
            .map(Json::parse)
            .filter(line -> line.path("event").asString().equals("lines_dropped"))
            .toList();
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst().path("level").asString()).isEqualTo("warn");
    assertThat(notices.getFirst().path("lines").asLong()).isEqualTo(dropped);
    assertThat(notices.getFirst().path("lines_total").asLong()).isEqualTo(dropped);
  }

  @Test
  void aBrokenStreamCostsLinesAndNothingElse() {
    var journal =
        new LogJournal(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("broken pipe");
              }
            });
    journal.append(Samples.exchange());
    journal.close();
    journal.append(Samples.exchange());

    assertThat(journal.dropped()).isEqualTo(2);
  }

  @Test
  void wakesUpForALineAfterALongPause() throws Exception {
    var out = new CountingStream();
    try (var journal = new LogJournal(out)) {
      journal.append(Samples.exchange());
      out.first.await();
      // Long enough for the writer to go to sleep; were it not asleep yet, the test would pass too.
      Thread.sleep(1_500);
      journal.append(Samples.exchange());
      out.second.await();
    }
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
  }

  @Test
  void recentExchangesAreListedNewestFirstAndFoundByName() {
    var recent = new RecentExchanges(3);
    try (var log = new LogJournal(OutputStream.nullOutputStream())) {
      var lines = new ExchangeLines(log, recent, false);
      for (int i = 1; i <= 5; i++) {
        lines.append(Samples.exchange("id-" + i, "assistant", List.of()));
      }
    }

    JsonNode list = Json.parse(recent.json(2)).path("exchanges");
    assertThat(list.size()).isEqualTo(2);
    assertThat(list.get(0).path("id").asString()).isEqualTo("id-5");
    assertThat(list.get(1).path("id").asString()).isEqualTo("id-4");
    assertThat(Json.parse(recent.json(10)).path("exchanges").size()).isEqualTo(3);
    assertThat(recent.json("id-2")).isEqualTo(Optional.empty());
    assertThat(Json.parse(recent.json("id-3").orElseThrow()).path("id").asString())
        .isEqualTo("id-3");
  }

  @Test
  void aPlaceThatHeldALongerLineShowsTheNextOneAlone() {
    var recent = new RecentExchanges(1);
    for (String line : List.of("{\"a\":1}\n", "x".repeat(9_000) + "\n", "y".repeat(300) + "\n")) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      recent.append("id", bytes, bytes.length);
      assertThat(recent.json("id").map(kept -> new String(kept, StandardCharsets.UTF_8)))
          .contains(line);
    }
    recent.append("last", "{}\n??".getBytes(StandardCharsets.UTF_8), 3);
    assertThat(recent.json("id")).isEmpty();
    assertThat(new String(recent.json(9), StandardCharsets.UTF_8))
        .isEqualTo("{\"exchanges\":[{}]}\n");
  }

  @Test
  void aLineIsShownWholeWhileOthersAreKept() throws InterruptedException {
    var recent = new RecentExchanges(2);
    var writers = new ArrayList<Thread>();
    var over = new AtomicBoolean();
    for (String letter : List.of("a", "b", "c")) {
      byte[] line =
          (letter.repeat(1_000 + 500 * writers.size()) + "\n").getBytes(StandardCharsets.UTF_8);
      writers.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!over.get()) {
                  recent.append(letter, line, line.length);
                }
              }));
    }
    int seen = 0;
    try {
      while (seen < 2_000) {
        for (String letter : List.of("a", "b", "c")) {
          Optional<byte[]> line = recent.json(letter);
          if (line.isPresent()) {
            seen++;
            assertThat(new String(line.get(), StandardCharsets.UTF_8)).matches(letter + "+\n");
          }
        }
      }
    } finally {
      over.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
    }
  }

  private static String written(Exchange exchange) {
    var out = new ByteArrayOutputStream();
    var journal = new LogJournal(out);
    journal.append(exchange);
    journal.close();
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Takes nothing until it is released. */
  private static final class StuckStream extends OutputStream {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      written.write(bytes, offset, length);
    }
  }

  private static final class CountingStream extends ByteArrayOutputStream {
    final CountDownLatch first = new CountDownLatch(1);
    final CountDownLatch second = new CountDownLatch(2);

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      first.countDown();
      second.countDown();
    }
  }
}
