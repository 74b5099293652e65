package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.contract.Basis;
import dev.understudy.exchange.Attempt;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides before every attempt of a call, the first as well as any later one, whether its target
 * may be asked: limits, budgets, capacity and contracts each are one gate.
 *
 * <p>Asked on the call's event loop: it neither blocks nor throws.
 */
public interface Gate {
  /** Lets everything through. */
  Gate OPEN = asking -> Verdict.FREE;

  Verdict admits(Asking asking);

  /** What a gate says. */
  sealed interface Verdict {
    Verdict FREE = new Open(Ticket.NONE);

    /** The target may be asked. */
    record Open(Ticket ticket) implements Verdict {}

    /**
     * It may not; another may.
     *
     * @param rule one word for the record, such as {@code limit} or {@code budget}
     * @param why a clause for the record
     * @param told what the caller hears if nobody else may be asked either
     * @param clause the contract's clause that closes it, if one does
     */
    record Closed(String rule, String why, Failure told, Optional<Basis> clause)
        implements Verdict {
      Closed(String rule, String why, Failure told) {
        this(rule, why, told, Optional.empty());
      }
    }

    /** It is not known yet: the question is to be asked again when the call is called back. */
    record Later(Waiting waiting) implements Verdict {}
  }

  /** A way to be called back, once, within a bound of time, on whatever thread. */
  @FunctionalInterface
  interface Waiting {
    void then(Runnable again);
  }

  /** What was taken for one attempt, to be settled when it is over. */
  interface Ticket {
    Ticket NONE = attempt -> {};

    /** The clause by which the attempt may be made, for the record; empty where none was needed. */
    default String basis() {
      return "";
    }

    /** The same clause by its parts; empty where no contract's clause was needed. */
    default Optional<Basis> clause() {
      return Optional.empty();
    }

    /** The request is on its way to the vendor. */
    default void sent() {}

    /**
     * The head of the vendor's reply is there.
     *
     * @param header the value of a header by its name in lower case
     */
    default void answering(int status, Function<String, Optional<String>> header) {}

    /**
     * The vendor answered with an error.
     *
     * @param body the error as it came
     */
    default void refused(int status, Function<String, Optional<String>> header, byte[] body) {}

    /** The attempt is over; called once, whatever became of it. */
    void over(Attempt attempt);
  }

  /** One gate after another: who closes ends the question, and what was taken is given back. */
  static Gate all(Gate... gates) {
    Gate[] each = gates.clone();
    return switch (each.length) {
      case 0 -> OPEN;
      case 1 -> each[0];
      default -> new Gates(each);
    };
  }
}
