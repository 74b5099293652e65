package dev.understudy.gateway;

import dev.understudy.chat.Usage;
import java.util.Optional;

/**
 * What was learned from a vendor's reply on its way, for the record.
 *
 * @param contentBytes roughly how many bytes of answer there were
 */
record Reading(
    Usage usage, String model, Optional<String> stopReason, String replyId, long contentBytes) {
  static final Reading NOTHING = new Reading(Usage.UNSAID, "", Optional.empty(), "", 0);
}
