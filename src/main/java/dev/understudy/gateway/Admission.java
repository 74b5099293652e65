package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import org.jspecify.annotations.Nullable;

/** Asks the gates whether an attempt may be made, and notes what they say. */
final class Admission {
  private final CallParts parts;
  private final String route;

  /** What the gates say. */
  sealed interface Answer {
    /**
     * It may be made.
     *
     * @param candidate as it is to be asked
     */
    record Admitted(Candidate candidate, Gate.Ticket ticket) implements Answer {}

    /**
     * It may not.
     *
     * @param isForRoom whether the target only lacks room, which may change in a moment
     */
    record Closed(boolean isForRoom, Failure told) implements Answer {}

    /** They are to be asked again when the call is called back. */
    record Later(Gate.Waiting until) implements Answer {}
  }

  Admission(CallParts parts, String route) {
    this.parts = parts;
    this.route = route;
  }

  /**
   * Asks for one attempt.
   *
   * @param going the answer that is to be gone on with, if that is what the attempt is for
   */
  Answer of(Agenda.Step step, @Nullable Continuation going, Asking.Urgency urgency) {
    CallRecord record = parts.record();
    Candidate candidate = going == null ? step.candidate() : step.candidate().translated();
    var asking = new Asking(parts.asked(), candidate, route, record.attempts() + 1, urgency);
    return switch (parts.gate().admits(asking)) {
      case Gate.Verdict.Open(Gate.Ticket ticket) -> {
        String why = going == null ? step.why() : step.why().replace("fallback", "goes on");
        String basis = ticket.basis();
        record.notes().cite(candidate.use(), true, ticket.clause());
        parts.queueing().asks(candidate);
        record.notes().step(basis.isEmpty() ? why : why + "; allowed by " + basis);
        yield new Answer.Admitted(candidate, ticket);
      }
      case Gate.Verdict.Closed(String rule, String why, Failure told, var clause) -> {
        record.notes().exclude(candidate.use(), rule, why);
        record.notes().cite(candidate.use(), false, clause);
        boolean forRoom = CapacityGate.isForRoom(rule);
        if (forRoom) {
          parts.queueing().notAsked(step.candidate(), rule.equals(CapacityGate.SPILLED));
        }
        yield new Answer.Closed(forRoom, told);
      }
      case Gate.Verdict.Later(Gate.Waiting until) -> new Answer.Later(until);
    };
  }
}
