package dev.understudy.gateway;

import dev.understudy.capacity.Capacity;
import dev.understudy.chat.Failure;
import dev.understudy.routing.Route;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings a call's next attempt about: past the gates, after a pause, or out of the line; and says
 * what the caller hears if none may be made.
 */
final class Dispatch {
  /** A gate calls back sooner; should it not, the call goes on all the same. */
  private static final long AWAIT_NANOS_MAX = 5_000_000_000L;

  private final Course course;
  private final Call call;
  private final LoopState loop;
  private final Queueing queueing;
  private final Route route;
  private final Agenda agenda;
  private final Admission admission;
  private Agenda.@Nullable Step paused;
  private long pausedUntil;
  private int awaits;
  private @Nullable Unserved unserved;

  Dispatch(Course course, Call call, CallParts parts, Route route, Agenda agenda) {
    this.course = course;
    this.call = call;
    this.loop = parts.loop();
    this.queueing = parts.queueing();
    this.route = route;
    this.agenda = agenda;
    this.admission = new Admission(parts, route.name());
  }

  /** Makes the next attempt, or the one after it if that one may not be made. */
  void follow(Optional<Agenda.Step> first) {
    Optional<Agenda.Step> step = first;
    while (step.isPresent()) {
      if (step.get().delayNanos() > 0) {
        pause(step.get(), step.get().delayNanos());
        return;
      }
      Candidate asking = step.get().candidate();
      switch (admission.of(step.get(), course.continuation(), usual(asking))) {
        case Admission.Answer.Admitted admitted -> {
          course.begin(admitted);
          return;
        }
        case Admission.Answer.Later(Gate.Waiting until) -> {
          await(step.get(), until);
          return;
        }
        case Admission.Answer.Closed closed -> {
          note(closed);
          step =
              closed.isForRoom()
                  ? agenda.withoutRoom("fallback, as " + asking.target().name() + " has no room")
                  : agenda.without(asking, "next target");
        }
      }
    }
    nobodyLeft();
  }

  /**
   * Another target beside one that keeps silent; empty if there is none that may be asked at once.
   * Nobody hears of one that is refused, or would have to wait.
   */
  Optional<Admission.Answer.Admitted> beside(Candidate running, String why) {
    Optional<Agenda.Step> step = agenda.beside(running, why);
    if (step.isEmpty()) {
      return Optional.empty();
    }
    if (admission.of(step.get(), course.continuation(), usual(step.get().candidate()))
        instanceof Admission.Answer.Admitted admitted) {
      return Optional.of(admitted);
    }
    agenda.notBeside();
    return Optional.empty();
  }

  private Asking.Urgency usual(Candidate candidate) {
    return queueing.urgency(agenda.hasOther(candidate));
  }

  // --- nobody is left to ask as usual ---

  /** The call waits in line, insists once, or is over. */
  private void nobodyLeft() {
    Continuation going = course.continuation();
    if (going != null) {
      if (!insists()) {
        course.giveUp(going);
      }
      return;
    }
    Optional<Candidate> stays = queueing.stays();
    if (stays.isPresent()
        && goes(
            new Agenda.Step(stays.get(), "stays, as nobody else takes it", 0),
            queueing.urgency(false))) {
      return;
    }
    switch (queueing.park(route, this::roomFound)) {
      case Queueing.Waiting.Parked _ -> {}
      case Queueing.Waiting.Refused(Failure failure) -> call.refuse(failure);
      case Queueing.Waiting.Not _ -> {
        if (!insists()) {
          call.deliver(call.require(unserved));
        }
      }
    }
  }

  /** Asks a target that may have no room, where nobody else answers. */
  private boolean insists() {
    Optional<Candidate> target = queueing.lastResort();
    return target.isPresent()
        && goes(
            new Agenda.Step(target.get(), "last resort: nobody has room", 0), queueing.insisting());
  }

  /** Makes an attempt, or waits until its gates know; false if it may not be made. */
  private boolean goes(Agenda.Step step, Asking.Urgency urgency) {
    return switch (admission.of(step, course.continuation(), urgency)) {
      case Admission.Answer.Admitted admitted -> {
        course.begin(admitted);
        yield true;
      }
      case Admission.Answer.Later(Gate.Waiting until) -> {
        await(step, until);
        yield true;
      }
      case Admission.Answer.Closed closed -> {
        note(closed);
        yield false;
      }
    };
  }

  /** The call waited, and a target has set aside what it needs. */
  private void roomFound(Parking.Room room) {
    if (call.isOver()) {
      room.reservation().unsent(Capacity.now());
      return;
    }
    try {
      String why = queueing.turn();
      if (!goes(new Agenda.Step(room.candidate(), why, 0), queueing.holding(room))) {
        call.deliver(call.require(unserved));
      }
    } catch (RuntimeException e) {
      call.fault(e);
    }
  }

  // --- waiting ---

  private void pause(Agenda.Step step, long nanos) {
    paused = step;
    pausedUntil = System.nanoTime() + nanos;
  }

  /** Waits to ask the gates once more; a bound of time holds here too. */
  private void await(Agenda.Step step, Gate.Waiting until) {
    pause(step, AWAIT_NANOS_MAX);
    int number = ++awaits;
    until.then(() -> loop.loop().execute(() -> resume(step, number)));
  }

  private void resume(Agenda.Step step, int number) {
    if (paused != null && awaits == number) {
      paused = null;
      try {
        follow(Optional.of(step));
      } catch (RuntimeException e) {
        call.fault(e);
      }
    }
  }

  void checkTime(long now) {
    if (queueing.isParked()) {
      queueing.overdue(route).ifPresent(call::refuse);
    }
    Agenda.Step pausing = paused;
    if (pausing != null && now - pausedUntil >= 0) {
      paused = null;
      awaits++;
      follow(Optional.of(new Agenda.Step(pausing.candidate(), pausing.why(), 0)));
    }
  }

  /** The call is over: whatever it waits for, nothing is made of it. */
  void stop() {
    paused = null;
  }

  // --- what the caller hears if nobody answers ---

  private void note(Admission.Answer.Closed closed) {
    if (unserved == null) {
      unserved = Unserved.ours(closed.told());
    }
  }

  /** A vendor answered with an error: what the last one said is the best there is to tell. */
  void refused(Unserved said) {
    unserved = said;
  }

  /** A target did not answer; that is told only where nobody said anything. */
  void unreached(Failure failure, Candidate candidate) {
    Unserved before = unserved;
    if (before == null || !before.said()) {
      unserved = Unserved.unreached(failure, candidate);
    }
  }
}
