package dev.understudy.gateway;

import dev.understudy.contract.Basis;
import dev.understudy.contract.Rules;
import dev.understudy.contract.Ruling;
import dev.understudy.exchange.Attempt;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks contracts before every attempt, by the rules as they are then: an outage may be over, or a
 * window closed, since the call's targets were put in order.
 */
final class ContractGate implements Gate {
  private final Supplier<Rules> rules;

  ContractGate(Supplier<Rules> rules) {
    this.rules = rules;
  }

  @Override
  public Verdict admits(Asking asking) {
    Rules now = rules.get();
    if (now.isEmpty()) {
      return Verdict.FREE;
    }
    Ruling ruling =
        now.judge(
            asking.target().vendor(),
            asking.kind(),
            asking.target().model(),
            asking.region(),
            asking.asker());
    if (!ruling.allowed()) {
      return new Verdict.Closed(
          Lawful.RULE,
          ruling.text(),
          Lawful.failure(asking.route(), asking.target().name(), ruling),
          ruling.clause());
    }
    return ruling.basis().isEmpty() ? Verdict.FREE : new Verdict.Open(new Grounds(ruling));
  }

  /** The clause by which an attempt is made. */
  private record Grounds(Ruling ruling) implements Ticket {
    @Override
    public String basis() {
      return ruling.text();
    }

    @Override
    public Optional<Basis> clause() {
      return ruling.clause();
    }

    @Override
    public void over(Attempt attempt) {
      // Nothing was taken.
    }
  }
}
