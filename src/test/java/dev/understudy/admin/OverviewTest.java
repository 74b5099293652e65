package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.VendorRequest;
import dev.understudy.vendor.VendorSpec;
import dev.understudy.vendor.Vendors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OverviewTest {
  @Test
  void namesVendorsKeysByLabelAndRoutesAndNoSecret() {
    Catalogue catalogue = Catalogue.load();
    var spec =
        new VendorSpec(
            "claude",
            catalogue.kind("anthropic").orElseThrow(),
            List.of(ProtocolName.ANTHROPIC_MESSAGES),
            BaseUrl.of("https://proxy.example:8443/tenant-secret"),
            List.of(new Key()),
            Map.of("x-extra", "header-secret"),
            Map.of(),
            Optional.empty(),
            Timeouts.DEFAULT,
            List.of());
    var vendors = new Vendors(List.of(spec.vendor(catalogue)));
    var plan =
        new Plan(
            List.of(
                new Route(
                    "assistant",
                    new Target("claude", "claude-sonnet-4-5"),
                    List.of(new Target("openai", "gpt-5.1")))),
            List.of(Plan.VendorName.of("claude")));

    byte[] page =
        Overview.json(
            "0.1.0",
            Instant.parse("2026-11-24T03:00:00Z"),
            Instant.parse("2026-11-24T04:00:05.9Z"),
            vendors,
            plan);

    assertThat(Json.parse(page))
        .isEqualTo(
            Json.parse(
                """
                {"version": "0.1.0", "started_at": "2026-11-24T03:00:00Z", "uptime_seconds": 3605,
                 "vendors": [
                   {"name": "claude", "kind": "anthropic",
                    "endpoints": [
                      {"protocol": "anthropic-messages", "address": "https://proxy.example:8443"}],
                    "credentials": ["ANTHROPIC_API_KEY"]}],
                 "routes": [
                   {"name": "assistant", "serve": "claude/claude-sonnet-4-5",
                    "fallback": ["openai/gpt-5.1"]}]}
                """));
  }

  private static final class Key implements Credential {
    private final String secret = "key-secret";

    @Override
    public String label() {
      return "ANTHROPIC_API_KEY";
    }

    @Override
    public void sign(VendorRequest request) {
      request.headers().put("x-api-key", secret);
    }
  }
}
