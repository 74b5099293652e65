package dev.understudy.contract;

import dev.understudy.access.Glob;
import java.util.List;
import java.util.Optional;

/**
 * One who signed.
 *
 * @param id its name in the contract
 * @param role what it is in this contract
 * @param vendors names or kinds of vendors in our settings through which it serves, as patterns;
 *     empty for who serves nothing
 * @param lei its legal entity identifier
 * @param country two letters
 */
public record Party(
    String id, Role role, List<Glob> vendors, Optional<String> lei, Optional<String> country) {
  public Party {
    vendors = List.copyOf(vendors);
  }

  /** What a party does under a contract. */
  public enum Role {
    VENDOR,
    RESELLER,
    CUSTOMER,
    HOST,
    INVESTOR
  }

  /** Whether what a subject asks is served by this party. */
  public boolean serves(Subject subject) {
    return serves(subject.vendor(), subject.kind());
  }

  /** Whether a vendor of the settings, of that name and kind, is this party's. */
  public boolean serves(String vendor, String kind) {
    for (Glob glob : vendors) {
      if (glob.matches(vendor) || glob.matches(kind)) {
        return true;
      }
    }
    return false;
  }
}
