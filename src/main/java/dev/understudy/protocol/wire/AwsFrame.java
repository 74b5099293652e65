package dev.understudy.protocol.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One frame of an AWS event stream.
 *
 * @param headers in the order of the wire; a name occurs once
 * @param payload the body, usually JSON
 */
@SuppressWarnings("ArrayRecordComponent") // frames are passed on, never compared
public record AwsFrame(Map<String, AwsHeader> headers, byte[] payload) {
  public AwsFrame {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** A header's text; empty if there is no such header or it is no text. */
  public String text(String name) {
    return headers.get(name) instanceof AwsHeader.Text(String value) ? value : "";
  }

  /** {@code event}, {@code exception} or {@code error}. */
  public String messageType() {
    return text(":message-type");
  }

  /** What kind of event, exception or error this is, in the service's words. */
  public String type() {
    return switch (messageType()) {
      case "exception" -> text(":exception-type");
      case "error" -> text(":error-code");
      default -> text(":event-type");
    };
  }
}
