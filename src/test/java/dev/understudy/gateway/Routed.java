package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.Feature;
import dev.understudy.chat.ProtocolName;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Conditions;
import dev.understudy.routing.Health;
import dev.understudy.routing.Overrides;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import dev.understudy.routing.Waits;
import dev.understudy.vendor.Vendor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gateways with routes of a test's own to scripted vendors, and what is asked of them. */
final class Routed {
  static final String HI =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";

  static final String ASK =
      "{\"model\":\"r\",\"temperature\":1,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

  static final BreakerRule QUICK =
      new BreakerRule(
          2,
          1,
          1_000_000,
          Duration.ofSeconds(30),
          Duration.ZERO,
          1,
          Duration.ofMillis(300),
          Duration.ofSeconds(2),
          Duration.ZERO);

  private Routed() {}

  interface Condition {
    boolean holds() throws Exception;
  }

  static void await(Condition condition) throws Exception {
    for (int i = 0; i < 600 && !condition.holds(); i++) {
      Thread.sleep(50);
    }
    assertThat(condition.holds()).isTrue();
  }

  static <T> Optional<T> none() {
    return Optional.empty();
  }

  /** A target in the making. */
  record Made(RouteTarget made) {
    Made lacking(Feature feature) {
      return new Made(
          new RouteTarget(
              made.target(),
              1,
              made.when(),
              Set.of(feature),
              made.region(),
              made.waits(),
              made.overrides()));
    }

    Made when(Conditions when) {
      return new Made(
          new RouteTarget(
              made.target(), 1, when, made.lacks(), made.region(), made.waits(), made.overrides()));
    }

    Made in(String region) {
      return new Made(
          new RouteTarget(
              made.target(), 1, made.when(), made.lacks(), region, made.waits(), made.overrides()));
    }

    Made with(Overrides overrides) {
      return new Made(
          new RouteTarget(
              made.target(), 1, made.when(), made.lacks(), made.region(), made.waits(), overrides));
    }

    Made waiting(Waits waits) {
      return new Made(
          new RouteTarget(
              made.target(), 1, made.when(), made.lacks(), made.region(), waits, made.overrides()));
    }
  }

  static Made target(String vendor) {
    return new Made(RouteTarget.of(new Target(vendor, "m")));
  }

  static List<Tier> tiers(Made... targets) {
    var tiers = new ArrayList<Tier>();
    for (Made target : targets) {
      tiers.add(Tier.of(target.made()));
    }
    return tiers;
  }

  static Route route(Made... targets) {
    return new Route("r", tiers(targets));
  }

  static Vendor vendor(String name, ScriptedVendor scripted) {
    return House.vendor(name, scripted.port(), ProtocolName.OPENAI_CHAT);
  }

  static House house(Route route, Vendor... vendors) throws Exception {
    return house(BreakerRule.USUAL, route, vendors);
  }

  static House house(BreakerRule breakers, Route route, Vendor... vendors) throws Exception {
    return new House(
        Patience.USUAL,
        Gateway.Limits.none(),
        Callers.NONE,
        Counsel.NONE,
        breakers,
        List.of(route),
        vendors);
  }

  static House house(Gate gate, Route route, Vendor... vendors) throws Exception {
    return new House(
        Patience.USUAL,
        Gateway.Limits.none(),
        Callers.NONE,
        new Counsel(gate, Health.Headrooms.UNKNOWN, Health.Prices.UNKNOWN),
        BreakerRule.USUAL,
        List.of(route),
        vendors);
  }
}
