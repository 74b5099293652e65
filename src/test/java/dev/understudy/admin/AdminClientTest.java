package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The command line waits for a gateway, but not for ever. */
final class AdminClientTest {
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  @Test
  void aGatewayThatStallsInTheMiddleOfItsReplyIsGivenUp() throws Exception {
    try (var gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() ->
              reply(gateway, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"exchanges\": ["));
      var client = client(gateway, Duration.ofMillis(500));

      assertTimeoutPreemptively(
          GENEROUS,
          () ->
              assertThatThrownBy(() -> client.get("/admin/exchanges"))
                  .isInstanceOf(AdminClient.NoAnswer.class)
                  .hasMessageMatching("the gateway at .* does not answer in time"));
    }
  }

  @Test
  void whatMayPauseLongerIsWaitedForLonger() throws Exception {
    try (var gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() ->
              reply(
                  gateway,
                  "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
                  Duration.ofMillis(800),
                  "\"one\": 1}"));

      assertThat(
              client(gateway, Duration.ofMillis(200))
                  .waiting(GENEROUS)
                  .get("/")
                  .path("one")
                  .asInt())
          .isEqualTo(1);
    }
  }

  @Test
  void aReplyIsReadToItsEnd() throws Exception {
    try (var gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> reply(gateway, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"one\": 1}"));

      assertThat(client(gateway, GENEROUS).get("/").path("one").asInt()).isEqualTo(1);
    }
  }

  private static AdminClient client(ServerSocket gateway, Duration patience) {
    return new AdminClient(
        URI.create("http://127.0.0.1:" + gateway.getLocalPort()), Optional.empty(), patience);
  }

  /** Says so much, and then nothing until the other side has gone. */
  private static void reply(ServerSocket gateway, String text) {
    reply(gateway, text, Duration.ZERO, "");
  }

  private static void reply(ServerSocket gateway, String text, Duration pause, String rest) {
    try (Socket connection = gateway.accept()) {
      connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      connection.getOutputStream().flush();
      Thread.sleep(pause);
      connection.getOutputStream().write(rest.getBytes(StandardCharsets.US_ASCII));
      connection.getOutputStream().flush();
      connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException | InterruptedException e) {
      // The test is over.
    }
  }
}
