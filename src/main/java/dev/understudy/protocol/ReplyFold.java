package dev.understudy.protocol;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
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
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a streamed answer together again. */
public final class ReplyFold implements Consumer<ReplyEvent> {
  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<Citation> citations = new ArrayList<>();
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private String id = "";
  private String model = "";
  private Usage usage = Usage.UNSAID;
  private @Nullable PartStart open;
  private @Nullable Stop stop;
  private @Nullable Failure failure;

  @Override
  public void accept(ReplyEvent event) {
    switch (event) {
      case Started started -> {
        id = started.id();
        model = started.model();
      }
      case Opened opened -> open = opened.part();
      case Delta delta -> {
        text.append(delta.text());
        logprobs.addAll(delta.logprobs());
      }
      case Cited cited -> citations.add(cited.citation());
      case Closed closed -> {
        if (open != null) {
          parts.add(part(open, closed.seal()));
        }
        open = null;
        text.setLength(0);
        citations.clear();
        logprobs.clear();
      }
      case Counted counted -> usage = counted.usage();
      case Ended ended -> stop = ended.stop();
      case Broken broken -> failure = broken.failure();
      case Heartbeat _ -> {}
    }
  }

  private Part part(PartStart start, Optional<Seal> seal) {
    return switch (start) {
      case PartStart.Text _ -> new Part.Text(text.toString(), citations, logprobs);
      case PartStart.Reasoning _ -> new Part.Reasoning(text.toString(), seal);
      case PartStart.Refusal _ -> new Part.Refusal(text.toString());
      case PartStart.ToolCall call ->
          new Part.ToolCall(call.callId(), call.tool(), text.toString(), call.seal());
      case PartStart.Whole whole -> whole.part();
    };
  }

  /** The whole answer, once it ended well. */
  public Optional<ChatReply> reply() {
    return stop == null || failure != null
        ? Optional.empty()
        : Optional.of(new ChatReply(id, model, parts, stop, usage));
  }

  /** Why there is none, if the stream broke. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }

  /** What was counted so far, whether or not the answer ended. */
  public Usage usage() {
    return usage;
  }
}
