package dev.understudy.protocol;

import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Broken;
import dev.understudy.chat.ReplyEvent.Cited;
import dev.understudy.chat.ReplyEvent.Closed;
import dev.understudy.chat.ReplyEvent.Counted;
import dev.understudy.chat.ReplyEvent.Delta;
import dev.understudy.chat.ReplyEvent.Ended;
import dev.understudy.chat.ReplyEvent.Heartbeat;
import dev.understudy.chat.ReplyEvent.Opened;
import dev.understudy.chat.ReplyEvent.Started;

/** Holds one stream of events to the grammar that {@link ReplyEvent} states. */
public final class EventGrammar {
  private enum State {
    BEFORE,
    BETWEEN_PARTS,
    IN_PART,
    AFTER
  }

  private State state = State.BEFORE;
  private int index = -1;

  /**
   * Passes {@code event} on if it may come here.
   *
   * @throws IllegalStateException if it may not
   */
  public ReplyEvent check(ReplyEvent event) {
    state =
        switch (event) {
          case Started _ when state == State.BEFORE -> State.BETWEEN_PARTS;
          case Opened(int i, _) when state == State.BETWEEN_PARTS && i == index + 1 -> {
            index = i;
            yield State.IN_PART;
          }
          case Delta(int i, _, _) when state == State.IN_PART && i == index -> State.IN_PART;
          case Cited(int i, _) when state == State.IN_PART && i == index -> State.IN_PART;
          case Closed(int i, _) when state == State.IN_PART && i == index -> State.BETWEEN_PARTS;
          case Counted _ when state == State.BETWEEN_PARTS || state == State.IN_PART -> state;
          case Heartbeat _ when state != State.AFTER -> state;
          case Ended _ when state == State.BETWEEN_PARTS -> State.AFTER;
          case Broken _ when state != State.AFTER -> State.AFTER;
          case Started _,
              Opened _,
              Delta _,
              Cited _,
              Closed _,
              Counted _,
              Heartbeat _,
              Ended _,
              Broken _ ->
              throw new IllegalStateException(
                  "%s after part %d in state %s"
                      .formatted(event.getClass().getSimpleName(), index, state));
        };
    return event;
  }

  /** Whether the stream came to an end, good or bad. */
  public boolean isOver() {
    return state == State.AFTER;
  }
}
