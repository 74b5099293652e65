package dev.understudy.exchange;

import java.util.Optional;

/**
 * How far what was called is from being in the store.
 *
 * @param waitingBytes size of the files on disk that are not in the store yet; a file that is being
 *     written counts whole
 * @param waitingBytesMax their bound
 * @param kept calls that are in the store, since this process began
 * @param lost calls of which no record could be kept, since this process began; only the log tells
 *     of them
 * @param refused costs that the ledger did not take, since this process began
 * @param trouble what is wrong now, fit for an operator; empty while all is well
 */
public record JournalStanding(
    long waitingBytes,
    long waitingBytesMax,
    long kept,
    long lost,
    long refused,
    Optional<String> trouble) {}
