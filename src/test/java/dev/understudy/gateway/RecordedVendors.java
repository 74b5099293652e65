package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Recordings;
import dev.understudy.protocol.Recordings.Recording;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.HeaderKey;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Speech;
import dev.understudy.vendor.Vendor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The vendors of the recorded exchanges, as the catalogue knows them. */
final class RecordedVendors {
  private RecordedVendors() {}

  /** Every recorded exchange about chat, or about counting a chat's tokens. */
  static void each(Consumer<Recording> use) {
    Recordings.each(
        _ -> true,
        recording -> {
          if (protocol(recording).isPresent()) {
            use.accept(recording);
          }
        });
  }

  /** The protocol that an exchange was spoken in, if it is one of the gateway's. */
  static Optional<ProtocolName> protocol(Recording recording) {
    String path = recording.path();
    return switch (recording.api()) {
      case "chat", "openai-chat" ->
          recording.vendor().equals("cohere")
              // A few of Cohere's are of version 1, which is another protocol.
              ? Optional.of(ProtocolName.COHERE_CHAT).filter(_ -> path.startsWith("/v2/"))
              : Optional.of(ProtocolName.OPENAI_CHAT);
      case "responses", "openai-responses" -> Optional.of(ProtocolName.OPENAI_RESPONSES);
      case "messages", "anthropic-messages" -> Optional.of(ProtocolName.ANTHROPIC_MESSAGES);
      // InvokeModel takes each model's own protocol; Claude's says so.
      case "invoke" ->
          Optional.of(ProtocolName.ANTHROPIC_MESSAGES)
              .filter(_ -> recording.request().has("anthropic_version"));
      case "generate" -> Optional.of(ProtocolName.GEMINI);
      case "converse" -> Optional.of(ProtocolName.BEDROCK_CONVERSE);
      case "count-tokens" ->
          switch (recording.vendor()) {
            case "anthropic" -> Optional.of(ProtocolName.ANTHROPIC_MESSAGES);
            case "gemini", "vertex" -> Optional.of(ProtocolName.GEMINI);
            case "openai" -> Optional.of(ProtocolName.OPENAI_RESPONSES);
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  static boolean isCount(Recording recording) {
    return recording.api().equals("count-tokens");
  }

  /**
   * How a vendor speaks a protocol: as the catalogue has it, else as the protocol's author does.
   */
  static Speech speech(String vendor, ProtocolName protocol) {
    return Catalogue.load()
        .kind(vendor)
        .flatMap(kind -> kind.speech(protocol))
        .orElseGet(() -> Catalogue.load().standard(protocol));
  }

  static Dialect dialect(String vendor, ProtocolName protocol) {
    Speech speech = speech(vendor, protocol);
    return new Dialect(vendor, speech.usage(), speech.quirks());
  }

  /** A vendor that finds in the path which exchange it is to replay: its id is the model's name. */
  static Vendor replayed(String vendor, int port) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (ProtocolName protocol : Catalogue.load().protocols()) {
      Speech speech = speech(vendor, protocol);
      endpoints.add(
          new Endpoint(
              protocol,
              false,
              "127.0.0.1",
              port,
              Map.of(
                  Operation.CHAT, "/{model}",
                  Operation.CHAT_STREAM, "/{model}?alt=sse",
                  Operation.COUNT_TOKENS, "/{model}"),
              Map.of(),
              dialect(vendor, protocol),
              speech.edits(),
              speech.framing()));
    }
    return new Vendor(
        vendor,
        "custom",
        endpoints,
        List.of(new HeaderKey(vendor + "-1", "authorization", "Bearer ", "sk-vendor-secret")),
        House.TIMEOUTS);
  }
}
