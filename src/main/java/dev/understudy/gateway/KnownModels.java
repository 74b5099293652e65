package dev.understudy.gateway;

import dev.understudy.vendor.Vendor;
import java.util.List;

/** Which models a vendor is known to sell; it may be asked for any other all the same. */
public interface KnownModels {
  /** Nothing is known of any vendor. */
  KnownModels NONE = _ -> List.of();

  /** Their names in the vendor's words, those to show first first. */
  List<String> of(Vendor vendor);
}
