package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BodiesTest {
  private static final int CALLERS = 24;
  private static final int CALLS_EACH = 60;

  private final Bodies bodies = new Bodies();

  @Test
  void givesRoomForWhatIsAskedFor() {
    for (int length = 0; length <= 2 * Bodies.LARGEST; length += 97) {
      byte[] one = bodies.take(length);
      assertThat(one.length).isGreaterThanOrEqualTo(length);
      bodies.giveBack(one);
    }
  }

  @Test
  void usesTheSameMemoryAgainAndHidesWhatWasInIt() {
    byte[] one = bodies.take(5_000);
    one[0] = 'a';
    bodies.giveBack(one);

    byte[] again = bodies.take(6_000);
    assertThat(again).isSameAs(one).containsOnly((byte) '!');
    assertThat(bodies.take(6_000)).isNotSameAs(one);
  }

  @Test
  void keepsNeitherWhatIsLargeNorTooMuch() {
    byte[] large = bodies.take(Bodies.LARGEST + 1);
    bodies.giveBack(large);
    assertThat(bodies.take(Bodies.LARGEST + 1)).isNotSameAs(large);

    List<byte[]> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(bodies.take(Bodies.LARGEST));
    }
    many.forEach(bodies::giveBack);
    int kept = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] next = bodies.take(Bodies.LARGEST);
      kept += many.stream().anyMatch(one -> one == next) ? 1 : 0;
    }
    assertThat((long) kept * Bodies.LARGEST).isPositive().isLessThanOrEqualTo(1 << 20);
  }

  /**
   * Callers who ask, leave and are served by a second vendor at the same time: no vendor sees a
   * body that nobody sent, and no caller hears what was said to another.
   */
  @Test
  void noCallHasAnythingOfAnother() throws Exception {
    Set<String> sent = ConcurrentHashMap.newKeySet();
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    var trouble = new Random(11);
    ScriptedVendor.Script first =
        (seen, socket, out) -> {
          check(seen, sent, wrong);
          switch (trouble.nextInt(8)) {
            case 0 -> out.write(ScriptedVendor.response(503, "application/json", "{}"));
            case 1 -> socket.close();
            case 2 -> {
              Thread.sleep(30);
              answer(seen, out);
            }
            default -> answer(seen, out);
          }
        };
    try (var one = new ScriptedVendor(first);
        var two =
            new ScriptedVendor((seen, _, out) -> {
              check(seen, sent, wrong);
              answer(seen, out);
            });
        var house =
            new House(
                Callers.NONE,
                List.of(House.route("assistant", "one/m", "two/m")),
                House.vendor("one", one.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("two", two.port(), ProtocolName.OPENAI_CHAT))) {
      List<Thread> callers = new ArrayList<>();
      for (int c = 0; c < CALLERS; c++) {
        int caller = c;
        callers.add(Thread.ofVirtual().start(() -> calls(house, caller, sent, wrong)));
      }
      for (Thread caller : callers) {
        caller.join(TimeUnit.SECONDS.toMillis(60));
      }
      assertThat(wrong).isEmpty();
      assertThat(sent).hasSize(CALLERS * CALLS_EACH);
      assertThat(two.seen).isNotEmpty();
    }
  }

  private static void calls(House house, int caller, Set<String> sent, Queue<String> wrong) {
    var random = new Random(caller);
    for (int i = 0; i < CALLS_EACH; i++) {
      String mark =
          caller + "-" + i + "-" + "xyz".repeat(random.nextInt(random.nextInt(12_000) + 1));
      sent.add(mark);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + house.gateway.port() + "/v1/chat/completions"))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\""
                          + mark
                          + "\"}]}"));
      if (random.nextInt(10) == 0) {
        request.timeout(Duration.ofMillis(1 + random.nextInt(20))); // a caller who leaves
      }
      try {
        HttpResponse<String> reply =
            house.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() == 200) {
          String heard = Json.parse(reply.body()).at("/choices/0/message/content").asString();
          if (!heard.equals(mark)) {
            wrong.add("asked " + mark + ", heard " + heard);
          }
        }
      } catch (IOException e) {
        // he left
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void check(ScriptedVendor.Seen seen, Set<String> sent, Queue<String> wrong) {
    if (!sent.contains(mark(seen))) {
      wrong.add("nobody sent " + seen.body());
    }
  }

  private static String mark(ScriptedVendor.Seen seen) {
    return Json.parse(seen.body()).at("/messages/0/content").asString();
  }

  private static void answer(ScriptedVendor.Seen seen, OutputStream out) throws IOException {
    out.write(
        ScriptedVendor.response(
            200,
            "application/json",
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                + mark(seen)
                + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,"
                + "\"completion_tokens\":1,\"total_tokens\":2}}"));
  }
}
