package dev.understudy.protocol;

import dev.understudy.chat.ChatRequest;

/**
 * What a writer of replies must know of the call it answers.
 *
 * @param request as the caller asked it
 * @param exchangeId a name for the reply where the vendor gives none; letters, digits and _ only
 * @param createdEpochSeconds when the reply was begun
 * @param sse as in {@link InboundCall}
 * @param vendor who answers; names the issuer of the seals in the reply
 */
public record ReplyContext(
    ChatRequest request, String exchangeId, long createdEpochSeconds, boolean sse, String vendor) {}
