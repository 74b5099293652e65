package dev.understudy.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SseReaderTest {

  private static List<String> read(byte[] bytes, int step) {
    var heard = new ArrayList<String>();
    var reader =
        new SseReader(
            new SseReader.Listener() {
              @Override
              public void event(String name, byte[] data, int offset, int length) {
                heard.add(name + "|" + new String(data, offset, length, StandardCharsets.UTF_8));
              }

              @Override
              public void comment() {
                heard.add(":");
              }
            });
    for (int at = 0; at < bytes.length; at += step) {
      reader.accept(bytes, at, Math.min(step, bytes.length - at));
    }
    reader.end();
    return heard;
  }

  private static List<String> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE / 2);
  }

  @Test
  void readsLinesHoweverTheyEnd() {
    assertThat(read("data: a\n\ndata: b\n\n")).containsExactly("|a", "|b");
    assertThat(read("data: a\r\n\r\ndata: b\r\n\r\n")).containsExactly("|a", "|b");
    assertThat(read("data: a\r\rdata: b\r\r")).containsExactly("|a", "|b");
    assertThat(read("data: a\r\n\ndata: b\n\r\n")).containsExactly("|a", "|b");
  }

  @Test
  void joinsSeveralDataLinesAndTakesOneSpaceAway() {
    assertThat(read("data: a\ndata:  b\ndata\ndata:c\n\n")).containsExactly("|a\n b\n\nc");
  }

  @Test
  void namesAnEventOnceAndSkipsWhatMeansNothing() {
    assertThat(read("event: error\nid: 7\nretry: 10\ndata: a\n\ndata: b\n\n"))
        .containsExactly("error|a", "|b");
    assertThat(read("event: lonely\n\ndata: b\n\n")).containsExactly("|b");
    assertThat(read("database: x\ndata: b\n\n")).containsExactly("|b");
  }

  @Test
  void tellsCommentsAndSkipsAByteOrderMark() {
    assertThat(read("\uFEFFdata: a\n\n: still here\n\n:\ndata: b\n\n"))
        .containsExactly("|a", ":", ":", "|b");
  }

  @Test
  void aByteOrderMarkIsOneAtTheVeryBeginningOnly() {
    assertThat(read("data: a\n\n\uFEFFdata: b\n\ndata: c\n\n")).containsExactly("|a", "|c");
  }

  @Test
  void deliversALastEventWithoutItsEmptyLine() {
    assertThat(read("data: a")).containsExactly("|a");
    assertThat(read("data: a\n")).containsExactly("|a");
    assertThat(read("")).isEmpty();
  }

  @Property(tries = 300)
  void hearsTheSameHoweverTheBytesAreCut(
      @ForAll("streams") String stream, @ForAll @IntRange(min = 1, max = 9) int step) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);

    assertThat(read(bytes, step)).isEqualTo(read(bytes, Math.max(1, bytes.length)));
  }

  @Provide
  Arbitrary<String> streams() {
    return Arbitraries.of(
            "\n", "\r", "\r\n", "data:", "data: ", "event: ", ":", "é€😀", "x", "\uFEFF", " ", "id")
        .list()
        .ofMaxSize(40)
        .map(pieces -> String.join("", pieces));
  }

  @Test
  void writesEventsThatItReads() {
    var out = new Bytes();
    out.event(Json.object().put("a", 1)).event("done", Json.object()).text(": beat\n\n");

    assertThat(out.array().length).isGreaterThanOrEqualTo(out.size());
    assertThat(read(out.take(), 1)).containsExactly("|{\"a\":1}", "done|{}", ":");
    assertThat(out.size()).isZero();
  }
}
