package dev.understudy.gateway;

import dev.understudy.access.Caller;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.routing.Split;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Calls and their copies for tests of other rooms, as a gateway would tell of them. */
public final class Twins {
  private Twins() {}

  /** Of a Chat call that was put to somebody else too. */
  public static Twin of(
      Split split,
      Exchange served,
      String servedBy,
      Exchange copied,
      String copiedTo,
      String question,
      String answer,
      String copy) {
    byte[] body =
        "{\"model\": \"assistant\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
            .formatted(question)
            .getBytes(StandardCharsets.UTF_8);
    var asked =
        new Asked(
            Door.at("/v1/chat/completions").orElseThrow(),
            Caller.loopback(),
            body,
            body.length,
            Set.of(),
            "",
            "",
            false,
            Map.of(),
            "x",
            Instant.EPOCH,
            0,
            Optional.empty(),
            Purpose.CALL);
    return new Twin(
        split,
        asked,
        served,
        new Turn(servedBy.equals(split.other().name()), servedBy, false, false, true),
        reply(answer),
        copied,
        copiedTo,
        reply(copy));
  }

  private static KeptReply reply(String text) {
    byte[] body =
        """
        {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [
         {"index": 0, "message": {"role": "assistant", "content": "%s"}, "finish_reason": "stop"}]}
        """
            .formatted(text)
            .getBytes(StandardCharsets.UTF_8);
    var kept = new KeptReply();
    kept.piece(body, 0, body.length, false);
    return kept;
  }
}
