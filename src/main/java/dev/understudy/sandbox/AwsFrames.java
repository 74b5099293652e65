package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;

/**
 * Writes messages of Amazon's binary event stream.
 *
 * @see <a href="https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html">its layout</a>
 */
final class AwsFrames {
  private static final byte STRING = 7;
  private static final int PRELUDE_BYTES = 12;
  private static final int CHECKSUM_BYTES = 4;

  private AwsFrames() {}

  static byte[] event(String type, JsonNode payload) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(":event-type", type);
    headers.put(":content-type", "application/json");
    headers.put(":message-type", "event");
    return message(headers, Json.bytes(payload));
  }

  static byte[] exception(String type, String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(":exception-type", type);
    headers.put(":content-type", "application/json");
    headers.put(":message-type", "exception");
    return message(headers, Json.bytes(Json.object().put("message", text)));
  }

  private static byte[] message(Map<String, String> headers, byte[] payload) {
    int headerBytes = 0;
    for (var header : headers.entrySet()) {
      headerBytes += 1 + utf8(header.getKey()).length + 1 + 2 + utf8(header.getValue()).length;
    }
    int total = PRELUDE_BYTES + headerBytes + payload.length + CHECKSUM_BYTES;
    var out = ByteBuffer.allocate(total).putInt(total).putInt(headerBytes);
    out.putInt(checksum(out));
    headers.forEach((name, value) -> {
      out.put((byte) utf8(name).length).put(utf8(name)).put(STRING);
      out.putShort((short) utf8(value).length).put(utf8(value));
    });
    out.put(payload);
    out.putInt(checksum(out));
    return out.array();
  }

  /** The checksum of everything written so far. */
  private static int checksum(ByteBuffer out) {
    var crc = new CRC32();
    crc.update(out.duplicate().flip());
    return (int) crc.getValue();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
