package dev.understudy.app;

import dev.understudy.sandbox.Sandbox;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.NoCredential;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.VendorSpec;
import dev.understudy.vendor.Vendors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The vendors in the box, as the catalogue describes their real namesakes. */
final class SandboxVendors {
  private SandboxVendors() {}

  /** Those whose names are not taken: a real vendor goes before its double. */
  static List<Vendor> of(Sandbox sandbox, Catalogue catalogue, Vendors real) {
    return sandbox.vendors().stream()
        .filter(name -> real.named(name).isEmpty())
        .map(name -> vendor(name, sandbox, catalogue))
        .toList();
  }

  private static Vendor vendor(String name, Sandbox sandbox, Catalogue catalogue) {
    Kind kind =
        catalogue
            .kind(name)
            .orElseThrow(() -> new IllegalStateException("the catalogue has no " + name));
    return new VendorSpec(
            name,
            kind,
            kind.usualProtocols().stream()
                .filter(sandbox.server(name).protocols()::contains)
                .toList(),
            BaseUrl.of(sandbox.url(name)),
            List.of(new NoCredential()),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Timeouts.DEFAULT,
            List.of())
        .vendor(catalogue);
  }
}
