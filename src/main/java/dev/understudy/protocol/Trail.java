package dev.understudy.protocol;

import dev.understudy.json.Json;
import dev.understudy.protocol.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/**
 * What went by of a relayed reply, kept as short as its own protocol allows, so that another can go
 * on where it broke off. A {@link Meter} that is asked to remember fills it in.
 *
 * <p>From the first tool call on nothing is added: tool calls are held back until the reply is
 * whole, so the caller has none of it.
 */
public final class Trail {
  /** A longer answer is not remembered, and not gone on with. */
  public static final int BYTES_MAX = 1 << 20;

  /** As in a JSON string, escapes not undone: that is how it comes, and it is rarely needed. */
  private final Bytes text = new Bytes();

  private final List<byte[]> kept = new ArrayList<>();
  private int keptBytes;
  private String replyId = "";
  private String model = "";
  private int part = -1;
  private boolean open;
  private int openFrom;
  private boolean thinking;
  private boolean holding;
  private boolean broken;
  private byte @Nullable [] heldIn;
  private int heldAt;
  private long number = -1;
  private @Nullable String obstacle;
  private Mark mark = new Mark(0, 0, -1, false, 0, false, -1);

  private record Mark(
      int text, int kept, int part, boolean open, int openFrom, boolean thinking, long number) {}

  // --- what meters tell ---

  public void named(String id, String by) {
    replyId = id;
    model = by;
  }

  /** A text part began. */
  public void opened(int index) {
    if (!holding) {
      part = index;
      open = true;
      openFrom = text.size();
      thinking = false;
    }
  }

  /** The part that was open is complete, text or not. */
  public void closed(int index) {
    if (!holding) {
      part = Math.max(part, index);
      open = false;
    }
  }

  /** More text, as it stands between the quotes of a JSON string. */
  public void text(byte[] json, int from, int to) {
    if (!holding && obstacle == null) {
      text.write(json, from, to - from);
      thinking = false;
      bound();
    }
  }

  /** More text. */
  public void text(String more) {
    byte[] json = Json.bytes(StringNode.valueOf(more));
    text(json, 1, json.length - 1);
  }

  /** More of a thought, which need not be kept. */
  public void thought() {
    if (!holding) {
      thinking = true;
      open = false;
    }
  }

  /** A tool call began: from here on nothing may go to the caller until all of it has come. */
  public void holds() {
    holding = true;
  }

  /** A tool call began with this event, whose data stand here. */
  public void holds(byte[] data, int offset) {
    if (!holding) {
      holding = true;
      heldIn = data;
      heldAt = offset;
    }
  }

  /** The stream broke with this event, whose data stand here; what came before it counts. */
  public void breaks(byte[] data, int offset) {
    if (!holding) {
      holds(data, offset);
      broken = true;
    }
  }

  /** The stream broke, nobody knows with which event. */
  public void breaks() {
    if (!holding) {
      holding = true;
      broken = true;
    }
  }

  /** Something that nobody can go on with. */
  public void obstacle(String what) {
    if (!holding && obstacle == null) {
      obstacle = what;
    }
  }

  /** An event of which the protocol needs to know every word. */
  public void keep(byte[] data, int offset, int length) {
    if (!holding) {
      kept.add(Arrays.copyOfRange(data, offset, offset + length));
      keptBytes += length;
      bound();
    }
  }

  /** The event's number in its stream. */
  public void numbered(long sequence) {
    if (!holding) {
      number = sequence;
    }
  }

  private void bound() {
    if (text.size() + keptBytes > BYTES_MAX) {
      obstacle("it is longer than is remembered");
    }
  }

  // --- what is asked ---

  /** Everything so far has gone to the caller. */
  public void mark() {
    mark = new Mark(text.size(), kept.size(), part, open, openFrom, thinking, number);
  }

  /** Forgets what came after the mark, and did not go to the caller. */
  public void rollBack() {
    text.cutTo(mark.text());
    kept.subList(mark.kept(), kept.size()).clear();
    part = mark.part();
    open = mark.open();
    openFrom = mark.openFrom();
    thinking = mark.thinking();
    number = mark.number();
  }

  /** Where in these bytes the data of the first tool call stand; -1 if that is not known. */
  @SuppressWarnings("ReferenceEquality") // whether it is this very array is what is asked
  public int heldAt(byte[] bytes) {
    return heldIn == bytes ? heldAt : -1;
  }

  /** Whether what came last broke the stream, and no tool call came before it. */
  public boolean isBroken() {
    return broken;
  }

  public boolean isHolding() {
    return holding;
  }

  /** What stands against going on; empty if nothing does. */
  public Optional<String> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  public String replyId() {
    return replyId;
  }

  public String model() {
    return model;
  }

  /** The number of the part that began last; -1 if none did. */
  public int part() {
    return part;
  }

  /** Whether a text part is open. */
  public boolean isOpen() {
    return open;
  }

  /** Whether the last that came was a thought. */
  public boolean isThinking() {
    return thinking;
  }

  /** The number of the event that came last; -1 if events have none. */
  public long number() {
    return number;
  }

  /** The events that were kept. */
  public List<byte[]> kept() {
    return List.copyOf(kept);
  }

  /** All text there was. */
  public String text() {
    return text(0);
  }

  /** The text of the open part. */
  public String openText() {
    return text(open ? openFrom : text.size());
  }

  private String text(int from) {
    return Json.parse(
            "\""
                + new String(text.array(), from, text.size() - from, StandardCharsets.UTF_8)
                + "\"")
        .stringValue();
  }
}
