package dev.understudy.vendor;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Dialect;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What settings say about one vendor, checked piece by piece.
 *
 * @param protocols not empty, the one for translation first
 * @param headers further fixed headers, names in lower case
 * @param places by name, such as {@code region}; all those that the kind needs
 * @param apiVersion Azure's dated version; empty for the v1 address
 */
public record VendorSpec(
    String name,
    Kind kind,
    List<ProtocolName> protocols,
    BaseUrl url,
    List<Credential> credentials,
    Map<String, String> headers,
    Map<String, String> places,
    Optional<String> apiVersion,
    Timeouts timeouts,
    List<X509Certificate> trust) {

  /** The vendor that is meant. */
  public Vendor vendor(Catalogue catalogue) {
    List<Endpoint> endpoints =
        protocols.stream()
            .map(p -> endpoint(kind.speech(p).orElseGet(() -> catalogue.standard(p))))
            .toList();
    return new Vendor(name, kind.name(), endpoints, credentials, timeouts, trust);
  }

  private Endpoint endpoint(Speech speech) {
    BaseUrl base = url.without(kind.tolerated());
    if (base.path().isEmpty() && kind.bare().isPresent()) {
      base = base.withPath(kind.bare().get());
    }
    String root = base.without(List.of(kind.ending())).path();
    String firstEnding = kind.speech().isEmpty() ? "" : kind.speech().getFirst().ending();
    String below = speech.ending().equals(firstEnding) ? base.path() : root + speech.ending();
    Map<Operation, String> wanted =
        apiVersion.isPresent() && !speech.datedPaths().isEmpty()
            ? speech.datedPaths()
            : speech.paths();
    var paths = new EnumMap<Operation, String>(Operation.class);
    wanted.forEach((operation, path) -> paths.put(operation, filled(path, below, root)));
    var all = new LinkedHashMap<>(speech.headers());
    all.putAll(headers);
    return new Endpoint(
        speech.protocol(),
        base.tls(),
        base.host(),
        base.port(),
        paths,
        all,
        new Dialect(name, speech.usage(), speech.quirks()),
        speech.edits(),
        speech.framing(),
        speech.models(),
        speech.bodyMax());
  }

  private String filled(String path, String below, String root) {
    String full =
        path.startsWith("{root}") ? root + path.substring("{root}".length()) : below + path;
    for (var place : places.entrySet()) {
      full = full.replace("{" + place.getKey() + "}", PathSegment.encode(place.getValue()));
    }
    return full.replace("{api-version}", PathSegment.encode(apiVersion.orElse("")));
  }
}
