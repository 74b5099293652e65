package dev.understudy.protocol;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Cited;
import dev.understudy.chat.ReplyEvent.Closed;
import dev.understudy.chat.ReplyEvent.Delta;
import dev.understudy.chat.ReplyEvent.Opened;
import dev.understudy.chat.Seal;
import dev.understudy.chat.TokenLogprob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives flat streams their parts.
 *
 * <p>Some protocols announce where a part starts and ends; others only send deltas, and a change of
 * kind is the boundary. Readers of flat protocols hand every delta to this class, so that the rule
 * lives in one place and no delta is lost at a boundary.
 *
 * <p>Tool calls may be interleaved: two calls of which pieces arrive by turns. A call stays open
 * until its input is a whole JSON value; what arrives meanwhile waits, so that callers see one part
 * at a time and nothing is held back in the usual case, where calls arrive one after another.
 */
public final class PartSequencer {
  private enum Kind {
    NOTHING,
    TEXT,
    REASONING,
    REFUSAL,
    TOOL_CALL
  }

  /** A tool call that has begun; its pieces wait here while another part is open. */
  private static final class Call {
    final String callId;
    final String tool;
    final Optional<Seal> seal;
    final StringBuilder waiting = new StringBuilder();
    final JsonEnd end = new JsonEnd();
    boolean closed;

    Call(String callId, String tool, Optional<Seal> seal) {
      this.callId = callId;
      this.tool = tool;
      this.seal = seal;
    }
  }

  private final Consumer<ReplyEvent> out;
  private final Map<Integer, Call> calls = new HashMap<>();
  private final Deque<Call> queue = new ArrayDeque<>();
  private final List<Runnable> held = new ArrayList<>();
  private Kind open = Kind.NOTHING;
  private @Nullable Call openCall;
  private int index = -1;

  public PartSequencer(Consumer<ReplyEvent> out) {
    this.out = out;
  }

  public void text(String text, List<TokenLogprob> logprobs) {
    flat(Kind.TEXT, new PartStart.Text(), text, logprobs);
  }

  public void text(String text) {
    text(text, List.of());
  }

  public void reasoning(String text) {
    flat(Kind.REASONING, new PartStart.Reasoning(), text, List.of());
  }

  public void refusal(String text) {
    flat(Kind.REFUSAL, new PartStart.Refusal(), text, List.of());
  }

  /** Something supports the text so far; opens a text part if none is open. */
  public void cited(Citation citation) {
    if (callsArePending()) {
      held.add(() -> cited(citation));
      return;
    }
    switchTo(Kind.TEXT, new PartStart.Text());
    out.accept(new Cited(index, citation));
  }

  /** A part that arrives in one piece. */
  public void whole(Part part) {
    if (callsArePending()) {
      held.add(() -> whole(part));
      return;
    }
    close(Optional.empty());
    index++;
    out.accept(new Opened(index, new PartStart.Whole(part)));
    out.accept(new Closed(index));
  }

  /** Seals the open thought, or, where none is open, an empty one. */
  public void seal(Seal seal) {
    if (callsArePending()) {
      held.add(() -> seal(seal));
      return;
    }
    switchTo(Kind.REASONING, new PartStart.Reasoning());
    close(Optional.of(seal));
  }

  /**
   * A call begins. {@code key} is the vendor's number for it; a key that has a call already is
   * ignored.
   */
  public void callOpened(int key, String callId, String tool, Optional<Seal> seal) {
    if (calls.containsKey(key)) {
      return;
    }
    var call = new Call(callId, tool, seal);
    calls.put(key, call);
    queue.add(call);
    advance();
  }

  /** Whether a call with this key has begun. */
  public boolean hasCall(int key) {
    return calls.containsKey(key);
  }

  /**
   * More of a call's input.
   *
   * @throws IllegalStateException if no call of this key has begun
   */
  public void callDelta(int key, String json) {
    Call call = calls.get(key);
    if (call == null) {
      throw new IllegalStateException("a piece of tool call " + key + ", which has not begun");
    }
    if (call.closed) {
      // Only white space can follow a whole JSON value; anything else is the vendor's mistake and
      // would be lost without a word.
      if (!json.isBlank()) {
        throw new IllegalStateException("more input for tool call " + key + ", which was complete");
      }
      return;
    }
    if (json.isEmpty()) {
      return;
    }
    if (call == openCall) {
      call.end.accept(json);
      out.accept(new Delta(index, json));
      advance();
    } else {
      call.waiting.append(json);
    }
  }

  /** The vendor says that nothing more follows: everything that waits is told, and closed. */
  public void finish() {
    while (openCall != null || !queue.isEmpty()) {
      if (openCall == null) {
        openNext();
      }
      close(Optional.empty());
    }
    var late = List.copyOf(held);
    held.clear();
    late.forEach(Runnable::run);
    close(Optional.empty());
  }

  /** How many parts have been opened. */
  public int parts() {
    return index + 1;
  }

  private void flat(Kind kind, PartStart start, String text, List<TokenLogprob> logprobs) {
    if (text.isEmpty() && logprobs.isEmpty()) {
      return;
    }
    if (callsArePending()) {
      held.add(() -> flat(kind, start, text, logprobs));
      return;
    }
    switchTo(kind, start);
    out.accept(new Delta(index, text, logprobs));
  }

  /**
   * Whether another part must wait: a call is open whose input is not whole, or calls wait. A call
   * that has no input yet may still get some.
   */
  private boolean callsArePending() {
    return !queue.isEmpty() || (openCall != null && !openCall.end.isWhole());
  }

  private void switchTo(Kind kind, PartStart start) {
    if (open == kind) {
      return;
    }
    close(Optional.empty());
    index++;
    open = kind;
    out.accept(new Opened(index, start));
  }

  private void advance() {
    while (!queue.isEmpty() && (openCall == null || openCall.end.isWhole())) {
      openNext();
    }
    if (!held.isEmpty() && !callsArePending()) {
      var late = List.copyOf(held);
      held.clear();
      late.forEach(Runnable::run);
    }
  }

  private void openNext() {
    Call next = queue.remove();
    close(Optional.empty());
    index++;
    open = Kind.TOOL_CALL;
    openCall = next;
    out.accept(new Opened(index, new PartStart.ToolCall(next.callId, next.tool, next.seal)));
    if (!next.waiting.isEmpty()) {
      String json = next.waiting.toString();
      next.waiting.setLength(0);
      next.end.accept(json);
      out.accept(new Delta(index, json));
    }
  }

  private void close(Optional<Seal> seal) {
    if (open == Kind.NOTHING) {
      return;
    }
    if (openCall != null) {
      openCall.closed = true;
      openCall = null;
    }
    open = Kind.NOTHING;
    out.accept(new Closed(index, seal));
  }

  /** Watches JSON text go by and knows when the outermost value is complete. */
  private static final class JsonEnd {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean whole;

    void accept(String json) {
      for (int i = 0; i < json.length(); i++) {
        accept(json.charAt(i));
      }
    }

    private void accept(char c) {
      if (escaped) {
        escaped = false;
      } else if (inString) {
        inString = c != '"';
        escaped = c == '\\';
      } else {
        switch (c) {
          case '"' -> inString = true;
          case '{', '[' -> depth++;
          case '}', ']' -> {
            depth--;
            whole |= depth == 0;
          }
          default -> {}
        }
      }
    }

    boolean isWhole() {
      return whole;
    }
  }
}
