package dev.understudy.protocol.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Writes AWS event-stream frames, as {@link AwsEventStream} reads them. */
public final class AwsEventWriter {
  private AwsEventWriter() {}

  /** An event with a JSON payload, as Bedrock sends them. */
  public static void event(String type, JsonNode payload, Bytes out) {
    message("event", ":event-type", type, payload, out);
  }

  /** An exception, which ends the stream. */
  public static void exception(String type, JsonNode payload, Bytes out) {
    message("exception", ":exception-type", type, payload, out);
  }

  private static void message(
      String kind, String typeHeader, String type, JsonNode payload, Bytes out) {
    var headers = new LinkedHashMap<String, AwsHeader>();
    headers.put(typeHeader, new AwsHeader.Text(type));
    headers.put(":content-type", new AwsHeader.Text("application/json"));
    headers.put(":message-type", new AwsHeader.Text(kind));
    frame(new AwsFrame(headers, new Bytes().json(payload).toByteArray()), out);
  }

  /**
   * Any frame.
   *
   * @throws IllegalArgumentException if it is larger than a reader would take
   */
  public static void frame(AwsFrame frame, Bytes out) {
    byte[] headers = headers(frame.headers());
    long total =
        (long) AwsEventStream.PRELUDE_BYTES
            + headers.length
            + frame.payload().length
            + AwsEventStream.CHECKSUM_BYTES;
    if (total > AwsEventStream.FRAME_BYTES_MAX
        || headers.length > AwsEventStream.HEADER_BYTES_MAX) {
      throw new IllegalArgumentException("a frame of " + total + " bytes is too large");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) total);
    bytes.putInt((int) total).putInt(headers.length);
    bytes.putInt(AwsEventStream.checksum(bytes.array(), 0, bytes.position()));
    bytes.put(headers).put(frame.payload());
    bytes.putInt(AwsEventStream.checksum(bytes.array(), 0, bytes.position()));
    out.writeBytes(bytes.array());
  }

  private static byte[] headers(Map<String, AwsHeader> headers) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      for (Map.Entry<String, AwsHeader> header : headers.entrySet()) {
        byte[] name = header.getKey().getBytes(StandardCharsets.UTF_8);
        out.writeByte(checked(name.length, 255));
        out.write(name);
        value(header.getValue(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void value(AwsHeader value, DataOutputStream out) throws IOException {
    switch (value) {
      case AwsHeader.Flag(boolean flag) -> out.writeByte(flag ? 0 : 1);
      case AwsHeader.Int8(byte number) -> {
        out.writeByte(2);
        out.writeByte(number);
      }
      case AwsHeader.Int16(short number) -> {
        out.writeByte(3);
        out.writeShort(number);
      }
      case AwsHeader.Int32(int number) -> {
        out.writeByte(4);
        out.writeInt(number);
      }
      case AwsHeader.Int64(long number) -> {
        out.writeByte(5);
        out.writeLong(number);
      }
      case AwsHeader.Blob blob -> sized(6, blob.bytes(), out);
      case AwsHeader.Text(String text) -> sized(7, text.getBytes(StandardCharsets.UTF_8), out);
      case AwsHeader.Timestamp(var instant) -> {
        out.writeByte(8);
        out.writeLong(instant.toEpochMilli());
      }
      case AwsHeader.Id(var id) -> {
        out.writeByte(9);
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
      }
    }
  }

  private static void sized(int type, byte[] bytes, DataOutputStream out) throws IOException {
    out.writeByte(type);
    out.writeShort(checked(bytes.length, 0xFFFF));
    out.write(bytes);
  }

  private static int checked(int length, int max) {
    if (length > max) {
      throw new IllegalArgumentException("a header of %d bytes; at most %d".formatted(length, max));
    }
    return length;
  }
}
