package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.routing.GainRule;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Review;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Tier;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Vendors;
import java.util.TreeSet;

/**
 * Tells in a text who answers under a name, so that answers of a vendor in a box, or of a route as
 * it was, are not taken for those of the vendor, or of the route as it is.
 */
final class Behind {
  private Behind() {}

  /**
   * Who answers.
   *
   * @param real the vendors that are none in a box, whose ports change from start to start
   */
  static String text(String name, Plan plan, Vendors real) {
    if (!(plan.resolve(name) instanceof Resolution.Found(var route))) {
      return "nobody";
    }
    var text = new StringBuilder();
    for (Tier tier : route.tiers()) {
      text.append("first of ").append(tier.balance()).append('\n');
      tier.gain().ifPresent(rule -> text.append(text(rule)).append('\n'));
      for (RouteTarget target : tier.targets()) {
        text.append(text(target, real)).append(" by ").append(target.weight()).append('\n');
      }
    }
    route.review().ifPresent(review -> text.append(text(review, real)));
    return text.toString();
  }

  /**
   * Whether a gateway with these settings has a vendor in a box answer in the place of a target.
   */
  static boolean isInABox(Settings settings, String target) {
    return settings.sandbox()
        && settings
            .vendors()
            .named(target.substring(0, Math.max(0, target.indexOf('/'))))
            .isEmpty();
  }

  private static String text(GainRule rule) {
    return "by gain above %s, %s a point, at most %s"
        .formatted(rule.threshold(), rule.valuePerPoint(), rule.thresholdMax());
  }

  private static String text(Review review, Vendors real) {
    return switch (review) {
      case Review.Cascade(double threshold, var judge) ->
          "cascade below %s by %s"
              .formatted(threshold, judge.map(j -> text(j, real)).orElse("form"));
      case Review.Council(var checker, double share, var action) ->
          "council of %s, %s of %s".formatted(text(checker, real), action.text(), share);
    };
  }

  private static String text(RouteTarget target, Vendors real) {
    return "%s at %s with %s without %s"
        .formatted(
            target.name(),
            real.named(target.target().vendor())
                .map(vendor -> {
                  var doors = new TreeSet<String>();
                  for (Endpoint endpoint : vendor.endpoints()) {
                    doors.add(
                        "%s %s:%d"
                            .formatted(endpoint.protocol(), endpoint.host(), endpoint.port()));
                  }
                  return String.join(", ", doors);
                })
                .orElse("the sandbox"),
            target.overrides().set(),
            target.overrides().drop());
  }
}
