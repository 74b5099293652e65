package dev.understudy.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class AwsEventStreamTest {

  /** Two frames of AWS's published test vectors: an empty one, and one without headers. */
  @Test
  void readsThePublishedFrames() {
    List<AwsFrame> empty = read(HexFormat.of().parseHex("000000100000000005c248eb7d98c8ff"), 99);
    assertThat(empty).singleElement().satisfies(frame -> assertThat(frame.payload()).isEmpty());

    List<AwsFrame> plain =
        read(
            HexFormat.of().parseHex("0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"),
            99);
    assertThat(plain)
        .singleElement()
        .satisfies(frame ->
            assertThat(new String(frame.payload(), StandardCharsets.UTF_8))
                .isEqualTo("{'foo':'bar'}"));
  }

  @Test
  void carriesHeadersOfEveryTypeHoweverTheBytesAreCut() {
    var headers = new LinkedHashMap<String, AwsHeader>();
    headers.put("yes", new AwsHeader.Flag(true));
    headers.put("no", new AwsHeader.Flag(false));
    headers.put("int8", new AwsHeader.Int8((byte) -1));
    headers.put("int16", new AwsHeader.Int16((short) -2));
    headers.put("int32", new AwsHeader.Int32(-3));
    headers.put("int64", new AwsHeader.Int64(Long.MIN_VALUE));
    headers.put("blob", new AwsHeader.Blob(Base64.getEncoder().encodeToString(new byte[] {0, -1})));
    headers.put("text", new AwsHeader.Text("größer"));
    headers.put("time", new AwsHeader.Timestamp(Instant.ofEpochMilli(1_764_000_000_123L)));
    headers.put("id", new AwsHeader.Id(new UUID(1, -1)));
    var out = new Bytes();
    AwsEventWriter.frame(new AwsFrame(headers, new byte[] {1, 2, 3}), out);
    AwsEventWriter.event("messageStop", Json.object().put("stopReason", "end_turn"), out);
    byte[] bytes = out.take();

    for (int size = 1; size <= bytes.length; size++) {
      List<AwsFrame> frames = read(bytes, size);
      assertThat(frames).hasSize(2);
      assertThat(frames.getFirst().headers()).isEqualTo(headers);
      assertThat(frames.getFirst().payload()).containsExactly(1, 2, 3);
      assertThat(frames.getLast().type()).isEqualTo("messageStop");
      assertThat(frames.getLast().messageType()).isEqualTo("event");
    }
  }

  @Test
  void believesNoFrameOfWhichOneBitIsWrong() {
    var out = new Bytes();
    AwsEventWriter.event("a", Json.object().put("x", 1), out);
    byte[] good = out.take();

    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> read(bad, bad.length)).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void refusesAFrameThatIsTooLongBeforeItArrives() {
    byte[] prelude = prelude(AwsEventStream.FRAME_BYTES_MAX + 1, 0);

    assertThatThrownBy(() -> read(prelude, 12)).hasMessageContaining("16777216");
  }

  @Test
  void refusesHeadersLongerThanTheirFrame() {
    assertThatThrownBy(() -> read(prelude(32, 17), 12)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> read(prelude(32, -1), 12)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> read(prelude(15, 0), 12)).isInstanceOf(Malformed.class);
  }

  @Test
  void refusesAnEndInsideAFrame() {
    var out = new Bytes();
    AwsEventWriter.event("a", Json.object(), out);
    byte[] bytes = out.take();

    for (int length = 1; length < bytes.length; length++) {
      var stream = new AwsEventStream(frame -> {});
      stream.accept(bytes, 0, length);
      assertThatThrownBy(stream::end).hasMessageContaining("inside a frame");
    }
  }

  @Test
  void writesNoFrameThatNobodyReads() {
    var tooLarge = new AwsFrame(Map.of(), new byte[AwsEventStream.FRAME_BYTES_MAX]);

    assertThatThrownBy(() -> AwsEventWriter.frame(tooLarge, new Bytes()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] prelude(int total, int headers) {
    ByteBuffer prelude = ByteBuffer.allocate(12).putInt(total).putInt(headers);
    var crc = new CRC32();
    crc.update(prelude.array(), 0, 8);
    return prelude.putInt((int) crc.getValue()).array();
  }

  private static List<AwsFrame> read(byte[] bytes, int size) {
    var frames = new ArrayList<AwsFrame>();
    var stream = new AwsEventStream(frames::add);
    for (int at = 0; at < bytes.length; at += size) {
      stream.accept(bytes, at, Math.min(size, bytes.length - at));
    }
    stream.end();
    return frames;
  }
}
