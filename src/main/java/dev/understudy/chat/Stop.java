package dev.understudy.chat;

import java.util.Optional;

/**
 * Why an answer ended.
 *
 * @param vendorReason the vendor's own word
 * @param sequence the stop text that was met, where the vendor says which
 */
public record Stop(Reason reason, Optional<String> vendorReason, Optional<String> sequence) {

  public enum Reason {
    /** The model had nothing more to say. */
    END,
    MAX_TOKENS,
    STOP_SEQUENCE,
    TOOL_CALLS,
    /** The model or a filter would not answer. */
    REFUSAL,
    CONTENT_FILTER,
    /** A turn with the vendor's own tools was interrupted and can be continued. */
    PAUSE,
    /** The context window is full. */
    CONTEXT_WINDOW,
    /** The vendor's word has no counterpart here. */
    OTHER
  }

  public Stop(Reason reason) {
    this(reason, Optional.empty(), Optional.empty());
  }

  public Stop(Reason reason, String vendorReason) {
    this(reason, Optional.of(vendorReason), Optional.empty());
  }
}
