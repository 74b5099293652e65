package dev.understudy.vendor;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Dialect;
import java.util.Map;
import java.util.Optional;

/**
 * Where a vendor speaks one protocol.
 *
 * @param tls whether the connection is encrypted
 * @param host name or address to connect to
 * @param port port to connect to
 * @param paths the path for each operation on offer, in which {@code {model}} stands for the
 *     percent-encoded model name; begins with a slash, query included
 * @param headers fixed headers of every request, names in lower case
 * @param edits what must be changed in bodies
 * @param framing how streams are wrapped
 * @param models the models that are spoken to this way; most vendors have one way for all
 * @param bodyMax the largest request body the vendor documents, in bytes; {@link Long#MAX_VALUE} if
 *     it documents none
 */
public record Endpoint(
    ProtocolName protocol,
    boolean tls,
    String host,
    int port,
    Map<Operation, String> paths,
    Map<String, String> headers,
    Dialect dialect,
    BodyEdits edits,
    Framing framing,
    ModelNames models,
    long bodyMax) {
  public Endpoint {
    paths = Map.copyOf(paths);
    headers = Map.copyOf(headers);
  }

  /** An endpoint for all models, without a bound on bodies. */
  public Endpoint(
      ProtocolName protocol,
      boolean tls,
      String host,
      int port,
      Map<Operation, String> paths,
      Map<String, String> headers,
      Dialect dialect,
      BodyEdits edits,
      Framing framing) {
    this(
        protocol,
        tls,
        host,
        port,
        paths,
        headers,
        dialect,
        edits,
        framing,
        ModelNames.ALL,
        Long.MAX_VALUE);
  }

  /**
   * The path of an operation for a model; empty if the operation is not on offer, or the path would
   * hold a name that a server which decodes slashes could take for a way to another place.
   */
  public Optional<String> path(Operation operation, String model) {
    String path = paths.get(operation);
    if (path == null || !path.contains(MODEL)) {
      return Optional.ofNullable(path);
    }
    return PathSegment.climbs(model)
        ? Optional.empty()
        : Optional.of(path.replace(MODEL, PathSegment.encode(model)));
  }

  /**
   * What must be changed in the body of a request for an operation. Where the model is left out of
   * bodies because paths name it, a path that does not leaves it in.
   */
  public BodyEdits edits(Operation operation) {
    return edits.modelInBody() || paths.getOrDefault(operation, MODEL).contains(MODEL)
        ? edits
        : new BodyEdits(true, edits.streamInBody(), edits.added());
  }

  private static final String MODEL = "{model}";

  /** Headers by name only: a value may be a secret. */
  @Override
  public String toString() {
    return "Endpoint[" + protocol + " at " + authority() + ", headers " + headers.keySet() + "]";
  }

  /** The Host header's value. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }
}
