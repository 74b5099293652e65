package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The work on a large body holds up no other call, though all calls here share one event loop. The
 * tests take the room in which such work is done, so that it stands still for as long as they want.
 */
class LargeBodiesTest {
  private static final String LONG = "word ".repeat(100_000);

  private static String claude(String text) {
    return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude\","
        + "\"content\":[{\"type\":\"text\",\"text\":\""
        + text
        + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
        + "\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}";
  }

  @Test
  void othersAreAnsweredWhileALargeRequestWaitsForItsTurn() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, claude("Hi")));
        var house = house(vendor)) {
      Aside.ROOM.acquire(Aside.AT_ONCE);
      CompletableFuture<HttpResponse<String>> large;
      try {
        large = send(house, chat(LONG));

        assertThat(house.post("/v1/chat/completions", chat("short")).body()).contains("Hi");
        assertThat(large).isNotDone();
      } finally {
        Aside.ROOM.release(Aside.AT_ONCE);
      }

      assertThat(large.get(30, TimeUnit.SECONDS).body()).contains("Hi");
      assertThat(vendor.seen.getLast().body()).contains(LONG);
    }
  }

  @Test
  void othersAreAnsweredWhileALargeReplyWaitsForItsTurn() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, claude(LONG)));
        var house = house(vendor)) {
      Aside.ROOM.acquire(Aside.AT_ONCE);
      CompletableFuture<HttpResponse<String>> large;
      try {
        large = send(house, chat("long, please"));
        while (vendor.seen.isEmpty()) {
          Thread.sleep(5);
        }
        vendor.script(json(200, claude("Hi")));

        assertThat(house.post("/v1/chat/completions", chat("short")).body()).contains("Hi");
        assertThat(large).isNotDone();
      } finally {
        Aside.ROOM.release(Aside.AT_ONCE);
      }

      assertThat(large.get(30, TimeUnit.SECONDS).body()).contains(LONG);
    }
  }

  @Test
  void aLargeBodyThatCannotBeReadIsRefusedLikeASmallOne() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, claude("Hi")));
        var house = house(vendor)) {
      String twice = chat(LONG).replace("\"stream\":false", "\"stream\":false,\"stream\":true");

      HttpResponse<String> response = house.post("/v1/chat/completions", twice);

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("occurs twice");
      assertThat(vendor.seen).isEmpty();
      assertThat(house.gateway.openCalls()).isZero();
    }
  }

  @Test
  void aCallerWhoLeavesMeanwhileCostsNoVendorAnything() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, claude("Hi")));
        var house = house(vendor)) {
      Aside.ROOM.acquire(Aside.AT_ONCE);
      try {
        CompletableFuture<HttpResponse<String>> large = send(house, chat(LONG));
        while (house.gateway.openCalls() == 0) {
          Thread.sleep(5);
        }
        large.cancel(true);

        assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.ABANDONED);
      } finally {
        Aside.ROOM.release(Aside.AT_ONCE);
      }

      assertThat(house.post("/v1/chat/completions", chat("short")).body()).contains("Hi");
      assertThat(vendor.seen).hasSize(1);
    }
  }

  private static CompletableFuture<HttpResponse<String>> send(House house, String body) {
    return house.client.sendAsync(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + house.gateway.port() + "/v1/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static House house(ScriptedVendor vendor) throws Exception {
    return new House(
        Callers.NONE,
        List.of(),
        House.vendor("anthropic", vendor.port(), ProtocolName.ANTHROPIC_MESSAGES));
  }

  private static String chat(String text) {
    return "{\"model\":\"anthropic/claude\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(text);
  }
}
