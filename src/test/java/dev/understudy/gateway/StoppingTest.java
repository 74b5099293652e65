package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.chunk;
import static dev.understudy.gateway.ScriptedVendor.json;
import static dev.understudy.gateway.ScriptedVendor.streamHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A gateway that is stopped while calls are under way. */
class StoppingTest {
  private static final Map<String, ProtocolName> DOORS =
      Map.of(
          "/v1/chat/completions", ProtocolName.OPENAI_CHAT,
          "/v1/responses", ProtocolName.OPENAI_RESPONSES,
          "/v1/messages", ProtocolName.ANTHROPIC_MESSAGES,
          "/v1beta/models/a/m:streamGenerateContent?alt=sse", ProtocolName.GEMINI);

  private static final String WISH =
      "{\"model\":\"a/m\",\"max_tokens\":9,\"stream\":%s,\"input\":\"x\","
          + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  private static final String GEMINI_WISH =
      "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}";

  private static final String EVENT =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"},"
          + "\"finish_reason\":null}]}\n\n";

  private static final String ANSWER =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
          + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},"
          + "\"finish_reason\":\"stop\"}]}";

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  @Test
  void whoHasHalfAStreamHearsThatItIsNotWhole() throws Exception {
    for (var door : DOORS.entrySet()) {
      var begun = new CountDownLatch(1);
      var heardAll = new CountDownLatch(1);
      try (var vendor =
              new ScriptedVendor((seen, socket, out) -> {
                streamHead(out);
                chunk(out, EVENT);
                begun.countDown();
                heardAll.await();
              });
          var house = house(vendor);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        String wish =
            door.getValue().equals(ProtocolName.GEMINI) ? GEMINI_WISH : WISH.formatted("true");
        Future<HttpResponse<String>> reply = threads.submit(() -> house.post(door.getKey(), wish));
        begun.await();
        // What the vendor said is with the caller once the head is.
        for (int i = 0; i < 500 && house.gateway.openCalls() == 0; i++) {
          Thread.sleep(20);
        }

        house.gateway.close(Duration.ofMillis(500));

        HeardStream heard = HeardStream.of(door.getValue(), reply.get().body());
        assertThat(heard.text).hasToString("Hel");
        assertThat(heard.error).contains("the gateway is stopping");
        Exchange exchange = house.exchange();
        assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.BROKEN);
        assertThat(exchange.attempts().getFirst().detail().orElseThrow()).contains("stopping");
        assertThat(exchange.usage().estimated()).isTrue();
        heardAll.countDown();
      }
    }
  }

  @Test
  void whoHasNothingYetIsRefusedAndMayAskAnother() throws Exception {
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              asked.countDown();
              over.await();
            });
        var house = house(vendor);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> reply =
          threads.submit(() -> house.post("/v1/messages", WISH.formatted("false")));
      asked.await();

      house.gateway.close(Duration.ZERO);

      assertThat(reply.get().statusCode()).isEqualTo(503);
      assertThat(reply.get().headers().firstValue("retry-after")).contains("1");
      assertThat(reply.get().body()).contains("\"overloaded_error\"", "the gateway is stopping");
      over.countDown();
    }
  }

  @Test
  void onAKeptConnectionNothingMoreIsTakenWhileOthersFinish() throws Exception {
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              asked.countDown();
              over.await();
              json(200, ANSWER).play(seen, socket, out);
            });
        var house = house(vendor);
        var idle = new Raw(house.gateway.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(idle.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").reply().status())
          .isEqualTo(200);
      Future<HttpResponse<String>> reply =
          threads.submit(() -> house.post("/v1/chat/completions", WISH.formatted("false")));
      asked.await();

      Future<?> closing = threads.submit(() -> house.gateway.close(Duration.ofSeconds(30)));
      assertThat(idle.rest()).isEmpty(); // which ends with the connection
      over.countDown();

      assertThat(reply.get().statusCode()).isEqualTo(200);
      closing.get();
    }
  }

  private static House house(ScriptedVendor vendor) throws Exception {
    return new House(
        Callers.NONE, List.of(), House.vendor("a", vendor.port(), ProtocolName.OPENAI_CHAT));
  }
}
