package dev.understudy.chat;

import java.util.List;

/** Which tools the model may or must use. */
public sealed interface ToolChoice {

  /** Nothing was said: the vendor's default. */
  record Unsaid() implements ToolChoice {}

  record Auto() implements ToolChoice {}

  record None() implements ToolChoice {}

  /** At least one tool, whichever. */
  record Required() implements ToolChoice {}

  record Named(String tool) implements ToolChoice {}

  /** Only some of the tools on offer; at least one of them when {@code required}. */
  record Among(List<String> tools, boolean required) implements ToolChoice {
    public Among {
      tools = List.copyOf(tools);
    }
  }
}
