package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class UsageFramesTest {
  private static final String TEXT =
      "data: {\"choices\":[{\"delta\":{\"content\":\"a \\\"usage\\\": {\"}}],\"usage\":null}";
  private static final String USAGE = "data: {\"choices\": [ ], \"usage\": {\"prompt_tokens\":3}}";
  private static final String BOTH =
      "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":3}}";
  private static final String NESTED = "data: {\"choices\":[],\"x\":{\"usage\":{}},\"usage\":null}";
  private static final String LONG =
      "data: {\"choices\":[{}],\"usage\":{},\"padding\":\"" + "x".repeat(70_000) + "\"}";
  private static final String DONE = "data: [DONE]";
  private static final String NAMED = "event: x\r\nid: 1\r\n" + TEXT;

  private static final List<String> FRAMES =
      List.of(TEXT, USAGE, BOTH, NESTED, DONE, NAMED, ": ping", "", LONG);

  @Property(tries = 500)
  void withholdsUsageAndNothingElseHoweverTheStreamIsCut(
      @ForAll @Size(max = 8) List<@IntRange(max = 8) Integer> frames,
      @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 200) Integer> cuts,
      @ForAll boolean carriageReturns,
      @ForAll boolean endsWhole) {
    String lineEnd = carriageReturns ? "\r\n" : "\n";
    var stream = new StringBuilder();
    var expected = new StringBuilder();
    for (int i = 0; i < frames.size(); i++) {
      String frame = FRAMES.get(frames.get(i));
      boolean whole = endsWhole || i + 1 < frames.size();
      String written = frame + lineEnd + (whole ? lineEnd : "");
      stream.append(written);
      if (!frame.equals(USAGE)) {
        expected.append(written);
      }
    }

    assertThat(passed(stream.toString(), cuts)).isEqualTo(expected.toString());
  }

  @Test
  void passesAFrameOnAsSoonAsItIsWhole() {
    var frames = new UsageFrames();
    var out = new ByteArrayOutputStream();
    byte[] bytes =
        (TEXT + "\n\n" + USAGE + "\n\n" + TEXT + "\n\ndata: {").getBytes(StandardCharsets.UTF_8);

    frames.accept(bytes, 0, bytes.length, out::write);

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(TEXT + "\n\n" + TEXT + "\n\n");
  }

  private static String passed(String stream, List<Integer> cuts) {
    var frames = new UsageFrames();
    var out = new ByteArrayOutputStream();
    byte[] bytes = ("xyz" + stream).getBytes(StandardCharsets.UTF_8);
    int at = 3;
    for (int cut : cuts) {
      int length = Math.min(cut, bytes.length - at);
      frames.accept(bytes, at, length, out::write);
      at += length;
    }
    frames.accept(bytes, at, bytes.length - at, out::write);
    frames.end(out::write);
    return out.toString(StandardCharsets.UTF_8);
  }
}
