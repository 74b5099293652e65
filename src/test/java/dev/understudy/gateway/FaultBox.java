package dev.understudy.gateway;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.Json;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import dev.understudy.sandbox.Sandbox;
import dev.understudy.sandbox.SandboxSettings;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.NoCredential;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.VendorSpec;
import dev.understudy.vendor.Vendors;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A gateway before vendors in a box, with routes that a test makes up. */
final class FaultBox implements AutoCloseable {
  /** A vendor of one protocol. */
  record Box(String name, String kind, String sandbox, ProtocolName protocol, String model) {
    /** The vendor's model that does as {@code marks} say. */
    String target(String marks) {
      return name + "/" + model + marks;
    }

    /** The same as somebody who is waited for with patience. */
    String second(String marks) {
      return name + "-second/" + model + marks;
    }

    /** The same where nobody listens. */
    String gone() {
      return name + "-gone/" + model;
    }
  }

  static final Box CHAT = new Box("chat", "openai", "openai", ProtocolName.OPENAI_CHAT, "gpt-5.1");
  static final Box RESPONSES =
      new Box("responses", "openai", "openai", ProtocolName.OPENAI_RESPONSES, "gpt-5.1");
  static final Box MESSAGES =
      new Box(
          "messages",
          "anthropic",
          "anthropic",
          ProtocolName.ANTHROPIC_MESSAGES,
          "claude-sonnet-4-5");
  static final Box GEMINI =
      new Box("gemini", "gemini", "google", ProtocolName.GEMINI, "gemini-2.5-flash");

  /** Claude since 4.6 takes no beginning of its answer. */
  static final Box LATER_MESSAGES =
      new Box(
          "later", "anthropic", "anthropic", ProtocolName.ANTHROPIC_MESSAGES, "claude-sonnet-4-6");

  /** An open model on a server that goes on with the conversation's last words. */
  static final Box OPEN = new Box("open", "vllm", "mai", ProtocolName.OPENAI_CHAT, "mai-1");

  static final List<Box> ALL = List.of(CHAT, RESPONSES, MESSAGES, GEMINI, LATER_MESSAGES, OPEN);

  /** How each is asked to go on. */
  static boolean goesOnByPrefix(Box box) {
    return box.equals(MESSAGES) || box.equals(OPEN);
  }

  final Sandbox sandbox = Sandbox.start(SandboxSettings.of("openai", "anthropic", "google", "mai"));
  final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final Gateway gateway;

  /** One in which nobody is passed over for what happened before. */
  FaultBox(Duration patience, List<Route> routes) throws IOException {
    this(patience, BreakerRule.NEVER, routes);
  }

  FaultBox(Duration patience, BreakerRule breakers, List<Route> routes) throws IOException {
    var catalogue = Catalogue.load();
    var vendors = new ArrayList<Vendor>();
    for (Box box : ALL) {
      vendors.add(vendor(box, box.name(), sandbox.url(box.sandbox()), patience, catalogue));
      vendors.add(
          vendor(
              box,
              box.name() + "-second",
              sandbox.url(box.sandbox()),
              Duration.ofSeconds(30),
              catalogue));
      // Nobody listens at port 1.
      vendors.add(vendor(box, box.name() + "-gone", "http://127.0.0.1:1", patience, catalogue));
    }
    gateway =
        new Gateway(
            new Gateway.Settings("127.0.0.1", 0, 2, 1 << 20, 64 << 20, 10_000),
            // Every case meets its fault, however often a vendor has failed before.
            new Plan(
                routes, vendors.stream().map(v -> Plan.VendorName.of(v.name())).toList(), breakers),
            new Vendors(vendors),
            new Callers(Map.of()),
            exchanges::add,
            InstantSource.system());
  }

  private static Vendor vendor(
      Box box, String name, String url, Duration patience, Catalogue catalogue) {
    return new VendorSpec(
            name,
            catalogue.kind(box.kind()).orElseThrow(),
            List.of(box.protocol()),
            BaseUrl.of(url),
            List.of(new NoCredential()),
            Map.of(),
            Map.of(),
            Optional.empty(),
            new Timeouts(Duration.ofSeconds(5), patience, patience, Duration.ofMinutes(1)),
            List.of())
        .vendor(catalogue);
  }

  static Route route(String name, String... targets) {
    List<Target> all = new ArrayList<>();
    for (String target : targets) {
      int slash = target.indexOf('/');
      all.add(new Target(target.substring(0, slash), target.substring(slash + 1)));
    }
    return new Route(name, all.getFirst(), all.subList(1, all.size()));
  }

  static final List<ProtocolName> CALLERS =
      List.of(
          ProtocolName.OPENAI_CHAT,
          ProtocolName.OPENAI_RESPONSES,
          ProtocolName.ANTHROPIC_MESSAGES,
          ProtocolName.GEMINI);

  /** What a caller of a protocol asks, for an answer of text or for a tool call. */
  static String body(ProtocolName protocol, String route, boolean stream, boolean tool) {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},"
            + "\"days\":{\"type\":\"integer\"}},\"required\":[\"city\",\"days\"]}";
    String head = "{\"model\":\"" + route + "\",\"stream\":" + stream + ",";
    if (protocol.equals(ProtocolName.OPENAI_CHAT)) {
      return head
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]"
          + (stream ? ",\"stream_options\":{\"include_usage\":true}" : "")
          + (tool
              ? ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":"
                  + schema
                  + "}}]"
              : "")
          + "}";
    }
    if (protocol.equals(ProtocolName.OPENAI_RESPONSES)) {
      return head
          + "\"input\":\"hello\",\"store\":false"
          + (tool
              ? ",\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":"
                  + schema
                  + "}]"
              : "")
          + "}";
    }
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      return head
          + "\"max_tokens\":1000,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]"
          + (tool ? ",\"tools\":[{\"name\":\"weather\",\"input_schema\":" + schema + "}]" : "")
          + "}";
    }
    return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}]"
        + (tool
            ? ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"weather\",\"parameters\":"
                + schema
                + "}]}]"
            : "")
        + "}";
  }

  static String path(ProtocolName protocol, String route, boolean stream) {
    if (protocol.equals(ProtocolName.OPENAI_CHAT)) {
      return "/v1/chat/completions";
    }
    if (protocol.equals(ProtocolName.OPENAI_RESPONSES)) {
      return "/v1/responses";
    }
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      return "/v1/messages";
    }
    return "/v1beta/models/"
        + route
        + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
  }

  /** Asks the gateway; a reply that is cut off in the middle of its framing is an exception. */
  HttpResponse<String> ask(ProtocolName protocol, String route, boolean stream, boolean tool)
      throws IOException, InterruptedException {
    return post(
        "http://127.0.0.1:" + gateway.port(),
        path(protocol, route, stream),
        body(protocol, route, stream, tool));
  }

  /** Asks the gateway with a body of one's own. */
  HttpResponse<String> ask(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return post("http://127.0.0.1:" + gateway.port(), path, body, headers);
  }

  private HttpResponse<String> post(String url, String path, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The text of a whole reply. */
  static String wholeText(ProtocolName protocol, String body) {
    var json = Json.parse(body);
    if (protocol.equals(ProtocolName.OPENAI_CHAT)) {
      return json.path("choices").path(0).path("message").path("content").asString("");
    }
    if (protocol.equals(ProtocolName.OPENAI_RESPONSES)) {
      return json.path("output").findPath("content").path(0).path("text").asString("");
    }
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      return json.path("content").path(0).path("text").asString("");
    }
    return json.path("candidates")
        .path(0)
        .path("content")
        .path("parts")
        .path(0)
        .path("text")
        .asString("");
  }

  @Override
  public void close() {
    client.close();
    gateway.close();
    sandbox.close();
  }
}
