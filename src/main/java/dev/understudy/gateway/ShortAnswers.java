package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.wire.Bytes;
import java.nio.charset.StandardCharsets;

/** Writes the answers that need no vendor: small pages, and refusals in the caller's protocol. */
final class ShortAnswers {
  private ShortAnswers() {}

  static void page(CallerReply out, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    out.whole(200, "application/json", null, new ReplyHeaders(), body, 0, body.length);
    out.flush();
  }

  /**
   * Tells why a request is refused.
   *
   * @param allowed the method that the path takes
   */
  static void refusal(ProtocolName protocol, String allowed, CallerReply out, Failure failure) {
    var body = new Bytes();
    Protocols.inbound(protocol).writeFailure(failure, body);
    var headers = new ReplyHeaders();
    if (failure.status() == 405) {
      headers.add("allow", allowed);
    }
    failure.retryAfterSeconds().ifPresent(s -> headers.add("retry-after", Long.toString(s)));
    out.whole(failure.status(), "application/json", null, headers, body.array(), 0, body.size());
    out.flush();
  }
}
