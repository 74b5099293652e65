package dev.understudy.gateway;

import dev.understudy.access.Callers;
import dev.understudy.capacity.Capacity;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Exchange;
import dev.understudy.protocol.Dialect;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import dev.understudy.vendor.BodyEdits;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Framing;
import dev.understudy.vendor.HeaderKey;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.Vendor;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gateway with scripted vendors behind it, for tests. */
final class House implements AutoCloseable {
  static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMinutes(1));

  final Gateway gateway;
  final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  House(Callers callers, List<Route> routes, Vendor... vendors) throws IOException {
    this(Patience.USUAL, callers, routes, vendors);
  }

  House(Patience patience, Callers callers, List<Route> routes, Vendor... vendors)
      throws IOException {
    this(patience, Gateway.Limits.none(), callers, routes, vendors);
  }

  House(
      Patience patience,
      Gateway.Limits limits,
      Callers callers,
      List<Route> routes,
      Vendor... vendors)
      throws IOException {
    this(patience, limits, callers, Counsel.NONE, BreakerRule.USUAL, routes, vendors);
  }

  House(
      Patience patience,
      Gateway.Limits limits,
      Callers callers,
      Counsel counsel,
      BreakerRule breakers,
      List<Route> routes,
      Vendor... vendors)
      throws IOException {
    this(
        patience,
        limits,
        callers,
        counsel,
        breakers,
        new Capacity(Capacity.EMPTY, InstantSource.system()),
        routes,
        vendors);
  }

  House(
      Patience patience, Callers callers, Capacity capacity, List<Route> routes, Vendor... vendors)
      throws IOException {
    this(
        patience,
        Gateway.Limits.none(),
        callers,
        Counsel.NONE,
        BreakerRule.USUAL,
        capacity,
        routes,
        vendors);
  }

  House(
      Patience patience,
      Gateway.Limits limits,
      Callers callers,
      Counsel counsel,
      BreakerRule breakers,
      Capacity capacity,
      List<Route> routes,
      Vendor... vendors)
      throws IOException {
    var names = new ArrayList<Plan.VendorName>();
    for (Vendor vendor : vendors) {
      names.add(Plan.VendorName.of(vendor.name()));
    }
    gateway =
        new Gateway(
            new Gateway.Settings("127.0.0.1", 0, 1, 1 << 20, 32 << 10, 1_000, patience),
            new Plan(routes, names, breakers),
            new Vendors(List.of(vendors)),
            callers,
            exchanges::add,
            InstantSource.system(),
            limits,
            counsel,
            capacity);
  }

  static Route route(String name, String... targets) {
    List<Target> all = new ArrayList<>();
    for (String target : targets) {
      int slash = target.indexOf('/');
      all.add(new Target(target.substring(0, slash), target.substring(slash + 1)));
    }
    return new Route(name, all.getFirst(), all.subList(1, all.size()));
  }

  static Vendor vendor(String name, int port, ProtocolName protocol) {
    return vendor(name, port, protocol, TIMEOUTS);
  }

  static Vendor vendor(String name, int port, ProtocolName protocol, Timeouts timeouts) {
    return new Vendor(
        name,
        "custom",
        List.of(
            new Endpoint(
                protocol,
                false,
                "127.0.0.1",
                port,
                paths(protocol),
                Map.of(),
                Dialect.standard(name),
                BodyEdits.NONE,
                Framing.PLAIN)),
        List.of(new HeaderKey(name + "-1", "authorization", "Bearer ", "sk-vendor-secret")),
        timeouts);
  }

  private static Map<Operation, String> paths(ProtocolName protocol) {
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      return Map.of(
          Operation.CHAT, "/v1/messages",
          Operation.CHAT_STREAM, "/v1/messages",
          Operation.COUNT_TOKENS, "/v1/messages/count_tokens");
    }
    if (protocol.equals(ProtocolName.GEMINI)) {
      return Map.of(
          Operation.CHAT, "/v1beta/models/{model}:generateContent",
          Operation.CHAT_STREAM, "/v1beta/models/{model}:streamGenerateContent?alt=sse",
          Operation.COUNT_TOKENS, "/v1beta/models/{model}:countTokens");
    }
    String path =
        protocol.equals(ProtocolName.OPENAI_RESPONSES) ? "/v1/responses" : "/v1/chat/completions";
    return Map.of(Operation.CHAT, path, Operation.CHAT_STREAM, path);
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
              .header("content-type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body));
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The record of the next call that finished. */
  Exchange exchange() throws InterruptedException {
    Exchange exchange = exchanges.poll(10, TimeUnit.SECONDS);
    if (exchange == null) {
      throw new AssertionError("no exchange was recorded");
    }
    return exchange;
  }

  @Override
  public void close() {
    client.close();
    gateway.close();
  }
}
