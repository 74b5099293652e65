package dev.understudy.vendor;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.UsageConvention;
import java.util.Map;
import java.util.Set;

/**
 * How a kind of vendor speaks one protocol.
 *
 * @param usual whether it is spoken to in this protocol unless the settings say so
 * @param ending what an address of this protocol ends with beyond the server's root
 * @param paths by operation, below an address of this protocol; a path that begins with {@code
 *     {root}} is below the server's root
 * @param datedPaths likewise, where the settings name an api-version; empty if that is of no
 *     importance
 * @param headers fixed headers, names in lower case
 * @param fromMemory those quirks that no page of the vendor and no recording was seen to show
 */
public record Speech(
    ProtocolName protocol,
    boolean usual,
    String ending,
    Map<Operation, String> paths,
    Map<Operation, String> datedPaths,
    Map<String, String> headers,
    UsageConvention usage,
    Set<Quirk> quirks,
    Set<Quirk> fromMemory,
    BodyEdits edits,
    Framing framing,
    ModelNames models,
    long bodyMax) {
  public Speech {
    paths = Map.copyOf(paths);
    datedPaths = Map.copyOf(datedPaths);
    headers = Map.copyOf(headers);
    quirks = Set.copyOf(quirks);
    fromMemory = Set.copyOf(fromMemory);
    if (!quirks.containsAll(fromMemory)) {
      throw new IllegalArgumentException("what is from memory is no quirk: " + fromMemory);
    }
  }
}
