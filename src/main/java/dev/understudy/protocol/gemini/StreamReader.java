package dev.understudy.protocol.gemini;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyReader;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Reads the body of streamGenerateContent, as events or as an array. */
final class StreamReader implements ReplyReader {
  private final String vendor;
  private final Consumer<ReplyEvent> events;
  private final ChunkReader chunks;
  private final ChunkCutter cutter;
  private boolean over;

  StreamReader(String vendor, Consumer<ReplyEvent> events, Losses losses) {
    this.vendor = vendor;
    this.events = events;
    this.chunks = new ChunkReader(vendor, events, losses);
    this.cutter =
        new ChunkCutter(
            new ChunkCutter.Listener() {
              @Override
              public void chunk(byte[] json, int offset, int length) {
                StreamReader.this.chunk(json, offset, length);
              }

              @Override
              public void comment() {
                if (!over) {
                  events.accept(new ReplyEvent.Heartbeat());
                }
              }
            });
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    try {
      cutter.accept(bytes, offset, length);
    } catch (IllegalStateException e) {
      broken("the vendor's stream cannot be read: " + e.getMessage());
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    cutter.end();
    if (over) {
      return;
    }
    if (!chunks.isFinished() || cutter.isInsideChunk()) {
      broken("the vendor's stream ended before the answer did");
      return;
    }
    over = true;
    chunks.end();
  }

  private void chunk(byte[] json, int offset, int length) {
    if (over) {
      return;
    }
    try {
      ObjectNode node = Json.parseObject(json, offset, length);
      if (node.has("error")) {
        over = true;
        events.accept(new ReplyEvent.Broken(Failures.inStream(node, vendor)));
        return;
      }
      chunks.chunk(node);
    } catch (Malformed e) {
      broken("the vendor's stream cannot be read: " + e.getMessage());
    }
  }

  private void broken(String message) {
    over = true;
    events.accept(
        new ReplyEvent.Broken(Failure.of(502, "UNAVAILABLE", message).withVendor(vendor)));
  }
}
