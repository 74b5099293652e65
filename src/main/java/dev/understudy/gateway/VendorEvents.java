package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.wire.BedrockChunks;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Endpoint;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a vendor's stream into events that keep to the grammar, and notes what they tell of it. */
final class VendorEvents {
  private final ReplyReader reader;
  private final EventGrammar grammar = new EventGrammar();
  private final Consumer<ReplyEvent> to;
  private final Optional<BedrockChunks> unwrapped;
  private final String vendor;
  private final Bytes plain = new Bytes();
  private Usage usage = Usage.UNSAID;
  private String model = "";
  private String replyId = "";
  private long contentBytes;
  private @Nullable Stop stop;

  VendorEvents(Outbound vendors, Endpoint endpoint, Losses losses, Consumer<ReplyEvent> to) {
    this.to = to;
    this.reader = vendors.streamReader(endpoint.dialect(), this::event, losses);
    this.vendor = endpoint.dialect().vendor();
    this.unwrapped =
        switch (endpoint.framing()) {
          case PLAIN -> Optional.empty();
          case BEDROCK_CHUNKS -> Optional.of(new BedrockChunks());
        };
  }

  private void event(ReplyEvent event) {
    grammar.check(event);
    switch (event) {
      case ReplyEvent.Started started -> {
        model = started.model();
        replyId = started.id();
      }
      case ReplyEvent.Delta delta -> contentBytes += delta.text().length();
      case ReplyEvent.Counted counted -> usage = counted.usage();
      case ReplyEvent.Ended ended -> stop = ended.stop();
      case ReplyEvent.Opened _,
          ReplyEvent.Closed _,
          ReplyEvent.Cited _,
          ReplyEvent.Broken _,
          ReplyEvent.Heartbeat _ -> {}
    }
    to.accept(event);
  }

  /** Reads on; what is wrong with it, if anything is. */
  Optional<Failure> accept(byte[] bytes, int offset, int length) {
    try {
      if (unwrapped.isPresent()) {
        plain.reset();
        unwrapped.get().accept(bytes, offset, length, plain);
        reader.accept(plain.array(), 0, plain.size());
      } else {
        reader.accept(bytes, offset, length);
      }
      return Optional.empty();
    } catch (IllegalStateException e) {
      // The grammar's complaint, or a frame that is too long: the vendor's stream is not what it
      // should be.
      return Optional.of(nonsense());
    }
  }

  /** The body is over; what is wrong with it, if anything is. */
  Optional<Failure> end() {
    try {
      if (unwrapped.isPresent()) {
        plain.reset();
        unwrapped.get().end(plain);
        reader.accept(plain.array(), 0, plain.size());
      }
      reader.end();
    } catch (IllegalStateException e) {
      return Optional.of(nonsense());
    }
    return stop == null
        ? Optional.of(upstream("its stream broke off before its end"))
        : Optional.empty();
  }

  /** Some protocols do not say which of their events is the last: it may have come. */
  void endUnannounced() {
    try {
      reader.end();
    } catch (IllegalStateException e) {
      // It had not.
    }
  }

  private Failure nonsense() {
    return upstream("its stream does not follow its protocol");
  }

  /** A failure that is the vendor's. */
  Failure upstream(String what) {
    return Failures.upstream(502, vendor, what);
  }

  /** Why the answer ended; null as long as it has not. */
  @Nullable Stop stop() {
    return stop;
  }

  Reading reading() {
    return new Reading(
        usage,
        model,
        Optional.ofNullable(stop)
            .map(s -> s.vendorReason().orElse(s.reason().name().toLowerCase(Locale.ROOT))),
        replyId,
        contentBytes);
  }
}
