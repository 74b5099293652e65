package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.evaluation.Answer;
import dev.understudy.evaluation.Question;
import dev.understudy.evaluation.Turn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How often an evaluation's questions are put. */
final class HttpAskerTest {
  @Test
  void anAnswerThatIsNotWaitedForAnyLongerIsNotPaidForAgain()
      throws IOException, InterruptedException {
    // Held, or they would be closed as soon as nobody refers to them.
    var connections = new CopyOnWriteArrayList<Socket>();
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                connections.add(silent.accept());
              }
            } catch (IOException e) {
              // The test is over.
            }
          });
      var asker =
          new HttpAsker(
              URI.create("http://127.0.0.1:" + silent.getLocalPort()),
              Optional.empty(),
              Duration.ofSeconds(1));

      Answer answer =
          asker.ask(
              new Question(
                  "a/b", List.of(new Turn("user", "hi")), "", new Question.Sampling(-1, 0), 0));

      assertThat(answer).isEqualTo(new Answer.Failed(408, "no answer within 1 s"));
      assertThat(connections).hasSize(1);
    }
  }
}
