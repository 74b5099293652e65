package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.sandbox.RawCaller.End;
import dev.understudy.sandbox.RawCaller.Seen;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault as it arrives on a bare socket. */
final class FaultsTest {
  private static final String CHAT =
      """
      {"model":"gpt-5.1","stream":%s,"messages":[{"role":"user","content":"Hello there"}]}\
      """;
  private static final int QUIET_MILLIS = 10_000;
  private static final int STALL_MILLIS = 300;

  private static SandboxServer openai;

  @BeforeAll
  static void start() {
    openai = SandboxServer.start("openai");
  }

  @AfterAll
  static void stop() {
    openai.close();
  }

  @AfterEach
  void clear() {
    openai.faults().clear();
  }

  private static Seen ask(String fault, boolean stream) throws IOException {
    return RawCaller.post(
        openai.port(),
        "/v1/chat/completions",
        "connection: close\r\n" + (fault.isEmpty() ? "" : "x-sandbox-fault: " + fault + "\r\n"),
        CHAT.formatted(stream),
        fault.startsWith("stall") ? STALL_MILLIS : QUIET_MILLIS);
  }

  @ParameterizedTest
  @CsvSource({"400", "401", "403", "404", "429", "500", "502", "503", "529"})
  void refusesWithTheStatusAskedFor(int status) throws IOException {
    var seen = ask(status + " retry 7", false);

    assertThat(seen.text()).startsWith("HTTP/1.1 " + status + " ").contains("x-sandbox: true");
    assertThat(seen.body()).startsWith("{\"error\":{\"message\":\"sandbox fault: ");
    assertThat(seen.text().contains("retry-after: 7"))
        .isEqualTo(status == 429 || status == 503 || status == 529);
  }

  @Test
  void refusesAsOftenAsAskedAndAnswersThen() throws IOException {
    openai.faults().set("503 times 2");

    assertThat(ask("", false).text()).startsWith("HTTP/1.1 503");
    assertThat(ask("", false).text()).startsWith("HTTP/1.1 503");
    assertThat(ask("", false).text()).startsWith("HTTP/1.1 200");
  }

  @Test
  void takesAFaultFromTheModelsName() throws IOException {
    String body = CHAT.formatted(false).replace("gpt-5.1", "gpt-5.1-sandbox-429-retry-3");

    var seen =
        RawCaller.post(
            openai.port(), "/v1/chat/completions", "connection: close\r\n", body, QUIET_MILLIS);

    assertThat(seen.text()).startsWith("HTTP/1.1 429").contains("retry-after: 3");
  }

  @Test
  void resetsBeforeTheHead() throws IOException {
    assertThat(ask("reset", true)).isEqualTo(new Seen("", End.RESET));
  }

  @Test
  void resetsAfterTokens() throws IOException {
    var seen = ask("reset tokens 4", true);

    assertThat(seen.end()).isEqualTo(End.RESET);
    assertThat(seen.body()).contains("This is ", "the sand").doesNotContain("[DONE]");
  }

  @Test
  void cutsAfterTokensWithoutTheProtocolsEnd() throws IOException {
    var seen = ask("cut tokens 4", true);

    assertThat(seen.end()).isEqualTo(End.CLOSED);
    assertThat(seen.body()).contains("This is ").doesNotContain("finish_reason\":\"stop");
    // Not even the end of the chunked coding was sent.
    assertThat(seen.text()).doesNotContain("\r\n0\r\n");
  }

  @Test
  void cutsBeyondTheLastTokenStillBeforeTheEnd() throws IOException {
    assertThat(ask("cut tokens 100000", true).body()).doesNotContain("finish_reason\":\"stop");
  }

  @Test
  void cutsAnUnstreamedBodyAfterBytes() throws IOException {
    var seen = ask("cut bytes 25", false);

    assertThat(seen.end()).isEqualTo(End.CLOSED);
    assertThat(seen.body()).hasSize(25);
  }

  @Test
  void cutsRightAfterTheHead() throws IOException {
    var seen = ask("cut", true);

    assertThat(seen.text()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
    assertThat(seen.end()).isEqualTo(End.CLOSED);
  }

  @Test
  void stallsAfterTokensAndKeepsTheConnection() throws IOException {
    var seen = ask("stall tokens 2", true);

    assertThat(seen.end()).isEqualTo(End.OPEN);
    assertThat(seen.body()).contains("This is").doesNotContain("[DONE]");
    assertThat(ask("stall", true)).isEqualTo(new Seen("", End.OPEN));
  }

  @Test
  void waitsBeforeTheHead() throws IOException {
    long before = System.nanoTime();

    var seen = ask("slow millis 150", false);

    assertThat(System.nanoTime() - before).isGreaterThan(140_000_000L);
    assertThat(seen.text()).startsWith("HTTP/1.1 200");
  }

  @Test
  void breaksOneEvent() throws IOException {
    var seen = ask("malformed event 2", true);

    assertThat(seen.body()).contains("data: {\"sandbox\": malformed\n\n").contains("[DONE]");
  }

  @Test
  void breaksAWholeBody() throws IOException {
    assertThat(ask("malformed", false).body()).startsWith("{\"id\"").doesNotEndWith("}");
  }

  @Test
  void failsInsideAStream() throws IOException {
    var seen = ask("error event 3", true);

    assertThat(seen.text()).startsWith("HTTP/1.1 200");
    assertThat(seen.body()).contains("data: {\"error\":{\"message\"").doesNotContain("[DONE]");
    assertThat(ask("error", false).text()).startsWith("HTTP/1.1 500");
  }

  @Test
  void saysAWrongContentType() throws IOException {
    assertThat(ask("mistyped", true).text()).contains("content-type: text/html\r\n");
  }

  @Test
  void announcesMoreThanItSends() throws IOException {
    var seen = ask("short", false);

    assertThat(seen.end()).isEqualTo(End.CLOSED);
    assertThat(announced(seen)).isEqualTo(seen.body().length() + 100);
  }

  @Test
  void announcesLessThanItSends() throws IOException {
    var seen = ask("long", false);

    assertThat(announced(seen)).isEqualTo(seen.body().length() - 10);
  }

  @Test
  void compressesUnasked() throws IOException {
    var seen = ask("gzip", false);

    assertThat(seen.text()).contains("content-encoding: gzip");
    byte[] body = seen.body().getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()))
        .contains("chat.completion");
  }

  @Test
  void sendsAnInterimReplyFirst() throws IOException {
    assertThat(ask("early", false).text())
        .startsWith("HTTP/1.1 103 Early Hints")
        .contains("\r\n\r\nHTTP/1.1 200 OK");
  }

  @Test
  void sendsGarbageAfterTheEnd() throws IOException {
    assertThat(ask("garbage", false).body()).endsWith("these bytes belong to no reply\r\n");
  }

  @Test
  void writesTheBodyByteByByte() throws IOException {
    assertThat(ask("chop bytes 1", true).body()).contains("1\r\nd\r\n1\r\na\r\n1\r\nt\r\n");
  }

  @Test
  void refusesConnectionsAndComesBackOnTheSamePort() throws Exception {
    try (var server = SandboxServer.start("openai")) {
      server.refuse();
      assertThatThrownBy(() -> new Socket("127.0.0.1", server.port()).close())
          .isInstanceOf(ConnectException.class);

      server.accept();
      new Socket("127.0.0.1", server.port()).close();
    }
  }

  @Test
  void refusesConnectionsForAWhileOnDemand() throws Exception {
    try (var server = SandboxServer.start("openai")) {
      var seen =
          RawCaller.post(
              server.port(),
              "/v1/chat/completions",
              "x-sandbox-fault: refuse millis 200\r\n",
              CHAT.formatted(false),
              QUIET_MILLIS);
      assertThat(seen.text()).isEmpty();

      for (int i = 0; i < 100; i++) {
        try {
          new Socket("127.0.0.1", server.port()).close();
          return;
        } catch (ConnectException e) {
          Thread.sleep(50);
        }
      }
      assertThat(false).as("it listens again").isTrue();
    }
  }

  @Test
  void saysWhatIsWrongWithASpecification() throws IOException {
    assertThat(ask("explode", false).body()).contains("unknown sandbox fault \\\"explode\\\"");
    assertThatThrownBy(() -> Fault.parse("cut tokens"))
        .hasMessage("sandbox fault \"cut tokens\": \"tokens\" lacks a number");
    assertThatThrownBy(() -> Fault.parse("cut words 3")).hasMessageContaining("unknown word");
  }

  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void readsBackWhatItWrites(FaultKind kind) {
    var fault = Fault.parse(kind.example() + " times 3");

    assertThat(fault.kind()).isEqualTo(kind);
    assertThat(Fault.parse(fault.specification())).isEqualTo(fault);
  }

  private static int announced(Seen seen) {
    String after = seen.text().substring(seen.text().indexOf("content-length: ") + 16);
    return Integer.parseInt(after.substring(0, after.indexOf('\r')));
  }
}
