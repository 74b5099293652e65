package dev.understudy.protocol.wire;

import dev.understudy.json.Malformed;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Cuts a stream of bytes into AWS event-stream frames ({@code application/vnd.amazon.eventstream}),
 * however it arrives.
 *
 * <p>A frame is its total length, the length of its headers, a CRC-32 of these eight bytes, the
 * headers, the payload and a CRC-32 of everything before it, all numbers big-endian. Both checksums
 * are checked before a frame is believed.
 */
public final class AwsEventStream {
  /** Longest frame that is read, in bytes; a longer one is an error of the stream. */
  public static final int FRAME_BYTES_MAX = 16 << 20;

  /** Most bytes of headers that a frame may have. */
  public static final int HEADER_BYTES_MAX = 128 << 10;

  static final int PRELUDE_BYTES = 12;
  static final int CHECKSUM_BYTES = 4;

  private final Consumer<AwsFrame> frames;
  private byte[] pending = new byte[1024];
  private int filled;

  public AwsEventStream(Consumer<AwsFrame> frames) {
    this.frames = frames;
  }

  /**
   * Takes the next bytes.
   *
   * @throws Malformed if a length is out of bounds, a checksum is wrong or a header cannot be read;
   *     nothing after that can be read
   */
  public void accept(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (filled == 0 && end - from >= PRELUDE_BYTES) {
        int total = frameLength(bytes, from);
        if (end - from >= total) {
          frame(bytes, from, total);
          from += total;
          continue;
        }
      }
      from += gather(bytes, from, end - from);
    }
  }

  /**
   * The stream ended.
   *
   * @throws Malformed if it ended inside a frame
   */
  public void end() {
    if (filled > 0) {
      throw new Malformed("", "the event stream ends inside a frame");
    }
  }

  /** Takes as much of a frame as there is, and tells it once it is whole; returns what it took. */
  private int gather(byte[] bytes, int from, int available) {
    int wanted = filled < PRELUDE_BYTES ? PRELUDE_BYTES - filled : frameLength(pending, 0) - filled;
    int taken = Math.min(wanted, available);
    if (filled + taken > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(filled + taken, pending.length * 2));
    }
    System.arraycopy(bytes, from, pending, filled, taken);
    filled += taken;
    if (filled >= PRELUDE_BYTES) {
      int total = frameLength(pending, 0);
      if (filled == total) {
        filled = 0;
        frame(pending, 0, total);
      }
    }
    return taken;
  }

  /** The length of the frame whose prelude begins here, once the prelude's checksum holds. */
  private static int frameLength(byte[] bytes, int from) {
    ByteBuffer prelude = ByteBuffer.wrap(bytes, from, PRELUDE_BYTES);
    int total = prelude.getInt();
    int headers = prelude.getInt();
    if (prelude.getInt() != checksum(bytes, from, PRELUDE_BYTES - CHECKSUM_BYTES)) {
      throw new Malformed("", "the checksum of a frame's prelude is wrong");
    }
    if (total < PRELUDE_BYTES + CHECKSUM_BYTES || total > FRAME_BYTES_MAX) {
      throw new Malformed("", "a frame of %d bytes; 16 to %d".formatted(total, FRAME_BYTES_MAX));
    }
    if (headers < 0
        || headers > HEADER_BYTES_MAX
        || headers > total - PRELUDE_BYTES - CHECKSUM_BYTES) {
      throw new Malformed("", "%d bytes of headers in a frame of %d".formatted(headers, total));
    }
    return total;
  }

  private void frame(byte[] bytes, int from, int total) {
    int end = from + total - CHECKSUM_BYTES;
    if (ByteBuffer.wrap(bytes, end, CHECKSUM_BYTES).getInt()
        != checksum(bytes, from, total - CHECKSUM_BYTES)) {
      throw new Malformed("", "the checksum of a frame is wrong");
    }
    int headerBytes = ByteBuffer.wrap(bytes, from + 4, 4).getInt();
    int headersFrom = from + PRELUDE_BYTES;
    Map<String, AwsHeader> headers = headers(ByteBuffer.wrap(bytes, headersFrom, headerBytes));
    byte[] payload = Arrays.copyOfRange(bytes, headersFrom + headerBytes, end);
    frames.accept(new AwsFrame(headers, payload));
  }

  private static Map<String, AwsHeader> headers(ByteBuffer in) {
    var headers = new LinkedHashMap<String, AwsHeader>();
    try {
      while (in.hasRemaining()) {
        String name = text(in, in.get() & 0xFF);
        if (headers.put(name, value(in)) != null) {
          throw new Malformed("", "a header occurs twice in a frame");
        }
      }
    } catch (BufferUnderflowException e) {
      throw new Malformed("", "a header of a frame is longer than its place");
    }
    return headers;
  }

  private static AwsHeader value(ByteBuffer in) {
    int type = in.get();
    return switch (type) {
      case 0 -> new AwsHeader.Flag(true);
      case 1 -> new AwsHeader.Flag(false);
      case 2 -> new AwsHeader.Int8(in.get());
      case 3 -> new AwsHeader.Int16(in.getShort());
      case 4 -> new AwsHeader.Int32(in.getInt());
      case 5 -> new AwsHeader.Int64(in.getLong());
      case 6 -> {
        byte[] bytes = new byte[in.getShort() & 0xFFFF];
        in.get(bytes);
        yield new AwsHeader.Blob(Base64.getEncoder().encodeToString(bytes));
      }
      case 7 -> new AwsHeader.Text(text(in, in.getShort() & 0xFFFF));
      case 8 -> new AwsHeader.Timestamp(Instant.ofEpochMilli(in.getLong()));
      case 9 -> new AwsHeader.Id(new UUID(in.getLong(), in.getLong()));
      default -> throw new Malformed("", "a header of unknown type " + type);
    };
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static int checksum(byte[] bytes, int from, int length) {
    var crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
