package dev.understudy.sandbox;

import dev.understudy.sandbox.Answer.Framing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** The frames of an answer with the faults done to them that change frames. */
final class BrokenFrames {
  private BrokenFrames() {}

  static List<Frame> of(Answer answer, Optional<Fault> fault, Supplier<List<Frame>> failure) {
    if (fault.isEmpty()) {
      return answer.frames();
    }
    Fault asked = fault.get();
    List<Frame> frames = answer.frames();
    int event = Math.clamp(asked.detail("event", 1), 1, Math.max(1, frames.size()));
    return switch (asked.kind()) {
      case MALFORMED -> replace(frames, event - 1, malformed(frames, event - 1, answer.framing()));
      case ERROR -> answer.streamed() ? failing(frames, event - 1, failure.get()) : frames;
      case GZIP -> compressed(frames);
      case CHOP -> chopped(frames, Math.max(1, asked.detail("bytes", 1)));
      case STATUS, REFUSE, RESET, CUT, STALL, SLOW, MISTYPED, SHORT, LONG, EARLY, GARBAGE, BABBLE ->
          frames;
    };
  }

  private static List<Frame> replace(List<Frame> frames, int index, Frame other) {
    var all = new ArrayList<>(frames);
    all.set(index, other);
    return all;
  }

  private static List<Frame> failing(List<Frame> frames, int index, List<Frame> failure) {
    var all = new ArrayList<>(frames.subList(0, index));
    all.addAll(failure);
    return all;
  }

  private static Frame malformed(List<Frame> frames, int index, Framing framing) {
    Frame frame = frames.get(index);
    byte[] bytes = frame.bytes();
    return switch (framing) {
      case WHOLE -> new Frame(Arrays.copyOf(bytes, Math.max(1, bytes.length / 2)), frame.tokens());
      case SSE -> {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int data = text.indexOf("data: ");
        String before = data < 0 ? "" : text.substring(0, data);
        yield Frame.of(before + "data: {\"sandbox\": malformed\n\n", frame.tokens());
      }
      case JSON_ARRAY -> Frame.of((index == 0 ? "[" : ",") + "{\"sandbox\": malformed", 0);
      case AWS -> {
        // The last byte is of the message's checksum.
        byte[] broken = bytes.clone();
        broken[broken.length - 1] ^= 1;
        yield new Frame(broken, frame.tokens());
      }
    };
  }

  private static List<Frame> compressed(List<Frame> frames) {
    var all = new ArrayList<Frame>();
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out, true)) {
      for (Frame frame : frames) {
        gzip.write(frame.bytes());
        gzip.flush();
        all.add(new Frame(out.toByteArray(), frame.tokens()));
        out.reset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.add(new Frame(out.toByteArray(), 0));
    return all;
  }

  private static List<Frame> chopped(List<Frame> frames, int bytes) {
    var all = new ArrayList<Frame>();
    for (Frame frame : frames) {
      for (int from = 0; from < frame.bytes().length; from += bytes) {
        int to = Math.min(frame.bytes().length, from + bytes);
        all.add(
            new Frame(Arrays.copyOfRange(frame.bytes(), from, to), from == 0 ? frame.tokens() : 0));
      }
    }
    return all;
  }
}
