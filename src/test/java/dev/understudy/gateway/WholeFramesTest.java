package dev.understudy.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.wire.Bytes;
import org.junit.jupiter.api.Test;

/** Events that go on only when they are whole. */
class WholeFramesTest {

  private static String passed(WholeFrames frames, String bytes) {
    var out = new Bytes();
    byte[] all = bytes.getBytes(UTF_8);
    frames.accept(all, 0, all.length, out::write);
    return out.toString(UTF_8);
  }

  @Test
  void everyCutPassesTheSameBytesAndEndsAtAnEmptyLine() {
    String stream =
        "event: a\ndata: {\"x\":1}\n\ndata: é😀\r\n\r\n: hm\n\ndata: 1\ndata: 2\n\nid: 3\r\ndata: 4\r\n\r\n";
    byte[] bytes = stream.getBytes(UTF_8);
    for (int step = 1; step <= bytes.length; step++) {
      var frames = new WholeFrames();
      var all = new Bytes();
      for (int at = 0; at < bytes.length; at += step) {
        frames.accept(
            bytes,
            at,
            Math.min(step, bytes.length - at),
            (piece, offset, length) -> {
              String text = new String(piece, offset, length, UTF_8);
              assertThat(text).matches("(?s).*\n\r?\n");
              all.write(piece, offset, length);
            });
      }
      assertThat(all.toString(UTF_8)).as("in steps of %d", step).isEqualTo(stream);
    }
  }

  @Test
  void halfAnEventWaitsAndIsGivenAtTheEnd() {
    var frames = new WholeFrames();

    assertThat(passed(frames, "data: 1\n\ndata: {\"a")).isEqualTo("data: 1\n\n");
    assertThat(passed(frames, "\": 1}\n")).isEmpty();
    var rest = new Bytes();
    frames.end(rest::write);
    assertThat(rest.toString(UTF_8)).isEqualTo("data: {\"a\": 1}\n");
  }

  @Test
  void anEventWithoutEndIsNotHeldForEver() {
    var frames = new WholeFrames();
    String piece = "data: " + "x".repeat(200_000);
    int passed = 0;
    for (int i = 0; i < 10; i++) {
      passed += passed(frames, piece).length();
    }

    assertThat(passed).isGreaterThan(1_000_000);
  }
}
