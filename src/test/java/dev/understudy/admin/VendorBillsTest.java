package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.money.Money;
import dev.understudy.settlement.reconciliation.VendorBill;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VendorBillsTest {
  private static final LocalDate DAY = LocalDate.parse("2026-10-02");
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String question = exchange.getRequestURI().toString();
          asked.add(
              question
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + exchange.getRequestHeaders().getFirst("x-api-key"));
          byte[] body = answer(question).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String answer(String question) {
    if (status != 200) {
      return "{\"error\":{\"message\":\"no admin key\"}}";
    }
    if (question.contains("usage")) {
      return "{\"data\":[],\"has_more\":false}";
    }
    if (question.startsWith("/v1/organizations")) {
      return "{\"data\":[{\"starting_at\":\"2026-10-02T00:00:00Z\",\"ending_at\":\"2026-10-03T00:00:00Z\",\"results\":[{\"amount\":\"50\",\"currency\":\"USD\"}]}],\"has_more\":false}";
    }
    boolean second = question.contains("page=two");
    long day = second ? 1790985600L : 1790899200L;
    return "{\"data\":[{\"start_time\":%d,\"end_time\":%d,\"results\":[{\"amount\":{\"value\":0.5,\"currency\":\"usd\"},\"line_item\":\"gpt, input\"}]}],\"has_more\":%s,\"next_page\":%s}"
        .formatted(day, day + 86_400, !second, second ? "null" : "\"two\"");
  }

  private VendorBill fetched(String kind) throws IOException {
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new VendorBills(kind, base, new Secret("sk-admin-1")).bill(DAY, DAY.plusDays(1));
  }

  @Test
  void allPagesOfOpenAisCostsAreFetchedWithTheAdminKey() throws IOException {
    VendorBill bill = fetched("openai");

    assertThat(bill.days().keySet()).containsExactly(DAY, DAY.plusDays(1));
    assertThat(asked).hasSize(3).allMatch(one -> one.contains("Bearer sk-admin-1"));
    assertThat(asked.getFirst())
        .contains(
            "/v1/organization/costs?start_time=1790899200&end_time=1791072000&bucket_width=1d");
  }

  @Test
  void anthropicsReportsAreFetchedWithTheAdminKey() throws IOException {
    VendorBill bill = fetched("anthropic");

    assertThat(bill.days().values().iterator().next().getFirst().amount())
        .isEqualTo(Money.parse("0.5 USD"));
    assertThat(asked).hasSize(2).allMatch(one -> one.endsWith("sk-admin-1"));
    assertThat(asked.getFirst())
        .contains("starting_at=2026-10-02T00:00:00Z&ending_at=2026-10-04T00:00:00Z");
  }

  @Test
  void aRefusalIsToldInTheVendorsWordsWithoutTheKey() {
    status = 401;

    assertThatThrownBy(() -> fetched("openai"))
        .hasMessage("costs: the vendor answers 401: no admin key");
    assertThatThrownBy(() -> fetched("deepseek"))
        .hasMessageContaining("cannot be fetched")
        .hasMessageNotContaining("sk-admin-1");
  }

  @Test
  void aVendorThatStopsInTheMidstOfItsAnswerIsNotWaitedForForEver() throws Exception {
    var over = new CountDownLatch(1);
    server.removeContext("/");
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("{\"data\":[".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    var bills =
        new VendorBills(
            "openai",
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            new Secret("sk-admin-1"),
            Duration.ofMillis(300));
    try {
      var fetched = CompletableFuture.supplyAsync(() -> said(bills));

      assertThat(fetched.get(60, TimeUnit.SECONDS)).contains("did not answer within 0.3 s");
    } finally {
      over.countDown();
    }
  }

  private static String said(VendorBills bills) {
    try {
      return bills.fetch(DAY, DAY).toString();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Test
  void anAnswerWithoutEndIsRefused() {
    server.removeContext("/");
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
          try (var out = exchange.getResponseBody()) {
            for (int i = 0; i <= VendorBills.PAGE_BYTES_MAX >> 20; i++) {
              out.write(blanks);
            }
          }
        });

    assertThatThrownBy(() -> fetched("openai"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("costs cannot be fetched")
        .hasMessageContaining("exceed");
  }
}
