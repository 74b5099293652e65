package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import dev.understudy.exchange.Fact;
import dev.understudy.json.Json;
import dev.understudy.store.Database;
import dev.understudy.store.SqlFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Calls are written down, booked, shown and exported, also after the gateway has gone. */
final class KeptCallsTest {
  private static final String TOKEN = "a-token-for-operators";
  private static final Map<String, String> ENVIRONMENT = Map.of("UNDERSTUDY_ADMIN_TOKEN", TOKEN);
  private static final String ASK =
      "{\"model\":\"openai/gpt-5.1\",\"stream\":%s,\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private Optional<Running> gateway = Optional.empty();

  @AfterEach
  void stop() {
    gateway.ifPresent(Running::close);
    client.close();
  }

  private Running start(String more) throws Exception {
    Path file = Files.writeString(data.resolve("u.yaml"), "sandbox: true\n" + more);
    Settings settings = Settings.read(file, Map.of()).withPorts(0, 0);
    Running running = Running.start(settings, ENVIRONMENT, log, data);
    gateway = Optional.of(running);
    return running;
  }

  private void close() {
    gateway.ifPresent(Running::close);
    gateway = Optional.empty();
  }

  private String call(Running at, boolean stream) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + at.gateway().port() + "/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ASK.formatted(stream)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains(stream ? "[DONE]" : "\"usage\"");
    return answer.headers().firstValue("x-understudy-exchange").orElseThrow();
  }

  private String admin(Running at, String path) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.adminPort() + path))
                .header("authorization", "Bearer " + TOKEN)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private String run(int code, String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = Commands.line(ENVIRONMENT);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    assertThat(line.execute(words)).as("%s%s", out, err).isEqualTo(code);
    return out + err.toString();
  }

  private List<Fact> facts() throws IOException {
    var all = new ArrayList<Fact>();
    try (Database database = Database.embedded(data.resolve(Running.DATABASE))) {
      new SqlFacts(database).each(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), all::add);
    }
    return all;
  }

  private static void settled(ThrowingCheck isDone) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!isDone.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** Looks at something that may fail. */
  private interface ThrowingCheck {
    boolean holds() throws Exception;
  }

  @Test
  void revenueThatIsBookedIsInTheFiguresAtTheDoor() throws Exception {
    Path sales =
        Files.writeString(
            data.resolve("sales.csv"),
            "id,kind,time,amount,currency,product\ns-1,sale,2025-01-05,7.5,USD,maps\n");
    Running at = start("");
    run(0, "settle", "import", "--book", sales.toString(), "--data", data.toString());

    String figures =
        admin(at, "/admin/figures?by=organisation&from=2025-01-01&to=2025-01-31&format=csv");

    assertThat(figures.lines()).contains("revenue:maps,USD,0,0,0,0,,0,7.5,7.5");
  }

  @Test
  void capacityOfTheBillingFileIsSpendAtTheDoorAndMonthsAreTakenThere() throws Exception {
    Files.writeString(
        data.resolve("billing.yaml"),
        """
        account: {id: acme-1, name: Acme}
        vendors:
          openai: {provider: OpenAI Ireland}
        capacity:
          - {id: scale, vendor: openai, units: 2, unit: Unit, price-per-unit-hour: 0.50 USD,
             input-tokens-per-minute: 1000, from: 2025-01-01, to: 2025-02-01}
        """);
    Running at = start("");

    String figures = admin(at, "/admin/figures?by=host,team&from=2025-01&to=2025-01&format=csv");

    // 744 hours of January at 1 USD, the whole of it unused.
    assertThat(figures.lines()).contains("OpenAI Ireland,unused:scale,USD,0,0,744,0,,0,,");
    assertThat(admin(at, "/admin/figures?by=vendor&from=2025-01-01&to=january"))
        .contains("to must be the last day or month, like 2026-10-31 or 2026-10, not january");
    assertThat(admin(at, "/admin/figures/commitments?from=2025-13"))
        .contains("from must be a day or month");
  }

  @Test
  void callsAreBookedShownAndExportedAndALogTellsNothingNew() throws Exception {
    Running first = start("");
    String whole = call(first, false);
    String streamed = call(first, true);
    settled(() -> Json.parse(admin(first, "/admin/journal")).path("kept").asInt(0) == 2);
    assertThat(admin(first, "/metrics")).contains("understudy_journal_kept_total 2.0");
    close();

    assertThat(facts()).extracting(Fact::exchange).containsExactly(whole, streamed);
    assertThat(facts())
        .allSatisfy(fact -> {
          assertThat(fact.vendor()).isEqualTo("openai");
          assertThat(fact.cost()).isPresent();
          assertThat(fact.leaves()).isNotEmpty();
        });
    Path lines = Files.write(data.resolve("log.jsonl"), log.toByteArray());
    assertThat(run(0, "ledger", "import", "--data=" + data, lines.toString()))
        .isEqualTo(
            "0 entries booked, 2 known already, 0 not booked, 0 lines not understood; 0 attempts kept\n");
    assertThat(run(0, "ledger", "verify", "--data=" + data))
        .contains("USD: 2 entries")
        .contains("sound");

    // What was decided is still known, though the memory it was in has gone.
    Running second = start("");
    JsonNode record = Json.parse(admin(second, "/admin/exchanges/" + whole));
    assertThat(record.path("decision").path("order").path(0).asString("")).startsWith("openai/");
    String exported = admin(second, "/admin/exchanges/export?from=2020-01-01&format=csv");
    assertThat(exported.lines().toList()).hasSize(3);
    assertThat(admin(second, "/admin/exchanges/export?format=xml")).contains("jsonl or csv");
    close();

    assertThat(run(0, "exchanges", "show", "--data=" + data, streamed)).contains(streamed);
    assertThat(run(1, "exchanges", "show", "--data=" + data, "nobody"))
        .isEqualTo("no call nobody is kept\n");
    // A copy has all of it.
    Path copy = data.resolve("copy.db");
    Path other = data.resolve("other");
    run(0, "backup", copy.toString(), "--data=" + data);
    run(0, "restore", copy.toString(), "--data=" + other);
    assertThat(run(0, "exchanges", "show", "--data=" + other, streamed)).contains(streamed);
    assertThat(run(0, "ledger", "verify", "--data=" + other)).contains("USD: 2 entries");
    Path out = data.resolve("calls.jsonl");
    String[] export = {
      "exchanges",
      "export",
      "--data=" + data,
      "--from=2020-01-01",
      "--to=2100-01-01",
      "--out=" + out
    };
    assertThat(run(0, export)).isEqualTo("2 calls written to " + out + "\n");
    assertThat(run(1, export)).contains("is there already");
    // What is kept is what the log has said.
    assertThat(Files.readAllLines(out))
        .containsExactlyInAnyOrderElementsOf(log.toString(StandardCharsets.UTF_8).lines().toList());
  }

  @Test
  void aCallerGetsTheWholeAnswerWhereItsEndWaitsForTheDisk() throws Exception {
    Running strict = start("journal:\n  strict: true\n  window: 50ms\n");
    for (int i = 0; i < 5; i++) {
      call(strict, i % 2 == 0);
    }
    close();
    assertThat(facts()).hasSize(5);
  }

  @Test
  void settingsOfTheJournalAreReadStrictly() {
    assertThat(read("journal:\n  when-full: stop\n")).contains("serve or refuse");
    assertThat(read("journal:\n  waiting-max: 1MiB\n")).contains("at least 16MiB");
    assertThat(read("journal:\n  window: 20s\n")).contains("from 1ms to 10s");
    assertThat(read("journal:\n  windw: 20ms\n")).contains("window");
    assertThat(read("journal:\n  attempts-days: 1\n")).contains("attempts-days");
  }

  private String read(String text) {
    try {
      Path file = Files.writeString(data.resolve("bad.yaml"), text);
      Settings.read(file, Map.of());
      return "";
    } catch (Exception e) {
      return String.valueOf(e.getMessage());
    }
  }
}
