package dev.understudy.exchange;

/**
 * What was said in a call, cut to a bound and without what looks like a key. Only there where an
 * operator asked for it.
 *
 * @param input the conversation as it was sent, as JSON: a list of messages in the form of
 *     OpenTelemetry's {@code gen_ai.input.messages}
 * @param output what was answered, in the form of {@code gen_ai.output.messages}
 */
public record Content(String input, String output) {
  @Override
  public String toString() {
    return "Content[…]";
  }
}
