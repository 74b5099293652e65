package dev.understudy.protocol;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyEvent.Cited;
import dev.understudy.chat.ReplyEvent.Closed;
import dev.understudy.chat.ReplyEvent.Counted;
import dev.understudy.chat.ReplyEvent.Delta;
import dev.understudy.chat.ReplyEvent.Ended;
import dev.understudy.chat.ReplyEvent.Opened;
import dev.understudy.chat.ReplyEvent.Started;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells a whole answer as the events of a stream. */
public final class ReplyUnfold {
  private ReplyUnfold() {}

  public static void unfold(ChatReply reply, Consumer<ReplyEvent> out) {
    out.accept(new Started(reply.id(), reply.model()));
    int index = 0;
    for (Part part : reply.parts()) {
      part(part, index, out);
      index++;
    }
    if (reply.usage().isSaid()) {
      out.accept(new Counted(reply.usage()));
    }
    out.accept(new Ended(reply.stop()));
  }

  private static void part(Part part, int i, Consumer<ReplyEvent> out) {
    switch (part) {
      case Part.Text text -> {
        out.accept(new Opened(i, new PartStart.Text()));
        if (!text.text().isEmpty() || !text.logprobs().isEmpty()) {
          out.accept(new Delta(i, text.text(), text.logprobs()));
        }
        text.citations().forEach(citation -> out.accept(new Cited(i, citation)));
        out.accept(new Closed(i));
      }
      case Part.Reasoning(String text, var seal) -> {
        out.accept(new Opened(i, new PartStart.Reasoning()));
        if (!text.isEmpty()) {
          out.accept(new Delta(i, text));
        }
        out.accept(new Closed(i, seal));
      }
      case Part.Refusal(String text) -> {
        out.accept(new Opened(i, new PartStart.Refusal()));
        out.accept(new Delta(i, text));
        out.accept(new Closed(i));
      }
      case Part.ToolCall call -> {
        out.accept(new Opened(i, new PartStart.ToolCall(call.callId(), call.tool(), call.seal())));
        if (!call.inputJson().isEmpty()) {
          out.accept(new Delta(i, call.inputJson()));
        }
        out.accept(new Closed(i, Optional.empty()));
      }
      case Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.ToolResult _,
          Part.CachePoint _,
          Part.Foreign _ -> {
        out.accept(new Opened(i, new PartStart.Whole(part)));
        out.accept(new Closed(i));
      }
    }
  }
}
