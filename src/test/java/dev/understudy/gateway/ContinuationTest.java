package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.gateway.FaultBox.Box;
import dev.understudy.routing.Route;
import dev.understudy.sandbox.Recital;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that break off in the middle and are gone on with by another vendor. */
class ContinuationTest {
  private static final String TEXT = Recital.of(60);
  private static FaultBox box;

  @BeforeAll
  static void open() throws IOException {
    var routes = new ArrayList<Route>();
    for (Box first :
        List.of(FaultBox.CHAT, FaultBox.RESPONSES, FaultBox.MESSAGES, FaultBox.GEMINI)) {
      for (Box second : FaultBox.ALL) {
        routes.add(
            FaultBox.route(
                first.name() + "-" + second.name(),
                first.target("-sandbox-recite-60-sandbox-cut-tokens-30"),
                second.target("-sandbox-recite-60-x")));
      }
    }
    box = new FaultBox(Duration.ofSeconds(5), routes);
  }

  @AfterAll
  static void close() {
    box.close();
  }

  private static HeardStream heard(ProtocolName caller, String route)
      throws IOException, InterruptedException {
    HttpResponse<String> reply = box.ask(caller, route, true, false);
    assertThat(reply.statusCode()).isEqualTo(200);
    HeardStream heard = HeardStream.of(caller, reply.body());
    assertThat(heard.complaints).as(reply.body()).isEmpty();
    return heard;
  }

  private static Exchange exchange() throws InterruptedException {
    Exchange exchange = box.exchanges.poll(10, TimeUnit.SECONDS);
    assertThat(exchange).isNotNull();
    return exchange;
  }

  @Test
  void everybodyGoesOnWithEverybodysAnswerForEveryCaller() throws Exception {
    for (ProtocolName caller : FaultBox.CALLERS) {
      for (Box first :
          List.of(FaultBox.CHAT, FaultBox.RESPONSES, FaultBox.MESSAGES, FaultBox.GEMINI)) {
        for (Box second : FaultBox.ALL) {
          box.exchanges.clear();
          HeardStream heard = heard(caller, first.name() + "-" + second.name());
          assertThat(heard.error).as("%s: %s then %s", caller, first, second).isEmpty();
          assertThat(heard.text.toString())
              .as("%s: %s then %s", caller, first, second)
              .isEqualTo(TEXT);
          assertThat(heard.ended).isTrue();
          assertThat(heard.answeredBy).contains(first.name() + "/").contains(second.name() + "/");
          Exchange exchange = exchange();
          assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
          assertThat(exchange.attempts())
              .extracting(Attempt::outcome)
              .containsExactly(Attempt.Outcome.BROKEN, Attempt.Outcome.ANSWERED);
          Attempt broken = exchange.attempts().getFirst();
          Attempt whole = exchange.attempts().getLast();
          assertThat(broken.usage().estimated()).isTrue();
          assertThat(whole.usage().estimated()).isFalse();
          assertThat(heard.outputTokens)
              .isEqualTo(broken.usage().tokens().output() + whole.usage().tokens().output());
        }
      }
    }
  }
}
