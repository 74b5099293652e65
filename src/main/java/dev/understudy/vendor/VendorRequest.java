package dev.understudy.vendor;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request on its way to a vendor, to which credentials add their headers.
 *
 * @param method such as {@code POST}
 * @param host the Host header's value, with the port where it is not the scheme's own
 * @param pathAndQuery percent-encoded, beginning with a slash
 * @param headers names in lower case, in the order they are sent
 */
public record VendorRequest(
    String method,
    String host,
    String pathAndQuery,
    LinkedHashMap<String, String> headers,
    BodyPieces body) {
  public static VendorRequest post(
      String host, String pathAndQuery, Map<String, String> headers, byte[] body) {
    return new VendorRequest(
        "POST", host, pathAndQuery, new LinkedHashMap<>(headers), BodyPieces.of(body));
  }
}
