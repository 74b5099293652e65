package dev.understudy.protocol.wire;

import dev.understudy.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** A growing piece of output. */
public final class Bytes extends ByteArrayOutputStream {
  public Bytes() {
    super(512);
  }

  /** Expects so many bytes; takes more as well. */
  public Bytes(int expected) {
    super(expected);
  }

  /** Writes into that array; takes more as well, in another then. */
  public Bytes(byte[] room) {
    super(0);
    buf = room;
  }

  public Bytes text(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public Bytes json(JsonNode node) {
    Json.write(node, this);
    return this;
  }

  /** One server-sent event without a name. */
  public Bytes event(JsonNode data) {
    return text("data: ").json(data).text("\n\n");
  }

  /** One server-sent event with a name. */
  public Bytes event(String name, JsonNode data) {
    return text("event: ").text(name).text("\ndata: ").json(data).text("\n\n");
  }

  /** Empties it and returns what it held. */
  public byte[] take() {
    byte[] all = toByteArray();
    reset();
    return all;
  }

  /** Forgets what was written after the first {@code size} bytes. */
  public void cutTo(int size) {
    count = Math.min(count, size);
  }

  /** The array behind it, of which the first {@link #size()} bytes are filled; not a copy. */
  public byte[] array() {
    return buf;
  }
}
