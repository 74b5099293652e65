package dev.understudy.sdks;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Exchange;
import dev.understudy.gateway.Gateway;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import dev.understudy.sandbox.Sandbox;
import dev.understudy.sandbox.SandboxSettings;
import dev.understudy.sandbox.SeenRequest;
import dev.understudy.vendor.AwsCredentials;
import dev.understudy.vendor.AwsSigV4;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.NoCredential;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.VendorSpec;
import dev.understudy.vendor.Vendors;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A gateway with a vendor in a box for each vendors' protocol, and routes that lead to each. */
final class Box implements AutoCloseable {
  static final String KEY = "uk-sdk-tests";

  /** A vendor that speaks one protocol only, so that it is known which one is spoken. */
  record Spoken(ProtocolName protocol, String kind, String model) {
    /** The route that leads there. */
    String route() {
      return protocol.text();
    }

    /** Whether the vendor seals its thoughts and wants the seals back. */
    boolean seals() {
      return !protocol.equals(ProtocolName.OPENAI_CHAT)
          && !protocol.equals(ProtocolName.COHERE_CHAT);
    }

    /** The route to a vendor that says that its limit is reached. */
    String limited() {
      return route() + "-limited";
    }

    /** The route to a vendor that breaks off in the middle of its answer. */
    String broken() {
      return route() + "-broken";
    }

    /** The route to a vendor that breaks off in the middle, and another that goes on. */
    String continued() {
      return route() + "-continued";
    }

    /** Likewise with a tool call. */
    String continuedCall() {
      return route() + "-continued-call";
    }

    /** The route to a vendor that fails in the middle of a stream and says so. */
    String failing() {
      return route() + "-failing";
    }
  }

  static final List<Spoken> VENDORS =
      List.of(
          new Spoken(ProtocolName.OPENAI_CHAT, "openai", "gpt-5.1"),
          new Spoken(ProtocolName.OPENAI_RESPONSES, "openai", "gpt-5.1"),
          new Spoken(ProtocolName.ANTHROPIC_MESSAGES, "anthropic", "claude-sonnet-4-5"),
          new Spoken(ProtocolName.GEMINI, "google", "gemini-3-pro-preview"),
          new Spoken(
              ProtocolName.BEDROCK_CONVERSE,
              "bedrock",
              "anthropic.claude-sonnet-4-5-20250929-v1:0"),
          new Spoken(ProtocolName.COHERE_CHAT, "cohere", "command-a-reasoning-08-2025"));

  private final Sandbox sandbox =
      Sandbox.start(SandboxSettings.of("openai", "anthropic", "google", "bedrock"));
  private final CohereBox cohere = new CohereBox();
  private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
  private final Gateway gateway;

  Box() throws IOException {
    var catalogue = Catalogue.load();
    var vendors = new ArrayList<Vendor>();
    var routes = new ArrayList<Route>();
    for (Spoken spoken : VENDORS) {
      vendors.add(vendor(spoken, catalogue));
      routes.add(route(spoken, spoken.route(), ""));
      routes.add(route(spoken, spoken.limited(), "-sandbox-429"));
      routes.add(route(spoken, spoken.broken(), "-sandbox-cut-tokens-3"));
      routes.add(route(spoken, spoken.failing(), "-sandbox-error-event-4"));
      Spoken other = VENDORS.get((VENDORS.indexOf(spoken) + 1) % (VENDORS.size() - 1));
      routes.add(
          new Route(
              spoken.continued(),
              new Target(
                  spoken.protocol().text(),
                  spoken.model() + "-sandbox-recite-60-sandbox-cut-tokens-30"),
              List.of(new Target(other.protocol().text(), other.model() + "-sandbox-recite-60"))));
      routes.add(
          new Route(
              spoken.continuedCall(),
              new Target(spoken.protocol().text(), spoken.model() + "-sandbox-cut-tokens-27"),
              List.of(new Target(other.protocol().text(), other.model()))));
    }
    gateway =
        new Gateway(
            new Gateway.Settings("127.0.0.1", 0, 1, 1 << 20, 32 << 10, 1_000),
            new Plan(routes, vendors.stream().map(v -> Plan.VendorName.of(v.name())).toList()),
            new Vendors(vendors),
            new Callers(Map.of("sdk", KEY)),
            exchanges::add,
            InstantSource.system());
  }

  private static Route route(Spoken spoken, String name, String fault) {
    return new Route(name, new Target(spoken.protocol().text(), spoken.model() + fault), List.of());
  }

  private Vendor vendor(Spoken spoken, Catalogue catalogue) {
    boolean boxed = !spoken.kind().equals("cohere");
    Credential credential =
        spoken.kind().equals("bedrock")
            ? new AwsSigV4(
                "aws",
                AwsCredentials.environment(
                        Map.of("AWS_ACCESS_KEY_ID", "AKIDTEST", "AWS_SECRET_ACCESS_KEY", "secret"))
                    .orElseThrow(),
                "us-east-1",
                "bedrock",
                InstantSource.system())
            : new NoCredential();
    return new VendorSpec(
            spoken.protocol().text(),
            catalogue.kind(spoken.kind().equals("google") ? "gemini" : spoken.kind()).orElseThrow(),
            List.of(spoken.protocol()),
            BaseUrl.of(boxed ? sandbox.url(spoken.kind()) : "http://127.0.0.1:" + cohere.port()),
            List.of(credential),
            Map.of(),
            Map.of("region", "us-east-1"),
            Optional.empty(),
            Timeouts.DEFAULT,
            List.of())
        .vendor(catalogue);
  }

  String url() {
    return "http://127.0.0.1:" + gateway.port();
  }

  /** The body of the last request that the vendor got. */
  String seen(Spoken spoken) {
    if (spoken.kind().equals("cohere")) {
      return cohere.seen();
    }
    List<SeenRequest> requests = sandbox.server(spoken.kind()).requests();
    return requests.getLast().text();
  }

  /** Where the requests that the vendor got are listed; empty for a vendor that lists none. */
  String seenAt(Spoken spoken) {
    return spoken.kind().equals("cohere")
        ? ""
        : "http://127.0.0.1:%d/sandbox/requests".formatted(sandbox.port(spoken.kind()));
  }

  @Override
  public void close() {
    gateway.close();
    cohere.close();
    sandbox.close();
  }
}
