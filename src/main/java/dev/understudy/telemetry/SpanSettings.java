package dev.understudy.telemetry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where spans go and which, as OpenTelemetry's own variables say.
 *
 * @param endpoint where traces are posted, path included
 * @param headers for the collector; may hold a secret
 * @param timeout for one post
 * @param resource what describes this process, {@code service.name} among it
 * @param parentBased whether a caller's own decision to record comes first
 * @param ratio which part of the traces that begin here is recorded, from 0 to 1
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter</a>
 * @see <a href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">
 *     variables of the SDK</a>
 */
record SpanSettings(
    String endpoint,
    Map<String, String> headers,
    Duration timeout,
    Map<String, String> resource,
    boolean parentBased,
    double ratio) {
  private static final String PREFIX = "OTEL_EXPORTER_OTLP_";
  private static final String TRACES = PREFIX + "TRACES_";

  /** Empty if no endpoint is set, or spans are switched off. */
  static Optional<SpanSettings> from(Map<String, String> environment) {
    String own = text(environment, TRACES + "ENDPOINT");
    String base = text(environment, PREFIX + "ENDPOINT");
    if ((own.isEmpty() && base.isEmpty())
        || text(environment, "OTEL_SDK_DISABLED").equalsIgnoreCase("true")
        || text(environment, "OTEL_TRACES_EXPORTER").equals("none")) {
      return Optional.empty();
    }
    String protocol = either(environment, "PROTOCOL");
    if (!protocol.isEmpty() && !protocol.equals("http/protobuf")) {
      throw new IllegalArgumentException(
          "%sPROTOCOL is \"%s\"; only http/protobuf is spoken, usually on port 4318"
              .formatted(PREFIX, protocol));
    }
    String endpoint =
        own.isEmpty()
            ? checked(PREFIX + "ENDPOINT", base).replaceAll("/+$", "") + "/v1/traces"
            : checked(TRACES + "ENDPOINT", own);
    var headers = pairs(PREFIX + "HEADERS", text(environment, PREFIX + "HEADERS"));
    headers.putAll(pairs(TRACES + "HEADERS", text(environment, TRACES + "HEADERS")));
    var resource = new LinkedHashMap<String, String>();
    resource.put("service.name", "understudy");
    resource.putAll(
        pairs("OTEL_RESOURCE_ATTRIBUTES", text(environment, "OTEL_RESOURCE_ATTRIBUTES")));
    String service = text(environment, "OTEL_SERVICE_NAME");
    if (!service.isEmpty()) {
      resource.put("service.name", service);
    }
    String sampler = text(environment, "OTEL_TRACES_SAMPLER");
    return Optional.of(
        new SpanSettings(
            endpoint,
            headers,
            Duration.ofMillis(millis(either(environment, "TIMEOUT"))),
            resource,
            sampler.isEmpty() || sampler.startsWith("parentbased_"),
            ratio(sampler, text(environment, "OTEL_TRACES_SAMPLER_ARG"))));
  }

  private static double ratio(String sampler, String argument) {
    return switch (sampler) {
      case "", "always_on", "parentbased_always_on" -> 1;
      case "always_off", "parentbased_always_off" -> 0;
      case "traceidratio", "parentbased_traceidratio" -> share(argument);
      default ->
          throw new IllegalArgumentException(
              "OTEL_TRACES_SAMPLER is \"%s\"; known: always_on, always_off, traceidratio, and each with parentbased_ before it"
                  .formatted(sampler));
    };
  }

  private static double share(String argument) {
    try {
      double share = argument.isEmpty() ? 1 : Double.parseDouble(argument);
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "OTEL_TRACES_SAMPLER_ARG is \"%s\"; a number from 0 to 1 is needed".formatted(argument));
  }

  private static long millis(String text) {
    if (text.isEmpty()) {
      return 10_000;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "%sTIMEOUT is \"%s\"; milliseconds are needed".formatted(PREFIX, text));
    }
    return Long.parseLong(text);
  }

  private static String checked(String variable, String url) {
    try {
      var uri = new URI(url);
      String scheme = uri.getScheme();
      if (("http".equals(scheme) || "https".equals(scheme)) && uri.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Said below, without the address: there may be a password in it.
    }
    throw new IllegalArgumentException(
        variable + " is not an address; it must begin with http:// or https://");
  }

  /** Reads {@code a=1,b=2}, percent-encoded. */
  private static Map<String, String> pairs(String variable, String text) {
    var pairs = new LinkedHashMap<String, String>();
    for (String pair : text.split(",")) {
      if (pair.isBlank()) {
        continue;
      }
      int at = pair.indexOf('=');
      if (at <= 0) {
        throw new IllegalArgumentException(
            variable + " has an entry that is not of the form name=value");
      }
      pairs.put(pair.substring(0, at).strip(), decoded(variable, pair.substring(at + 1).strip()));
    }
    return pairs;
  }

  private static String decoded(String variable, String value) {
    try {
      // Unlike in forms, a plus is a plus.
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(variable + " has a percent sign that encodes nothing", e);
    }
  }

  private static String either(Map<String, String> environment, String name) {
    String own = text(environment, TRACES + name);
    return own.isEmpty() ? text(environment, PREFIX + name) : own;
  }

  private static String text(Map<String, String> environment, String name) {
    return environment.getOrDefault(name, "").strip();
  }

  /** Without the headers, which may hold a secret. */
  @Override
  public String toString() {
    return "spans to " + endpoint;
  }
}
