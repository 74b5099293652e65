package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JdkTokenExchangeTest {

  @Test
  void postsTheFormAndReturnsTheAnswer() throws Exception {
    assertThat(ask(200, "{\"access_token\":\"t\"}", "a=b"))
        .isEqualTo("{\"access_token\":\"t\"}|a=b");
  }

  @Test
  void tellsARefusalWithoutWhatWasSaid() {
    assertThatThrownBy(() -> ask(401, "the secret is wrong", "secret=1"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("401")
        .hasMessageNotContaining("secret");
  }

  @Test
  void followsNoRedirect() {
    assertThatThrownBy(() -> ask(302, "", "a=b")).hasMessageContaining("302");
  }

  @Test
  void takesNoEndlessAnswer() {
    assertThatThrownBy(() -> ask(200, "x".repeat(100_000), "a=b")).isInstanceOf(IOException.class);
  }

  @Test
  void asksNobodyWithoutTls() {
    assertThatThrownBy(() -> new JdkTokenExchange().post(URI.create("http://example.test/t"), "a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without TLS");
  }

  private static String ask(int status, String answer, String form) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/token",
        exchange -> {
          String got = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] body =
              (status == 200 ? answer + "|" + got : answer).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("location", "/elsewhere");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/token");
      return new JdkTokenExchange().post(uri, form);
    } finally {
      server.stop(0);
    }
  }
}
