package dev.understudy.gateway;

import dev.understudy.protocol.Inbound;

/**
 * What the stages of one call work with.
 *
 * @param live what was in force when the call began
 * @param callers the protocol the caller speaks
 * @param gate asked before every attempt
 */
record CallParts(
    Asked asked,
    Service service,
    Service.Live live,
    LoopState loop,
    CallerReply reply,
    CallRecord record,
    CallAnswer answer,
    Inbound callers,
    Gate gate,
    Queueing queueing) {}
