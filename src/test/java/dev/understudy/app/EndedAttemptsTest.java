package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.store.Database;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts that were over when the gateway was killed in the middle of their calls. */
final class EndedAttemptsTest {
  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");
  private static final String PIECE =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5.1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Once upon a time there was a fox\"},\"finish_reason\":null}]}\n\n";
  private static final String REST =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5.1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" and no more.\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}\n\ndata: [DONE]\n\n";

  @TempDir private Path folder;
  private final Map<String, CountDownLatch> asked = new ConcurrentHashMap<>();
  private final List<Socket> held = new ArrayList<>();
  private final CountDownLatch mayGoOn = new CountDownLatch(1);
  private ServerSocket vendor;
  private int port;
  private int adminPort;

  @BeforeEach
  void open() throws IOException {
    vendor = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    port = GatewayProcess.freePort();
    adminPort = GatewayProcess.freePort();
    Files.writeString(
        folder.resolve(GatewayProcess.SETTINGS),
        GatewayProcess.server(port, adminPort)
            + """
            vendors:
              openai: {key: a-key, url: "http://127.0.0.1:%1$d/v1", protocol: openai-chat}
              groq: {key: a-key, url: "http://127.0.0.1:%1$d/v1", protocol: openai-chat}
            routes:
              broken: {serve: openai/gpt-5.1-breaks, fallback: [groq/hangs-broken]}
              failed: {serve: openai/gpt-5.1-fails, fallback: [groq/hangs-failed]}
              hedged: {serve: openai/gpt-5.1-silent, fallback: [groq/begins-hedged], hedge: {after: 50ms}}
              whole: {serve: openai/gpt-5.1-breaks, fallback: [groq/goes-on]}
            """
                .formatted(vendor.getLocalPort()));
    for (String name : List.of("hangs-broken", "hangs-failed", "begins-hedged", "goes-on")) {
      asked.put(name, new CountDownLatch(1));
    }
  }

  @AfterEach
  void close() throws IOException {
    vendor.close();
    for (Socket socket : held) {
      socket.close();
    }
  }

  @Test
  void theyAreBookedOnceThoughTheirCallsNeverEnded() throws Exception {
    GatewayProcess gateway = GatewayProcess.start(folder, port, adminPort);
    gateway.awaitUp();
    for (String route : List.of("broken", "failed", "hedged")) {
      ask(route);
    }
    for (String name : List.of("hangs-broken", "hangs-failed", "begins-hedged")) {
      assertThat(asked.get(name).await(60, TimeUnit.SECONDS)).as(name).isTrue();
    }
    Thread.sleep(300); // the hedged call's second target has answered, and its first been given up
    gateway.kill();

    bookAgain();

    try (Database database = Database.embedded(folder.resolve("data/understudy.db"))) {
      List<Fact> facts = facts(database);
      assertThat(facts)
          .extracting(Fact::route, Fact::index, Fact::outcome)
          .containsExactlyInAnyOrder(
              Tuple.tuple("broken", 0, Attempt.Outcome.BROKEN),
              Tuple.tuple("failed", 0, Attempt.Outcome.REFUSED),
              Tuple.tuple("hedged", 0, Attempt.Outcome.ABANDONED));
      assertThat(facts)
          .filteredOn(fact -> fact.route().equals("broken"))
          .singleElement()
          .satisfies(fact -> {
            assertThat(fact.cost().orElseThrow().counted().isZero()).isFalse();
            assertThat(entries(database)).contains(fact.exchange() + "/0").doesNotHaveDuplicates();
          });
    }
  }

  @Test
  void theyAreCountedOnceWhereTheirCallsEnd() throws Exception {
    GatewayProcess gateway = GatewayProcess.start(folder, port, adminPort);
    gateway.awaitUp();
    BufferedReader reply = ask("whole");
    assertThat(asked.get("goes-on").await(60, TimeUnit.SECONDS)).isTrue();
    // The first attempt is booked before the call is over.
    gateway.until(() -> gateway.journal().contains("\"kept\":0,") && bookedNow() == 1);
    mayGoOn.countDown();
    assertThat(reply.lines().anyMatch(line -> line.contains("[DONE]"))).isTrue();
    gateway.until(() -> gateway.journal().contains("\"kept\":1,"));
    gateway.kill();

    bookAgain();

    try (Database database = Database.embedded(folder.resolve("data/understudy.db"))) {
      List<Fact> facts = facts(database);
      assertThat(facts).extracting(Fact::index).containsExactly(0, 1);
      var summed = new long[1];
      new SqlFacts(database)
          .sums(
              Instant.EPOCH,
              ALWAYS,
              Facts.Grain.WHOLE,
              sum -> summed[0] += sum.item().equals("output.text") ? sum.attempts() : 0);
      assertThat(summed[0]).isEqualTo(2);
      assertThat(entries(database)).doesNotHaveDuplicates();
    }
  }

  private void bookAgain() throws Exception {
    GatewayProcess next = GatewayProcess.start(folder, port, adminPort);
    next.awaitUp();
    next.awaitBooked();
    next.stop();
  }

  private int bookedNow() {
    try (Database database = Database.embedded(folder.resolve("data/understudy.db"))) {
      return facts(database).size();
    } catch (IOException e) {
      return 0;
    }
  }

  private static List<Fact> facts(Database database) throws IOException {
    var facts = new ArrayList<Fact>();
    new SqlFacts(database).each(Instant.EPOCH, ALWAYS, facts::add);
    return facts;
  }

  private static List<String> entries(Database database) throws IOException {
    var entries = new ArrayList<String>();
    new SqlLedgerStore(database)
        .<Integer>read(pages -> {
          for (var currency : pages.currencies()) {
            pages.each(currency, entry -> entries.add(entry.draft().event().id()), (_, _) -> {});
          }
          return 0;
        });
    return entries;
  }

  /** Asks, and leaves the connection open. */
  private BufferedReader ask(String route) throws IOException {
    var socket = new Socket("127.0.0.1", port);
    held.add(socket);
    String body =
        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Tell me of a fox\"}]}"
            .formatted(route);
    socket
        .getOutputStream()
        .write(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(body.length(), body)
                .getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private void accept() {
    while (!vendor.isClosed()) {
      try {
        Socket socket = vendor.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  /** What a vendor does stands in the model's name. */
  private void answer(Socket socket) {
    try (socket) {
      var read = new byte[64 << 10];
      int length = 0;
      String request = "";
      while (!request.endsWith("}")) {
        int more = socket.getInputStream().read(read, length, read.length - length);
        if (more < 0) {
          return;
        }
        length += more;
        request = new String(read, 0, length, StandardCharsets.US_ASCII);
      }
      String head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
      for (Map.Entry<String, CountDownLatch> one : asked.entrySet()) {
        if (request.contains("\"" + one.getKey() + "\"")) {
          one.getValue().countDown();
        }
      }
      if (request.contains("-fails\"")) {
        say(
            socket,
            "HTTP/1.1 500 No\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
      } else if (request.contains("-breaks\"")) {
        say(socket, head + PIECE);
      } else if (request.contains("\"goes-on\"")) {
        mayGoOn.await();
        say(socket, head + PIECE + REST);
      } else {
        if (request.contains("\"begins-")) {
          say(socket, head + PIECE);
        }
        Thread.sleep(60_000);
      }
    } catch (IOException e) {
      // The gateway was killed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }
}
