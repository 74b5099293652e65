package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.capacity.Burn;
import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.CapacityReport;
import dev.understudy.capacity.Dimension;
import dev.understudy.capacity.HeaderDialect;
import dev.understudy.capacity.Hours;
import dev.understudy.capacity.Provisioned;
import dev.understudy.capacity.Terms;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.Queue;
import dev.understudy.routing.Route;
import dev.understudy.sandbox.RateLimit;
import dev.understudy.sandbox.SandboxServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers notice of vendors' limits: as little as can be. */
final class CapacityTest {
  private static final HeaderDialect OPENAI = HeaderDialect.named("openai").orElseThrow();
  private static final HeaderDialect AZURE = HeaderDialect.named("azure").orElseThrow();

  private final SandboxServer first = SandboxServer.start("openai");
  private final SandboxServer second = SandboxServer.start("openai");

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Test
  void twoVendorsOfLimitedCapacityServeMoreThanOneCouldAndTheFirstIsUsedUp() throws Exception {
    first.limit(RateLimit.requests(600).withLeft(2));
    try (var house = house(says(OPENAI), House.route("r", "a/m", "b/m"))) {
      assertThat(house.post("/v1/chat/completions", body("warm", "")).statusCode()).isEqualTo(200);
      long began = System.nanoTime();
      var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      while (System.nanoTime() - began < 6_000_000_000L) {
        replies.add(send(house, body("hi", ""), "interactive"));
        // Half as much again as the first allows: one every 67 ms.
        TimeUnit.MILLISECONDS.sleep(67);
      }
      double seconds = (System.nanoTime() - began) / 1e9;

      assertThat(replies)
          .as("what callers see")
          .allSatisfy(
              reply -> assertThat(reply.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200));
      double allowed = Math.min(replies.size(), 12 + 10 * seconds);
      assertThat(first.takenCount() / allowed)
          .as("%d of %.0f, %d refused", first.takenCount(), allowed, first.turnedAwayCount())
          .isGreaterThanOrEqualTo(0.9);
      assertThat((double) first.turnedAwayCount() / replies.size()).isLessThan(0.1);
    }
  }

  @Test
  void newSessionsLeaveBoughtCapacityBeforeItIsFullAndComeBackWhenItHasRoom() throws Exception {
    first.limit(RateLimit.provisioned(6_000).withLeft(8));
    var bought =
        new Provisioned(6, 1_000, Burn.PLAIN, Hours.ALWAYS, 0.95, 0.92, Provisioned.Beyond.REFUSED);
    Capacity.Book book =
        (vendor, _) ->
            new Terms(
                Map.of(),
                0,
                Burn.PLAIN,
                0.2,
                AZURE,
                vendor.equals("b") ? Optional.of(bought) : Optional.empty());
    // The one that is paid for stands second, and is used first.
    var capacity = new Capacity(book, InstantSource.system());
    try (var house = house(capacity, House.route("r", "a/m", "b/m"), second, first)) {
      String session = "kept";
      int calls = 0;
      String other = "b/m";
      while (other.equals("b/m") && calls < 60) {
        assertThat(target(house, session)).isEqualTo("b/m");
        calls++;
        other = target(house, "new-" + calls);
      }

      assertThat(other).as("a new session spills").isEqualTo("a/m");
      assertThat(CapacityReport.json(capacity, Capacity.now()).toString())
          .as("and is counted")
          .contains("\"spilled\":1");
      assertThat(house.exchanges)
          .as("and its record says why")
          .anySatisfy(exchange ->
              assertThat(exchange.decision().excluded())
                  .extracting(Exclusion::target, Exclusion::rule)
                  .containsExactly(org.assertj.core.groups.Tuple.tuple("b/m", "spill")));
      assertThat(target(house, session)).as("one that is there stays").isEqualTo("b/m");
      assertThat(first.turnedAwayCount()).as("before anything is refused").isZero();
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (!target(house, "later").equals("b/m") && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
      assertThat(target(house, "later")).as("when there is room again").isEqualTo("b/m");
    }
  }

  @Test
  void callsWaitInLineInsteadOfBeingRefused() throws Exception {
    first.limit(RateLimit.requests(600).withLeft(1));
    var capacity = new Capacity(says(OPENAI), InstantSource.system());
    try (var house = house(capacity, queued(200, Duration.ofSeconds(30)), first)) {
      var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 30; i++) {
        replies.add(send(house, body("hi", ""), i % 2 == 0 ? "interactive" : "batch"));
      }

      for (var reply : replies) {
        assertThat(reply.get(40, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(capacity.line().totals().served()).isPositive();
      assertThat(capacity.line().size()).isZero();
      assertThat(capacity.line().totals().expired()).isZero();
      assertThat(
              house.exchanges.stream()
                  .flatMap(exchange -> exchange.decision().steps().stream())
                  .toList())
          .anyMatch(step -> step.matches("after \\d+\\.\\d s in the queue"));
    }
  }

  @Test
  void anErrorEventThatSaysTooMuchIsLearnedFromLikeAnErrorOfThatStatus() throws Exception {
    String error =
        "{\"error\":{\"message\":\"Rate limit reached for requests per min. Please try again in 20s."
            + "\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";
    for (String before :
        List.of(
            "",
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"So far\"}}]}\n\n")) {
      String events = before + "data: " + error + "\n\n";
      try (var vendor =
              new ScriptedVendor((seen, socket, out) ->
                  out.write(ScriptedVendor.response(200, "text/event-stream", events)));
          var house =
              new House(
                  Patience.USUAL,
                  Callers.NONE,
                  new Capacity(says(OPENAI), InstantSource.system()),
                  List.of(House.route("r", "a/m")),
                  House.vendor("a", vendor.port(), ProtocolName.OPENAI_CHAT))) {
        house.post("/v1/chat/completions", body("hi", "").replaceFirst("\\{", "{\"stream\":true,"));
        house.exchange();

        String second = house.post("/v1/chat/completions", body("hi", "")).body();

        assertThat(second).as("after " + before).contains("a/m takes no more at present");
      }
    }
  }

  @Test
  void whoWaitsTooLongHearsHowLongAndWhenToComeBack() throws Exception {
    first.faults().set("429 retry 30 times 3");
    var capacity = new Capacity(says(OPENAI), InstantSource.system());
    try (var house = house(capacity, queued(2, Duration.ofMillis(700)), first)) {
      var one = send(house, body("hi", ""), "interactive");
      HttpResponse<String> late = one.get(20, TimeUnit.SECONDS);

      assertThat(late.statusCode()).isEqualTo(429);
      assertThat(late.body())
          .contains("no target of route r had room within the 700 ms that its calls may wait")
          .contains("place 1 in its queue");
      assertThat(late.headers().firstValueAsLong("retry-after").orElse(0)).isBetween(20L, 30L);
      assertThat(capacity.line().totals().expired()).isEqualTo(1);
      assertThat(first.requestCount()).as("the vendor was left alone").isEqualTo(1);

      var waiting = List.of(send(house, body("a", ""), ""), send(house, body("b", ""), ""));
      await(() -> capacity.line().size() == 2);
      HttpResponse<String> full = send(house, body("c", ""), "").get(20, TimeUnit.SECONDS);
      assertThat(full.statusCode()).isEqualTo(429);
      assertThat(full.body()).contains("its queue is full: 2 calls wait already");
      for (var call : waiting) {
        assertThat(call.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(429);
      }
    }
  }

  @Test
  void whoLeavesGivesUpItsPlace() throws Exception {
    first.faults().set("429 retry 30");
    var capacity = new Capacity(says(OPENAI), InstantSource.system());
    try (var house = house(capacity, queued(5, Duration.ofSeconds(60)), first)) {
      var stays = send(house, body("hi", ""), "");
      var gone = send(house, body("hi", ""), "");
      await(() -> capacity.line().size() == 2);

      gone.cancel(true);

      await(() -> capacity.line().size() == 1);
      assertThat(capacity.line().totals().left()).isEqualTo(1);
      stays.cancel(true);
    }
  }

  @Test
  void batchCallsLeaveToInteractiveOnesWhatIsSetAside() throws Exception {
    Capacity.Book book =
        (_, _) ->
            new Terms(
                Map.of(Dimension.REQUESTS, 10L),
                0,
                Burn.PLAIN,
                0.5,
                HeaderDialect.NONE,
                Optional.empty());
    try (var house = house(book, House.route("r", "a/m"), first)) {
      for (int i = 0; i < 5; i++) {
        assertThat(send(house, body("hi", ""), "batch").get(20, TimeUnit.SECONDS).statusCode())
            .isEqualTo(200);
      }
      HttpResponse<String> shed = send(house, body("hi", ""), "batch").get(20, TimeUnit.SECONDS);
      assertThat(shed.statusCode()).isEqualTo(429);
      assertThat(shed.body()).contains("a/m takes no more at present: no headroom until");
      assertThat(shed.headers().firstValue("retry-after")).isPresent();
      assertThat(send(house, body("hi", ""), "interactive").get(20, TimeUnit.SECONDS).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void whatWeReckonNeverRefusesTheOnlyTargetThereIs() throws Exception {
    Capacity.Book book =
        (_, _) ->
            new Terms(
                Map.of(Dimension.REQUESTS, 2L),
                0,
                Burn.PLAIN,
                0.2,
                HeaderDialect.NONE,
                Optional.empty());
    try (var house = house(book, House.route("r", "a/m"), first)) {
      for (int i = 0; i < 4; i++) {
        assertThat(house.post("/v1/chat/completions", body("hi", "")).statusCode()).isEqualTo(200);
      }
      List<String> steps = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        var exchange = house.exchange();
        steps.addAll(exchange.decision().steps());
        if (i == 3) {
          assertThat(exchange.decision().excluded())
              .anyMatch(one ->
                  one.rule().equals("capacity")
                      && one.why().matches("no headroom until .*: requests"));
        }
      }
      assertThat(steps).contains("last resort: nobody has room");
    }
  }

  @Test
  void aVendorThatAskedToBeLeftAloneIsLeftAlone() throws Exception {
    first.faults().set("429 retry 30 times 1");
    var capacity = new Capacity(says(OPENAI), InstantSource.system());
    try (var house = house(capacity, House.route("r", "a/m", "b/m"), first, second)) {
      for (int i = 0; i < 5; i++) {
        assertThat(target(house, "")).isEqualTo("b/m");
      }
      assertThat(first.requestCount()).isEqualTo(1);
      var report = CapacityReport.json(capacity, Capacity.now());
      assertThat(report.path("allowances").path(0).path("blocked").path("cause").asString(""))
          .isEqualTo("rate");
      assertThat(report.path("allowances").path(0).path("headroom").asDouble(1)).isZero();
    }
  }

  private static void await(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it takes too long").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static Capacity.Book says(HeaderDialect dialect) {
    return (_, _) -> Terms.UNKNOWN.withHeaders(dialect);
  }

  private static Route queued(int max, Duration deadline) {
    return House.route("r", "a/m").withQueue(Optional.of(new Queue(max, deadline)));
  }

  private House house(Capacity.Book book, Route route, SandboxServer... vendors)
      throws IOException {
    return house(new Capacity(book, InstantSource.system()), route, vendors);
  }

  private House house(Capacity capacity, Route route, SandboxServer... vendors) throws IOException {
    SandboxServer a = vendors.length > 0 ? vendors[0] : first;
    SandboxServer b = vendors.length > 1 ? vendors[1] : second;
    return new House(
        Patience.USUAL,
        Callers.NONE,
        capacity,
        List.of(route),
        House.vendor("a", a.port(), ProtocolName.OPENAI_CHAT),
        House.vendor("b", b.port(), ProtocolName.OPENAI_CHAT));
  }

  private static String body(String text, String session) {
    return "{\"model\":\"r\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(
            text, session.isEmpty() ? "" : ",\"prompt_cache_key\":\"%s\"".formatted(session));
  }

  private static String target(House house, String session) {
    HttpResponse<String> reply = house.post("/v1/chat/completions", body("hi", session));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return reply.headers().firstValue("x-understudy-target").orElse("");
  }

  private static CompletableFuture<HttpResponse<String>> send(
      House house, String body, String priority) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + house.gateway.port() + "/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!priority.isEmpty()) {
      request.header("x-understudy-priority", priority);
    }
    return house.client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
