package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Purpose;
import dev.understudy.json.Json;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.store.Database;
import dev.understudy.store.SqlFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Statements and invoices at the operators' door, and a schedule that changes while it runs. */
final class SettlementAtTheDoorTest {
  private static final String TOKEN = "a-token-of-many-letters";
  private static final String ADDRESS = "/admin/settlement/";

  @TempDir private Path data;
  private Path file = Path.of("u.yaml");

  @BeforeEach
  void settings() throws IOException {
    file = data.resolve("u.yaml");
    Files.writeString(
        data.resolve("resale.yaml"), Files.readString(Path.of("examples/settlement/resale.yaml")));
    Files.writeString(file, settings(""));
  }

  private static String settings(String more) {
    return """
    sandbox: true
    contracts: [resale.yaml]
    server: {port: 0, admin-port: 0}
    routes:
      best: {serve: openai/gpt-5.1}
    """
        + more;
  }

  private void command(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--data=" + data);
    var err = new StringWriter();
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
  }

  private void late() throws IOException {
    Path sales =
        Files.writeString(
            data.resolve("late.csv"),
            "id,kind,time,amount,currency,seller\nlate-1,sale,2026-10-20,100,USD,us\n");
    command("settle", "import", sales.toString());
  }

  private Running start() throws Exception {
    return Running.start(
        Settings.read(file, Map.of()),
        Map.of("UNDERSTUDY_ADMIN_TOKEN", TOKEN),
        OutputStream.nullOutputStream(),
        data,
        this::read);
  }

  private Settings read() throws BadSettings {
    return Settings.read(file, Map.of());
  }

  private static HttpResponse<byte[]> get(Running running, String path, String token)
      throws Exception {
    return send(running, HttpRequest.newBuilder().GET(), path, token);
  }

  private static HttpResponse<byte[]> send(
      Running running, HttpRequest.Builder request, String path, String token) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          request
              .uri(URI.create("http://127.0.0.1:" + running.adminPort() + path))
              .header("Authorization", "Bearer " + token)
              .timeout(Duration.ofSeconds(30))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static JsonNode json(Running running, String path) throws Exception {
    HttpResponse<byte[]> reply = get(running, path, TOKEN);
    assertThat(reply.statusCode()).as(text(reply)).isEqualTo(200);
    return Json.parseObject(reply.body());
  }

  private static String text(HttpResponse<byte[]> reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static final String SETTLE = "--contracts=examples/settlement/resale.yaml";

  @Test
  void statementsAreListedAndFetchedWithTheirRevisionsInEveryForm() throws Exception {
    command("settle", "import", "examples/settlement/sales.csv");
    String out = "--out=" + data.resolve("out");
    command("settle", SETTLE, "--contract=resale", "--period=2026-09..2026-10", out);
    late();
    command("settle", SETTLE, "--contract=resale", "--period=2026-10", out);

    try (Running running = start()) {
      JsonNode list = json(running, ADDRESS + "statements").path("statements");
      assertThat(list.values())
          .extracting(
              one -> one.path("period").asString(),
              one -> one.path("revision").asInt(),
              one -> one.path("stands").asBoolean())
          .containsExactly(
              Tuple.tuple("2026-10", 2, true),
              Tuple.tuple("2026-10", 1, false),
              Tuple.tuple("2026-09", 1, true));
      assertThat(list.get(0).path("due").get(0).path("amount").asString()).isEqualTo("4001.86");
      assertThat(list.get(1).path("due").get(0).path("amount").asString()).isEqualTo("3981.86");
      assertThat(json(running, ADDRESS + "statements?period=2026-09").path("statements"))
          .hasSize(1);

      JsonNode last = json(running, ADDRESS + "statements/resale/2026-10");
      assertThat(last.path("revision").asInt()).isEqualTo(2);
      assertThat(last.path("revisions")).hasSize(2);
      assertThat(last.path("statement").path("due").get(0).path("payee").asString())
          .isEqualTo("maker");
      for (int revision = 1; revision <= 2; revision++) {
        for (String form : List.of("html", "pdf", "csv")) {
          HttpResponse<byte[]> got =
              get(
                  running,
                  ADDRESS
                      + "statements/resale/2026-10?format=%s&revision=%d".formatted(form, revision),
                  TOKEN);
          assertThat(got.body())
              .as(form)
              .isEqualTo(
                  Files.readAllBytes(
                      data.resolve("out/resale-2026-10-r%d.%s".formatted(revision, form))));
          assertThat(got.headers().firstValue("content-disposition"))
              .contains("inline; filename=\"resale-2026-10-r%d.%s\"".formatted(revision, form));
        }
      }
    }
  }

  @Test
  void whoHasNoTokenSeesNothingAndWhatIsNotThereIsSaid() throws Exception {
    try (Running running = start()) {
      assertThat(get(running, ADDRESS + "statements", "another-token-of-letters").statusCode())
          .isEqualTo(401);
      assertThat(text(get(running, ADDRESS + "statements/resale/2026-13", TOKEN)))
          .contains("a period is a month, such as 2026-10, not 2026-13");
      HttpResponse<byte[]> none = get(running, ADDRESS + "statements/resale/2026-10", TOKEN);
      assertThat(none.statusCode()).isEqualTo(404);
      assertThat(text(none)).contains("there is no statement of resale for 2026-10");
      assertThat(get(running, ADDRESS + "invoices/INV-1", TOKEN).statusCode()).isEqualTo(404);
      assertThat(json(running, ADDRESS + "invoices").path("invoices")).isEmpty();
    }
  }

  @Test
  void anInvoiceIsGivenOutUnderTheNamesItWasIssuedUnder() throws Exception {
    try (Database database = Database.embedded(data.resolve(Running.DATABASE))) {
      new SqlFacts(database).keep(List.of(call()));
    }
    Path tariffs = data.resolve("tariffs.yaml");
    String said = Files.readString(Path.of("examples/settlement/tariffs.yaml"));
    Files.writeString(tariffs, said);
    Files.copy(Path.of("examples/settlement/own-models.yaml"), data.resolve("own-models.yaml"));
    command("settle", "invoices", "--tariffs=" + tariffs, "--period=2026-10", "--customer=acme");
    Files.writeString(tariffs, said.replace("2 Side Street, Cork", "9 Moved Road, Galway"));
    command("settle", "invoices", "--tariffs=" + tariffs, "--period=2026-10", "--customer=acme");

    try (Running running = start()) {
      JsonNode list = json(running, ADDRESS + "invoices?customer=acme").path("invoices");
      assertThat(list).hasSize(1);
      assertThat(list.get(0).path("kind").asString()).isEqualTo("invoice");
      String number = list.get(0).path("number").asString();
      assertThat(text(get(running, ADDRESS + "invoices/" + number + "?format=html", TOKEN)))
          .contains("Invoice " + number, "Acme Corporation, 2 Side Street, Cork", "Example AI Ltd")
          .doesNotContain("Galway");
      assertThat(text(get(running, ADDRESS + "invoices/" + number + "?format=pdf", TOKEN)))
          .startsWith("%PDF-");
      assertThat(text(get(running, ADDRESS + "invoices/" + number + "?format=doc", TOKEN)))
          .contains("unknown format doc; known: html, pdf, csv, json");
      assertThat(json(running, ADDRESS + "invoices/" + number).path("total").asString())
          .isEqualTo(list.get(0).path("total").asString());
    }
  }

  @Test
  void aScheduleIsTakenUpByAReloadWithoutARestart() throws Exception {
    command("settle", "import", "examples/settlement/sales.csv");
    try (Running running = start()) {
      assertThat(json(running, ADDRESS + "statements").path("statements")).isEmpty();

      Files.writeString(file, settings("settlement: {day: 1, as: us, months: 120}\n"));
      HttpResponse<byte[]> reload =
          send(
              running,
              HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()),
              "/admin/reload",
              TOKEN);
      assertThat(reload.statusCode()).isEqualTo(200);
      assertThat(text(reload)).contains("\"needs_restart\":[]");

      Instant until = Instant.now().plusSeconds(30);
      while (json(running, ADDRESS + "statements").path("statements").isEmpty()
          && Instant.now().isBefore(until)) {
        Thread.sleep(100);
      }
      assertThat(json(running, ADDRESS + "statements").path("statements")).isNotEmpty();
    }
  }

  private static Fact call() {
    var leaves = new TreeMap<>(Map.of("input.text", new BigDecimal(1_000_000)));
    var each = new BigDecimal("0.00001");
    return new Fact(
        "x1",
        0,
        Instant.parse("2026-10-05T10:00:00Z"),
        "acme",
        "search",
        "k",
        Map.of(),
        "best",
        Purpose.CALL,
        "openai",
        "openai",
        "gpt-5.1",
        "gpt-5.1",
        "key",
        "",
        "",
        Attempt.Outcome.ANSWERED,
        false,
        leaves,
        Optional.of(
            Cost.of(
                List.of(
                    new Cost.Line(
                        "input.text",
                        new BigDecimal(1_000_000),
                        Optional.of(each),
                        Money.of(BigDecimal.TEN, Currencies.USD))),
                List.of(),
                Currencies.USD,
                "list/openai/gpt-5.1")));
  }
}
