package dev.understudy.gateway;

import dev.understudy.access.Reach;
import dev.understudy.chat.Failure;
import dev.understudy.text.Nearness;

/** Lets a caller reach what its organisation, its team and its key allow, and nothing else. */
final class ReachGate implements Gate {
  private static final String RULE = "reach";
  private static final String TYPE = "permission_error";

  @Override
  public Verdict admits(Asking asking) {
    Reach reach = asking.caller().reach();
    if (reach.isAny()) {
      return Verdict.FREE;
    }
    if (!reach.mayAskFor(asking.route())) {
      return new Verdict.Closed(
          RULE,
          "the key may not ask for it",
          Failure.of(
              403,
              TYPE,
              "this key may not ask for %s; it may ask for: %s"
                  .formatted(Nearness.quoted(asking.route()), reach.routesText())));
    }
    if (!reach.mayUse(asking.target().vendor())) {
      return new Verdict.Closed(
          RULE,
          "the key may not use vendor " + asking.target().vendor(),
          Failure.of(
              403,
              TYPE,
              "no vendor that this key may use answers for %s; it may use: %s"
                  .formatted(Nearness.quoted(asking.route()), reach.vendorsText())));
    }
    return Verdict.FREE;
  }
}
