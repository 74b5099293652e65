package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.rollout.Readings;
import dev.understudy.rollout.Seeing;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Split;
import dev.understudy.routing.Splits;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import dev.understudy.sandbox.Sandbox;
import dev.understudy.sandbox.SandboxProfile;
import dev.understudy.sandbox.SandboxSettings;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.NoCredential;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.VendorSpec;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers and vendors notice of a route that is under a trial. */
final class TrialsTest {
  private static final RouteTarget CANDIDATE =
      RouteTarget.of(new Target("anthropic", "claude-sonnet-4-5"));
  private static final RouteTarget INCUMBENT = RouteTarget.of(new Target("openai", "gpt-5.1"));

  private final BlockingQueue<Exchange> served = new LinkedBlockingQueue<>();
  private final BlockingQueue<Turn> turns = new LinkedBlockingQueue<>();
  private final BlockingQueue<Twin> twins = new LinkedBlockingQueue<>();
  private Sandbox box;
  private House house;

  @BeforeEach
  void open() throws Exception {
    box =
        Sandbox.start(
            new SandboxSettings(
                List.of(SandboxProfile.of("openai"), SandboxProfile.of("anthropic"))));
    house =
        new House(
            Callers.NONE,
            List.of(House.route("assistant", "openai/gpt-5.1")),
            vendor("openai", ProtocolName.OPENAI_CHAT),
            vendor("anthropic", ProtocolName.ANTHROPIC_MESSAGES));
    house.gateway.heed(hearing());
  }

  private Trials hearing() {
    return new Trials() {
      @Override
      public boolean wantsCopy(Split split, long session) {
        return true;
      }

      @Override
      public void served(Split split, Turn turn, long session, Exchange exchange) {
        served.add(exchange);
        turns.add(turn);
      }

      @Override
      public void copied(Twin twin) {
        twins.add(twin);
      }
    };
  }

  private Vendor vendor(String name, ProtocolName protocol) {
    var catalogue = Catalogue.load();
    return new VendorSpec(
            name,
            catalogue.kind(name).orElseThrow(),
            List.of(protocol),
            BaseUrl.of(box.url(name)),
            List.of(new NoCredential()),
            Map.of(),
            Map.of(),
            Optional.empty(),
            House.TIMEOUTS,
            List.of())
        .vendor(catalogue);
  }

  @AfterEach
  void close() {
    house.close();
    box.close();
  }

  private void split(double share, Optional<Split.Copying> copying) {
    house.gateway.replace(
        new Splits(
            Map.of(
                "assistant",
                new Split("r1", "mai", CANDIDATE, share, Affinity.CONVERSATION, copying))));
  }

  private static Optional<Split.Copying> copying(RouteTarget to, Purpose purpose) {
    return Optional.of(new Split.Copying(to, 1, purpose, 4, 10));
  }

  private HttpResponse<String> ask(String text, String more) {
    return house.post(
        "/v1/chat/completions",
        "{\"model\": \"assistant\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]%s}"
            .formatted(text, more));
  }

  private static String target(HttpResponse<String> reply) {
    return reply.headers().firstValue("x-understudy-target").orElse("");
  }

  @Test
  void aSuitesQuestionsAreNoTrafficOfATrial() throws Exception {
    split(1, copying(CANDIDATE, Purpose.SHADOW));
    HttpResponse<String> asked =
        house.post(
            "/v1/chat/completions",
            "{\"model\": \"assistant\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}",
            "x-understudy-purpose",
            "qualification");

    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(target(asked)).isNotEqualTo(CANDIDATE.name());
    Exchange told = house.exchange();
    assertThat(told.purpose()).isEqualTo(Purpose.QUALIFICATION);
    assertThat(told.decision().rule()).doesNotContain("rollout");

    // Nobody can call himself a shadow, whose calls are not billed.
    for (String other : new String[] {"shadow", "judge", "rehearsal", "", "x"}) {
      house.post(
          "/v1/chat/completions",
          "{\"model\": \"mai/mai-1\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}",
          "x-understudy-purpose",
          other);
      assertThat(house.exchange().purpose()).isEqualTo(Purpose.CALL);
    }
  }

  private Twin twin() throws InterruptedException {
    Twin twin = twins.poll(10, TimeUnit.SECONDS);
    if (twin == null) {
      throw new AssertionError("nothing was copied");
    }
    return twin;
  }

  @Test
  void whoIsWithTheCandidateAtASmallShareIsSoAtEveryLargerOne() {
    var before = new HashSet<Integer>();
    for (double share : new double[] {0, 0.05, 0.25, 1}) {
      split(share, Optional.empty());
      var chosen = new HashSet<Integer>();
      for (int i = 0; i < 100; i++) {
        if (target(ask("talk " + i, "")).equals(CANDIDATE.name())) {
          chosen.add(i);
        }
      }
      assertThat(chosen).containsAll(before);
      assertThat(chosen.size() / 100.0).isBetween(share - 0.17, share + 0.17);
      before = chosen;
    }
    assertThat(before).hasSize(100);
  }

  @Test
  void aConversationStaysWhereItBegan() {
    split(0.5, Optional.empty());
    for (int i = 0; i < 20; i++) {
      String first = target(ask("talk " + i, ""));
      HttpResponse<String> later =
          house.post(
              "/v1/chat/completions",
              """
              {"model": "assistant", "messages": [{"role": "user", "content": "talk %d"},
               {"role": "assistant", "content": "yes"}, {"role": "user", "content": "go on"}]}
              """
                  .formatted(i));
      assertThat(target(later)).isEqualTo(first);
    }
  }

  @Test
  void nobodyFailsForACandidateThatFailsOrRefuses() throws Exception {
    split(1, Optional.empty());
    for (String fault : new String[] {"500", "400", "422", "503", "malformed"}) {
      box.server("anthropic").faults().set(fault + " times 1");

      HttpResponse<String> reply = ask("hello", "");

      assertThat(reply.statusCode()).as(fault).isEqualTo(200);
      assertThat(target(reply)).isEqualTo(INCUMBENT.name());
      Exchange exchange = served.poll(10, TimeUnit.SECONDS);
      assertThat(exchange).isNotNull();
      Turn turn = turn();
      assertThat(turn.target()).isEqualTo(CANDIDATE.name());
      assertThat(Seeing.of(exchange, turn.target(), turn.passedOver()))
          .map(Readings::error)
          .as(fault)
          .contains(1.0);
      assertThat(exchange.decision().rule())
          .startsWith("rollout mai: anthropic/claude-sonnet-4-5 first; ");
    }
  }

  private Turn turn() throws InterruptedException {
    Turn turn = turns.poll(10, TimeUnit.SECONDS);
    if (turn == null) {
      throw new AssertionError("nobody heard whose turn it was");
    }
    return turn;
  }

  @Test
  void aCandidateThatItsFailingKeepsOutHasFailedWhoeverAnsweredInItsPlace() throws Exception {
    for (String fault : new String[] {"500", "503", "529", "401", "402", "reset"}) {
      close();
      open();
      split(1, Optional.empty());
      box.server("anthropic").faults().set(fault);
      int keptOut = 0;

      for (int i = 0; i < 10; i++) {
        HttpResponse<String> reply = ask("talk " + i, "");
        assertThat(reply.statusCode()).as(fault).isEqualTo(200);
        Turn turn = turn();
        Exchange exchange = served.poll(10, TimeUnit.SECONDS);
        assertThat(exchange).isNotNull();
        assertThat(turn.target()).as(fault).isEqualTo(CANDIDATE.name());
        assertThat(Seeing.of(exchange, turn.target(), turn.passedOver()).map(Readings::error))
            .as("%s, call %d: %s", fault, i, exchange.decision())
            .contains(1.0);
        keptOut += turn.passedOver() ? 1 : 0;
      }

      assertThat(keptOut).as(fault).isBetween(3, 9);
    }
  }

  @Test
  void anIncumbentThatItsFailingKeepsOutHasFailedJustSo() throws Exception {
    house.close();
    house =
        new House(
            Callers.NONE,
            List.of(House.route("assistant", "openai/gpt-5.1", "anthropic/claude-haiku-4-5")),
            vendor("openai", ProtocolName.OPENAI_CHAT),
            vendor("anthropic", ProtocolName.ANTHROPIC_MESSAGES));
    house.gateway.heed(hearing());
    split(0, Optional.empty());
    for (String fault : new String[] {"500", "503", "401"}) {
      box.server("openai").faults().set(fault);
      for (int i = 0; i < 10; i++) {
        assertThat(ask("talk " + i, "").statusCode()).isEqualTo(200);
        Turn turn = turn();
        Exchange exchange = served.poll(10, TimeUnit.SECONDS);
        assertThat(exchange).isNotNull();
        assertThat(turn.target()).as(fault).isEqualTo(INCUMBENT.name());
        assertThat(Seeing.of(exchange, turn.target(), turn.passedOver()).map(Readings::error))
            .as("%s, call %d: %s", fault, i, exchange.decision())
            .contains(1.0);
      }
    }
  }

  @Test
  void aTargetThatARuleOrChancePutsSecondHasNotFailed() throws Exception {
    house.close();
    house =
        new House(
            Callers.NONE,
            List.of(
                new Route(
                    "assistant",
                    List.of(
                        new Tier(
                            List.of(
                                INCUMBENT,
                                RouteTarget.of(new Target("anthropic", "claude-haiku-4-5"))),
                            Balance.WEIGHTED,
                            Affinity.NONE,
                            Optional.empty())))),
            vendor("openai", ProtocolName.OPENAI_CHAT),
            vendor("anthropic", ProtocolName.ANTHROPIC_MESSAGES));
    house.gateway.heed(hearing());
    split(0, Optional.empty());
    for (int i = 0; i < 20; i++) {
      String by = target(ask("talk " + i, ""));

      assertThat(turn()).isEqualTo(new Turn(false, by, false, false, false));
    }
  }

  @Test
  void aCopyThatAGateKeepsFromACandidateForItsFailingIsAFailureToo() throws Exception {
    split(0, copying(CANDIDATE, Purpose.SHADOW));
    box.server("anthropic").faults().set("503 retry 60");

    for (int i = 0; i < 4; i++) {
      assertThat(ask("talk " + i, "").statusCode()).isEqualTo(200);
      Twin twin = twin();

      assertThat(twin.isCopyKeptOut()).isEqualTo(i > 0);
      assertThat(
              Seeing.of(twin.copied(), twin.copiedTo(), twin.isCopyKeptOut()).map(Readings::error))
          .contains(1.0);
    }
  }

  @Test
  void aCandidateThatHasNoRoomHasFailedTheCallsThatOthersAnsweredInItsPlace() throws Exception {
    split(1, Optional.empty());
    box.server("anthropic").faults().set("429 retry 60");

    for (int i = 0; i < 5; i++) {
      assertThat(target(ask("talk " + i, ""))).isEqualTo(INCUMBENT.name());
      Turn turn = turn();
      Exchange exchange = served.poll(10, TimeUnit.SECONDS);
      assertThat(exchange).isNotNull();

      assertThat(turn.target()).isEqualTo(CANDIDATE.name());
      assertThat(turn.withoutRoom()).as("call %d: %s", i, exchange.decision()).isEqualTo(i > 0);
      assertThat(turn.passedOver()).isFalse();
      assertThat(
              Seeing.inTurn(exchange, turn.target(), turn.passedOver(), turn.withoutRoom())
                  .map(Readings::error))
          .contains(1.0);
    }
  }

  @Test
  void anIncumbentThatHasNoRoomHasFailedJustSoButItsStandInIsWhatACopyIsComparedWith()
      throws Exception {
    house.close();
    house =
        new House(
            Callers.NONE,
            List.of(House.route("assistant", "openai/gpt-5.1", "anthropic/claude-haiku-4-5")),
            vendor("openai", ProtocolName.OPENAI_CHAT),
            vendor("anthropic", ProtocolName.ANTHROPIC_MESSAGES));
    house.gateway.heed(hearing());
    split(0, Optional.empty());
    box.server("openai").faults().set("429 retry 60");
    ask("the one that shows it", "");
    turn();
    served.take();

    ask("talk", "");
    Turn turn = turn();
    Exchange exchange = served.take();

    assertThat(turn).isEqualTo(new Turn(false, "anthropic/claude-haiku-4-5", false, true, false));
    assertThat(Seeing.inTurn(exchange, turn.target(), false, true).map(Readings::error))
        .contains(1.0);
    assertThat(Seeing.of(exchange, turn.target(), false).map(Readings::error)).contains(0.0);
  }

  @Test
  void whatBothRefuseIsNobodysFault() throws Exception {
    split(1, Optional.empty());
    box.server("anthropic").faults().set("400");
    box.server("openai").faults().set("400");

    assertThat(ask("hello", "").statusCode()).isEqualTo(400);

    Exchange exchange = served.poll(10, TimeUnit.SECONDS);
    assertThat(exchange).isNotNull();
    assertThat(Seeing.of(exchange, CANDIDATE.name(), false)).isEmpty();
  }

  @Test
  void aCallIsPutToTheCandidateTooInItsOwnProtocolAndOnNobodysAccount() throws Exception {
    split(0, copying(CANDIDATE, Purpose.SHADOW));

    HttpResponse<String> reply =
        ask(
            "weather in Paris",
            """
            , "stream": true, "tools": [{"type": "function", "function": {"name": "weather",
             "parameters": {"type": "object", "properties": {"city": {"type": "string"}},
             "required": ["city"]}}}]
            """);
    Twin twin = twin();

    assertThat(target(reply)).isEqualTo(INCUMBENT.name());
    assertThat(twin.copied().purpose()).isEqualTo(Purpose.SHADOW);
    assertThat(twin.copied().attempts())
        .extracting(Attempt::target)
        .containsExactly(CANDIDATE.name());
    assertThat(twin.copied().outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
    assertThat(twin.served().id()).isNotEqualTo(twin.copied().id());
    var asked = twin.request().orElseThrow();
    var copied = twin.copiedReply().orElseThrow();
    assertThat(twin.servedReply()).isPresent();
    Readings seen =
        Seeing.with(
            Seeing.of(twin.copied(), CANDIDATE.name(), false).orElseThrow(),
            asked,
            copied,
            _ -> false);
    assertThat(seen.misformed()).isEqualTo(0);
    assertThat(seen.error()).isEqualTo(0);
    assertThat(seen.millis()).isPositive();
    assertThat(List.of(house.exchange().purpose(), house.exchange().purpose()))
        .containsExactlyInAnyOrder(Purpose.CALL, Purpose.SHADOW);
    assertThat(served).isEmpty();
  }

  @Test
  void aCopyThatFailsIsTheCandidatesErrorAndTheCallersCallIsAsItWas() throws Exception {
    split(0, copying(CANDIDATE, Purpose.SHADOW));
    box.server("anthropic").faults().set("500");

    assertThat(ask("hello", "").statusCode()).isEqualTo(200);
    Twin twin = twin();

    assertThat(twin.copiedReply()).isEmpty();
    assertThat(Seeing.of(twin.copied(), CANDIDATE.name(), false).map(Readings::error))
        .contains(1.0);
    assertThat(Seeing.of(twin.served(), INCUMBENT.name(), false).map(Readings::error))
        .contains(0.0);
  }

  @Test
  void afterAPromotionTheOldIncumbentIsRehearsed() throws Exception {
    split(1, copying(INCUMBENT, Purpose.REHEARSAL));

    assertThat(target(ask("hello", ""))).isEqualTo(CANDIDATE.name());

    Twin twin = twin();
    assertThat(twin.copied().purpose()).isEqualTo(Purpose.REHEARSAL);
    assertThat(twin.copied().attempts().getFirst().target()).isEqualTo(INCUMBENT.name());
  }

  @Test
  void copiesThatFindNoRoomAreCallsLikeOthers() throws Exception {
    split(0, Optional.of(new Split.Copying(CANDIDATE, 1, Purpose.SHADOW, 1, 2)));
    box.server("anthropic").faults().set("stall");

    for (int i = 0; i < 10; i++) {
      assertThat(ask("talk " + i, "").statusCode()).isEqualTo(200);
    }

    for (int i = 0; i < 7; i++) {
      assertThat(served.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(turn().noted()).isTrue();
    }
    assertThat(served).isEmpty();
  }

  @Test
  void aCopyBeginsOnlyOnceItsCallerIsServedAndKeepsNobodyWaiting() throws Exception {
    var rest = new CountDownLatch(1);
    String whole =
        """
        {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-5.1",
         "choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"},
          "finish_reason": "stop"}]}
        """;
    byte[] reply = ScriptedVendor.response(200, "application/json", whole);
    try (var incumbent =
            new ScriptedVendor((_, _, out) -> {
              out.write(reply, 0, reply.length / 2);
              out.flush();
              rest.await();
              out.write(reply, reply.length / 2, reply.length - reply.length / 2);
            });
        var candidate = new ScriptedVendor((_, _, _) -> Thread.sleep(60_000));
        var served =
            new House(
                Callers.NONE,
                List.of(House.route("assistant", "openai/gpt-5.1")),
                House.vendor("openai", incumbent.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("anthropic", candidate.port(), ProtocolName.OPENAI_CHAT))) {
      served.gateway.heed(hearing());
      served.gateway.replace(
          new Splits(
              Map.of(
                  "assistant",
                  new Split(
                      "r1",
                      "mai",
                      CANDIDATE,
                      0,
                      Affinity.CONVERSATION,
                      copying(CANDIDATE, Purpose.SHADOW)))));
      var first =
          CompletableFuture.supplyAsync(() ->
              served.post("/v1/chat/completions", "{\"model\": \"assistant\", \"messages\": []}"));
      while (incumbent.seen.isEmpty()) {
        Thread.sleep(5);
      }
      Thread.sleep(200);
      assertThat(candidate.seen).isEmpty();

      rest.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      while (candidate.seen.isEmpty()) {
        Thread.sleep(5);
      }
      // The candidate says nothing, to four copies at once, and callers know nothing of it.
      for (int i = 0; i < 50; i++) {
        assertThat(
                served
                    .post("/v1/chat/completions", "{\"model\": \"assistant\", \"messages\": []}")
                    .statusCode())
            .isEqualTo(200);
      }
      assertThat(candidate.seen).hasSize(4);
      assertThat(this.served).hasSize(51 - 4 - 10);
    }
  }

  @Test
  void otherRoutesAreAsTheyWere() throws Exception {
    split(1, copying(INCUMBENT, Purpose.REHEARSAL));

    HttpResponse<String> reply =
        house.post(
            "/v1/chat/completions",
            """
            {"model": "openai/gpt-5.1", "messages": [{"role": "user", "content": "hello"}]}
            """);

    assertThat(target(reply)).isEqualTo(INCUMBENT.name());
    assertThat(house.exchange().purpose()).isEqualTo(Purpose.CALL);
    assertThat(twins.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }
}
