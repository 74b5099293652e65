package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Usage;
import dev.understudy.json.JsonScanner;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.SseMeter;
import java.util.Arrays;
import java.util.Locale;

/** Reads along with a Responses stream: what the last event says of the whole response. */
final class ResponsesMeter extends SseMeter {
  private final Outbound protocol;
  private final JsonScanner response = new JsonScanner();
  private Usage usage = Usage.UNSAID;

  ResponsesMeter(Outbound protocol, Dialect dialect) {
    super(protocol, dialect);
    this.protocol = protocol;
  }

  @Override
  protected boolean isMark(byte[] data, int offset, int length) {
    // Some vendors end with Chat's mark all the same.
    return data[offset] == '[';
  }

  @Override
  protected void event(JsonScanner event, byte[] data, int offset, int length) {
    int type = event.find("type");
    if (type < 0 || !event.isString(type)) {
      return;
    }
    int delta = event.find("delta");
    if (delta >= 0 && event.isString(delta)) {
      said(event.valueEnd(delta) - event.valueStart(delta) - 2L);
    } else if (event.isText(type, "response.created")) {
      created(event, data);
    } else if (event.isText(type, "response.output_item.added")) {
      said(0);
    } else if (event.isText(type, "response.completed")
        || event.isText(type, "response.incomplete")) {
      finished(event, data);
    } else if (event.isText(type, "response.failed") || event.isText(type, "error")) {
      failed(data, offset, length);
    }
  }

  private void created(JsonScanner event, byte[] data) {
    int at = event.find("response");
    if (at >= 0 && event.kind(at) == '{') {
      response.scan(data, event.valueStart(at), event.valueEnd(at) - event.valueStart(at));
      named(text("id"), text("model"));
    }
  }

  private String text(String name) {
    int at = response.find(name);
    return at >= 0 && response.isString(at) ? response.string(at) : "";
  }

  /** The whole response stands in the last event; its items are counted with its usage. */
  private void finished(JsonScanner event, byte[] data) {
    int at = event.find("response");
    if (at < 0 || event.kind(at) != '{') {
      return;
    }
    byte[] whole = Arrays.copyOfRange(data, event.valueStart(at), event.valueEnd(at));
    ChatReply reply = protocol.readReply(whole, dialect(), new Losses());
    usage = reply.usage();
    named(reply.id(), reply.model());
    stopped(
        reply.stop().vendorReason().orElse(reply.stop().reason().name().toLowerCase(Locale.ROOT)));
    if (!reply.parts().isEmpty()) {
      said(0);
    }
    completed();
  }

  @Override
  protected void bodyEnded() {}

  @Override
  protected Usage streamUsage() {
    return usage;
  }
}
