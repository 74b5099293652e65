package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.Recordings.Recording;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.wire.BedrockChunks;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Framing;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends every recorded exchange of a callers' protocol through a gateway to a vendor that answers
 * as recorded, and looks at what arrived on either side and in the journal.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecordedRelayTest {
  private static final String ASK_USAGE = ",\"stream_options\":{\"include_usage\":true}";
  private static final Pattern FRAME = Pattern.compile("(?s).*?(?:\\r?\\n\\r?\\n|\\z)");

  /** Odd, so that pieces end anywhere in lines and characters. */
  private static final int PIECE_BYTES = 1_021;

  /** Streams that end in an error of the vendor's. */
  private static final Set<String> BROKEN =
      Set.of("groq-chat-bffc60e8b7bb5e"); // its model's call of a tool was malformed

  /** One exchange on its way through. */
  private record Journey(
      Recording recording,
      ProtocolName protocol,
      String sent,
      int status,
      String mediaType,
      byte[] reply) {
    @Override
    public String toString() {
      return recording.id();
    }
  }

  private final Map<String, Recording> recorded = new ConcurrentHashMap<>();
  private final Map<String, ScriptedVendor.Seen> seen = new ConcurrentHashMap<>();
  private final Map<String, Exchange> exchanges = new HashMap<>();
  private final List<Journey> journeys = new ArrayList<>();

  @BeforeAll
  void sendAll() throws Exception {
    RecordedVendors.each(recording -> {
      if (isCallers(RecordedVendors.protocol(recording).orElseThrow())) {
        recorded.put(recording.id(), recording);
      }
    });
    try (var upstream = new ScriptedVendor(this::replay);
        var house = new House(Callers.NONE, List.of(), vendors(upstream.port()));
        var four = Executors.newFixedThreadPool(4)) {
      List<Future<Journey>> under = new ArrayList<>();
      for (Recording recording : recorded.values()) {
        under.add(four.submit(() -> send(house, recording)));
      }
      for (Future<Journey> journey : under) {
        journeys.add(journey.get(60, TimeUnit.SECONDS));
      }
      for (int i = 0; i < journeys.size(); i++) {
        Exchange exchange = house.exchange();
        exchanges.put(exchange.route().substring(exchange.route().indexOf('/') + 1), exchange);
      }
    }
  }

  @AfterAll
  void forget() {
    journeys.clear();
    recorded.clear();
    seen.clear();
  }

  @Test
  void theVendorGetsTheCallersBytesButForTheModel() {
    for (Journey journey : journeys) {
      assertThat(seen.get(journey.recording().id()).body())
          .as(journey.toString())
          .isEqualTo(expectedRequest(journey));
    }
    assertThat(journeys).isNotEmpty();
  }

  @Test
  void theCallerGetsTheVendorsBytesAndStatus() {
    for (Journey journey : journeys) {
      Recording recording = journey.recording();
      assertThat(journey.status()).as(journey.toString()).isEqualTo(recording.status());
      assertThat(new String(journey.reply(), StandardCharsets.UTF_8))
          .as(journey.toString())
          .isEqualTo(expectedReply(journey));
      assertThat(journey.mediaType()).as(journey.toString()).isEqualTo(expectedType(journey));
    }
  }

  @Test
  void theRecordSaysWhatTheVendorSaidItConsumed() {
    int compared = 0;
    for (Journey journey : journeys) {
      Recording recording = journey.recording();
      if (recording.status() != 200 || RecordedVendors.isCount(recording)) {
        continue;
      }
      Exchange exchange = exchanges.get(recording.id());
      Usage said = usage(journey);
      Usage noted = exchange.usage();
      if (tells(said, Leaf.Direction.INPUT) && tells(said, Leaf.Direction.OUTPUT)) {
        assertThat(noted).as(journey.toString()).isEqualTo(said);
        compared++;
      } else if (tells(said, Leaf.Direction.INPUT)) {
        // Nothing is reckoned where there was no answer.
        assertThat(noted.estimated() || noted.equals(said)).as(journey.toString()).isTrue();
      } else {
        assertThat(noted.estimated()).as(journey.toString()).isTrue();
      }
      assertThat(exchange.outcome())
          .as(journey.toString())
          .isEqualTo(
              BROKEN.contains(recording.id()) ? Attempt.Outcome.BROKEN : Attempt.Outcome.ANSWERED);
    }
    assertThat(compared).isPositive();
  }

  private static boolean tells(Usage usage, Leaf.Direction side) {
    return usage.tokens().byLeaf().keySet().stream().anyMatch(leaf -> leaf.direction() == side);
  }

  // --- the way there ---

  private static boolean isCallers(ProtocolName protocol) {
    return Protocols.inbounds().stream().anyMatch(inbound -> inbound.name().equals(protocol));
  }

  private Vendor[] vendors(int port) {
    return recorded.values().stream()
        .map(Recording::vendor)
        .distinct()
        .map(vendor -> RecordedVendors.replayed(vendor, port))
        .toArray(Vendor[]::new);
  }

  private static Journey send(House house, Recording recording)
      throws IOException, InterruptedException {
    ProtocolName protocol = RecordedVendors.protocol(recording).orElseThrow();
    String name = recording.vendor() + "/" + recording.id();
    String body =
        spaced(
            protocol.equals(ProtocolName.GEMINI)
                ? recording.request()
                : named(recording, protocol, name));
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + house.gateway.port() + path(recording, protocol, name)))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<byte[]> response =
        house.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    return new Journey(
        recording,
        protocol,
        body,
        response.statusCode(),
        response.headers().firstValue("content-type").orElse(""),
        response.body());
  }

  /** White space in places where a body that is written anew would lose it. */
  private static String spaced(ObjectNode body) {
    String text = Json.text(body);
    return "{ " + text.substring(1, text.length() - 1) + "\n}\n";
  }

  /** The recorded body with a model that leads to the recording; clouds name theirs in the path. */
  private static ObjectNode named(Recording recording, ProtocolName protocol, String name) {
    ObjectNode body = recording.request().deepCopy();
    if (!RecordedVendors.speech(recording.vendor(), protocol).edits().streamInBody()
        && recording.stream()) {
      body.put("stream", true);
    }
    return body.put("model", name);
  }

  private static String path(Recording recording, ProtocolName protocol, String name) {
    if (protocol.equals(ProtocolName.OPENAI_CHAT)) {
      return "/v1/chat/completions";
    }
    if (protocol.equals(ProtocolName.OPENAI_RESPONSES)) {
      return RecordedVendors.isCount(recording) ? "/v1/responses/input_tokens" : "/v1/responses";
    }
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      return RecordedVendors.isCount(recording) ? "/v1/messages/count_tokens" : "/v1/messages";
    }
    String method =
        RecordedVendors.isCount(recording)
            ? "countTokens"
            : recording.stream()
                ? "streamGenerateContent" + (recording.isSse() ? "?alt=sse" : "")
                : "generateContent";
    return "/v1beta/models/" + name + ":" + method;
  }

  private void replay(ScriptedVendor.Seen request, java.net.Socket socket, OutputStream out)
      throws IOException {
    String id = request.line().split(" ")[1].substring(1).replaceAll("\\?.*", "");
    seen.put(id, request);
    Recording recording = recorded.get(id);
    var head =
        new StringBuilder("HTTP/1.1 %d Recorded\r\n".formatted(recording.status()))
            .append("content-type: ")
            .append(mediaType(recording))
            .append("\r\n");
    recording
        .headers()
        .forEach((name, value) -> {
          if (!name.equals("content-type")) {
            head.append(name).append(": ").append(value.strip()).append("\r\n");
          }
        });
    byte[] body = recording.body();
    if (!recording.stream()) {
      head.append("content-length: ").append(body.length).append("\r\n\r\n");
      out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      return;
    }
    head.append("transfer-encoding: chunked\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
    for (int from = 0; from < body.length; from += PIECE_BYTES) {
      int length = Math.min(PIECE_BYTES, body.length - from);
      out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(body, from, length);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static String mediaType(Recording recording) {
    String usual =
        recording.isSse()
            ? "text/event-stream"
            : recording.answer().path("base64").isString()
                ? "application/vnd.amazon.eventstream"
                : "application/json";
    return recording.headers().getOrDefault("content-type", usual);
  }

  // --- what is expected ---

  private static String expectedRequest(Journey journey) {
    Recording recording = journey.recording();
    var speech = RecordedVendors.speech(recording.vendor(), journey.protocol());
    if (!speech.edits().modelInBody()) {
      // The path names the model, and another one in the body would contradict it.
      ObjectNode body = recording.request().deepCopy();
      body.remove("model");
      return spaced(body);
    }
    String spliced =
        journey.sent().replace("\"model\":\"" + recording.vendor() + "/", "\"model\":\"");
    if (!asksUsage(journey)) {
      return spliced;
    }
    JsonNode options = recording.request().path("stream_options");
    return options instanceof ObjectNode object
        ? spliced.replace(
            "\"stream_options\":" + Json.text(object),
            "\"stream_options\":" + Json.text(object.deepCopy().put("include_usage", true)))
        : spliced.substring(0, spliced.length() - 2) + ASK_USAGE + "}\n";
  }

  /** Whether the gateway asks for usage on its own account. */
  private static boolean asksUsage(Journey journey) {
    Recording recording = journey.recording();
    return journey.protocol().equals(ProtocolName.OPENAI_CHAT)
        && recording.request().path("stream").asBoolean(false)
        && !recording.request().path("stream_options").path("include_usage").asBoolean(false)
        && !dialect(journey).has(Quirk.NO_STREAM_OPTIONS);
  }

  private static String expectedReply(Journey journey) {
    Recording recording = journey.recording();
    byte[] body = plain(journey);
    String text = new String(body, StandardCharsets.UTF_8);
    return recording.isSse() && asksUsage(journey) ? withoutUsageFrame(text) : text;
  }

  private static String expectedType(Journey journey) {
    return isWrapped(journey) ? "text/event-stream" : mediaType(journey.recording());
  }

  private static boolean isWrapped(Journey journey) {
    return RecordedVendors.speech(journey.recording().vendor(), journey.protocol()).framing()
            == Framing.BEDROCK_CHUNKS
        && journey.recording().answer().path("base64").isString();
  }

  /** The recorded bytes, out of the frames that Bedrock puts around another's events. */
  private static byte[] plain(Journey journey) {
    byte[] body = journey.recording().body();
    if (!isWrapped(journey)) {
      return body;
    }
    var chunks = new BedrockChunks();
    var out = new Bytes();
    chunks.accept(body, 0, body.length, out);
    chunks.end(out);
    return out.toByteArray();
  }

  private static String withoutUsageFrame(String stream) {
    var kept = new StringBuilder();
    FRAME
        .matcher(stream)
        .results()
        .map(found -> found.group())
        .filter(frame -> !isUsageOnly(frame))
        .forEach(kept::append);
    return kept.toString();
  }

  private static boolean isUsageOnly(String frame) {
    String data = frame.strip().replaceFirst("^data: ?", "");
    return data.startsWith("{")
        && Json.parse(data).path("choices").isArray()
        && Json.parse(data).path("choices").isEmpty()
        && Json.parse(data).path("usage").isObject();
  }

  private static Dialect dialect(Journey journey) {
    return RecordedVendors.dialect(journey.recording().vendor(), journey.protocol());
  }

  /** What the protocol's own reader finds in the recorded reply. */
  private static Usage usage(Journey journey) {
    Outbound outbound = Protocols.outbound(journey.protocol());
    byte[] body = plain(journey);
    if (!journey.recording().stream()) {
      try {
        return outbound.readReply(body, dialect(journey), new Losses()).usage();
      } catch (Malformed e) {
        return Usage.UNSAID;
      }
    }
    var fold = new ReplyFold();
    var reader = outbound.streamReader(dialect(journey), fold, new Losses());
    reader.accept(body, 0, body.length);
    reader.end();
    return fold.usage();
  }
}
