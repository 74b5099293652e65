package dev.understudy.protocol.openairesponses;

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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Emits the parts of a streamed answer one after another, and knows of the open one what was said,
 * so that a final text can add what its pieces left out.
 */
final class ItemParts {
  private final Consumer<ReplyEvent> out;
  private final StringBuilder text = new StringBuilder();
  private @Nullable PartStart open;
  private int index = -1;
  private int citations;
  private int logprobs;

  ItemParts(Consumer<ReplyEvent> out) {
    this.out = out;
  }

  boolean isOpen() {
    return open != null;
  }

  /** What was said in the open part. */
  CharSequence text() {
    return text;
  }

  void open(PartStart start) {
    if (open != null) {
      close(Optional.empty());
    }
    open = start;
    index++;
    text.setLength(0);
    citations = 0;
    logprobs = 0;
    out.accept(new Opened(index, start));
  }

  void delta(String more, List<TokenLogprob> odds) {
    if (more.isEmpty() && odds.isEmpty()) {
      return;
    }
    text.append(more);
    logprobs += odds.size();
    out.accept(new Delta(index, more, odds));
  }

  void cited(Citation citation) {
    citations++;
    out.accept(new Cited(index, citation));
  }

  void close(Optional<Seal> seal) {
    if (open != null) {
      open = null;
      out.accept(new Closed(index, seal));
    }
  }

  /** Adds what the final text has beyond what was said; returns false if they disagree. */
  boolean complete(String finalText) {
    if (!finalText.startsWith(text.toString())) {
      return false;
    }
    delta(finalText.substring(text.length()), List.of());
    return true;
  }

  /**
   * Completes and closes the open part by what it is in the end, or tells it whole if none is open;
   * returns false if what was said disagrees.
   */
  boolean finish(Part part) {
    return switch (part) {
      case Part.Text whole -> {
        openIfNone(new PartStart.Text());
        int odds = whole.logprobs().size();
        List<TokenLogprob> more =
            logprobs < odds ? whole.logprobs().subList(logprobs, odds) : List.of();
        boolean agrees = whole.text().startsWith(text.toString());
        delta(agrees ? whole.text().substring(text.length()) : "", more);
        for (int i = citations; i < whole.citations().size(); i++) {
          cited(whole.citations().get(i));
        }
        close(Optional.empty());
        yield agrees;
      }
      case Part.Refusal(String whole) -> {
        openIfNone(new PartStart.Refusal());
        boolean agrees = complete(whole);
        close(Optional.empty());
        yield agrees;
      }
      case Part.Reasoning(String whole, var seal) -> {
        openIfNone(new PartStart.Reasoning());
        boolean agrees = complete(whole);
        close(seal);
        yield agrees;
      }
      case Part.ToolCall call -> {
        openIfNone(new PartStart.ToolCall(call.callId(), call.tool(), call.seal()));
        boolean agrees = complete(call.inputJson());
        close(Optional.empty());
        yield agrees;
      }
      case Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.ToolResult _,
          Part.CachePoint _,
          Part.Foreign _ -> {
        open(new PartStart.Whole(part));
        close(Optional.empty());
        yield true;
      }
    };
  }

  private void openIfNone(PartStart start) {
    if (open == null) {
      open(start);
    }
  }
}
