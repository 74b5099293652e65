package dev.understudy.protocol;

import java.util.Map;

/**
 * A request for a vendor, but for its address and credential.
 *
 * @param headers further headers the body needs, such as beta flags; names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are passed on, never compared
public record VendorBody(byte[] json, Map<String, String> headers) {
  public VendorBody {
    headers = Map.copyOf(headers);
  }
}
