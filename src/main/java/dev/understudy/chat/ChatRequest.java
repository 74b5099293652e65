package dev.understudy.chat;

import java.util.List;
import java.util.Optional;

/**
 * What a caller asks of a model.
 *
 * @param model the name as the caller wrote it, or the target's once a target is chosen
 * @param messages the conversation so far; instructions are messages of {@link Role#SYSTEM} or
 *     {@link Role#DEVELOPER}
 * @param parallelToolCalls whether several tools may be asked for at once; empty where not said
 * @param stream whether the answer is wanted piece by piece
 * @param usageInStream whether a streamed answer is to end with its usage, where that is a choice
 */
public record ChatRequest(
    String model,
    List<Message> messages,
    List<Tool> tools,
    ToolChoice toolChoice,
    Optional<Boolean> parallelToolCalls,
    ReplyFormat format,
    Thinking thinking,
    Sampling sampling,
    Labels labels,
    boolean stream,
    boolean usageInStream) {
  public ChatRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
  }

  public ChatRequest withModel(String other) {
    return new ChatRequest(
        other,
        messages,
        tools,
        toolChoice,
        parallelToolCalls,
        format,
        thinking,
        sampling,
        labels,
        stream,
        usageInStream);
  }
}
