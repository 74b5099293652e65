package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.app.settings.Settings;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capacity that is paid by the hour and has prices by the token, told before it is booked. */
class PaidTwiceTest {
  private static final String CONTRACT =
      """
      contract:
        id: hosting
        version: 1
        parties:
          - {id: us, role: customer}
          - {id: host, role: host, vendors: [openai]}
        term: {from: 2020-01-01}
        currency: USD
      capacity:
        - {id: ptu, host: host, models: [gpt-5.1], units: 100, unit: PTU, price-per-unit-hour: 1.00,
           window: {from: 2020-01-01, to: %s}}
      """;
  private static final String BOOK =
      """
      book: ours
      kind: negotiated
      currency: USD
      sources:
        deal: {where: annex, checked: 2026-10-01, mark: contract}
      vendors:
        openai:
          source: deal
          models:
            gpt-5.1:
              prices:
                - from: 2020-01-01
                  tokens: {input.text: %1$s, input.text.read: %1$s, output.text: %1$s}
      """;

  private static final Map<String, String> ENVIRONMENT =
      Map.of("OPENAI_API_KEY", "sk-test", "UNDERSTUDY_ADMIN_TOKEN", "a-token-for-operators");

  @TempDir private Path data;

  @BeforeEach
  void filesAreThere() throws Exception {
    contract("2999-01-01");
    settings("");
  }

  private void contract(String until) throws Exception {
    Files.writeString(data.resolve("hosting.yaml"), CONTRACT.formatted(until));
  }

  private Path settings(String more) throws Exception {
    return Files.writeString(
        data.resolve("u.yaml"),
        """
        contracts: [hosting.yaml]
        routes:
          best: {serve: openai/gpt-5.1}
        """
            + more);
  }

  private String check() {
    var text = new StringWriter();
    String[] arguments = {
      "contracts",
      "check",
      "" + data.resolve("hosting.yaml"),
      "--config",
      "" + data.resolve("u.yaml"),
      "--data",
      "" + data
    };
    var line = Commands.line(ENVIRONMENT, arguments);
    line.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
    int code = line.execute(arguments);
    return code + "\n" + text;
  }

  @Test
  void theCheckTellsWithPlacePriceAndRemedy() {
    assertThat(check())
        .startsWith("0\n")
        .contains(
            "warning: " + data.resolve("hosting.yaml") + ":10:",
            "capacity ptu of hosting v1 is paid by the hour",
            "openai/gpt-5.1 (list/openai/gpt-5.1@",
            "booked twice",
            "prices of 0 under vendor openai in a price book of your own (prices.books)",
            "leave the hours to the contract")
        // A price by the hour in a book is stated only: it books nothing.
        .doesNotContain("per-hour");
  }

  @Test
  void aPriceOfZeroForTheDeploymentIsTheRemedy() throws Exception {
    Files.writeString(data.resolve("ours.yaml"), BOOK.formatted("0"));
    settings("prices: {books: [ours.yaml]}\n");
    assertThat(check()).startsWith("0\n").doesNotContain("booked twice");

    Files.writeString(data.resolve("ours.yaml"), BOOK.formatted("0.01"));
    assertThat(check()).contains("openai/gpt-5.1 (ours/openai/gpt-5.1@2020-01-01)");
  }

  @Test
  void capacityThatIsOverIsNotTold() throws Exception {
    contract("2021-01-01");

    assertThat(check()).startsWith("0\n").doesNotContain("booked twice");
  }

  @Test
  void otherModelsOfTheVendorAreNotMeant() throws Exception {
    Files.writeString(
        data.resolve("hosting.yaml"),
        CONTRACT.formatted("2999-01-01").replace("models: [gpt-5.1]", "models: [our-ptu-*]"));

    assertThat(check()).startsWith("0\n").doesNotContain("booked twice");
  }

  @Test
  void aStartAndAReloadWarn() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    var logger = Logger.getLogger(PaidTwice.class.getName());
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            warnings.add(record.getLevel() + " " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      Settings settings = Settings.read(data.resolve("u.yaml"), ENVIRONMENT).withPorts(0, 0);
      try (Running running =
          Running.start(settings, ENVIRONMENT, OutputStream.nullOutputStream(), data)) {
        awaited(warnings);
        assertThat(warnings.getFirst())
            .startsWith("WARNING hosting.yaml:10:10: ")
            .contains("booked twice");

        warnings.clear();
        String[] reload = {"reload", "--admin", "127.0.0.1:" + running.adminPort()};
        assertThat(Commands.line(ENVIRONMENT, reload).execute(reload)).isZero();
        awaited(warnings);
        assertThat(warnings.getFirst()).contains("hosting v1", "booked twice");
      }
    } finally {
      logger.removeHandler(handler);
    }
  }

  private static void awaited(List<String> warnings) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (warnings.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(warnings).isNotEmpty();
  }
}
