package dev.understudy.chat;

import java.util.Optional;

/**
 * What a vendor signed or encrypted, for its own eyes only.
 *
 * <p>A seal goes home to the protocol that issued it, and to the vendor that issued it where that
 * is known; to anybody else it is a loss. {@code kind} and {@code data} are the issuing protocol's
 * own words.
 *
 * @param vendor the catalogue name of the issuer; empty when a caller brought the seal bare
 */
public record Seal(ProtocolName protocol, Optional<String> vendor, String kind, String data) {

  /** Whether the seal may be shown to a vendor. */
  public boolean isAtHome(ProtocolName targetProtocol, String targetVendor) {
    return protocol.equals(targetProtocol) && vendor.map(targetVendor::equals).orElse(true);
  }
}
