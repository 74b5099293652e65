package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stays behind of a request is named by the place at which its caller wrote it. */
class CallerPlacesTest {
  private static final String MESSAGES =
      """
      {"model": "m", "max_tokens": 9,
       "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}],
       "tools": [{"name": "a", "input_schema": {"type": "object"}, "cache_control": {"type": "ephemeral"}},
                 {"name": "b", "input_schema": {"type": "object"}}],
       "messages": [
         {"role": "user", "content": [
           {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "y"}]},
         {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "a", "input": {}}]},
         {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [
           {"type": "text", "text": "r", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "q"}]}]}]}
      """;

  private static final String CHAT =
      """
      {"model": "m", "messages": [
         {"role": "system", "content": "s"},
         {"role": "assistant", "reasoning_content": "hm", "content": "y", "tool_calls": [
           {"id": "1", "type": "function", "function": {"name": "a", "arguments": "{}"}},
           {"id": "2", "type": "function", "function": {"name": "a", "arguments": "{}"}}]},
         {"role": "tool", "tool_call_id": "1", "content": "one"},
         {"role": "tool", "tool_call_id": "2", "content": "two"},
         {"role": "user", "content": [
           {"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "high"}}]}]}
      """;

  private static final String GEMINI =
      """
      {"systemInstruction": {"parts": [{"text": "s"}]},
       "contents": [{"role": "user", "parts": [{"text": "x"}, {"text": "y"}]}]}
      """;

  @ParameterizedTest
  @CsvSource({
    "messages[0].parts[0], system[0]",
    "messages[0].content[1], system[0].cache_control",
    "messages[0].content[1].ttl, system[0].cache_control.ttl",
    "messages[1].content[1], messages[0].content[0].cache_control",
    "messages[1].content[2], messages[0].content[1]",
    "messages[2].parts[0].seal, messages[1].content[0].seal",
    "messages[3].content[0].content[1], messages[2].content[0].content[0].cache_control",
    "messages[3].content[0].content[2], messages[2].content[0].content[1]",
    "messages[3], messages[2]",
    "messages[2].content[0].input, messages[1].content[0].input",
    "tools[1], tools[0].cache_control",
    "tools[2].strict, tools[1].strict",
    "messages[9].content[0], messages[9].content[0]",
    "messages[1].content[9], messages[1].content[9]",
    "tools[7], tools[7]",
    "top_k, top_k"
  })
  void inMessages(String path, String expected) {
    assertThat(place(ProtocolName.ANTHROPIC_MESSAGES, MESSAGES, path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "messages[0].parts[0], messages[0].content[0]",
    "messages[1].parts[0].seal, messages[1].reasoning_details.seal",
    "messages[1].content[1], messages[1].content[0]",
    "messages[1].content[3], messages[1].tool_calls[1]",
    "messages[1].content[2].input, messages[1].tool_calls[0].function.arguments",
    "messages[2].content[1], messages[3].content",
    "messages[3].parts[1].detail, messages[4].content[1].detail"
  })
  void inChat(String path, String expected) {
    assertThat(place(ProtocolName.OPENAI_CHAT, CHAT, path)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "messages[0], systemInstruction",
    "messages[0].content[0], systemInstruction.parts[0]",
    "messages[1].content[1], contents[0].parts[1]"
  })
  void inGemini(String path, String expected) {
    assertThat(place(ProtocolName.GEMINI, GEMINI, path)).isEqualTo(expected);
  }

  private static final String RESPONSES =
      """
      {"model": "m", "instructions": "s", "input": [
         {"role": "user", "content": "x"},
         {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}], "encrypted_content": "e"},
         {"type": "message", "role": "assistant", "content": [
           {"type": "output_text", "text": "y"}, {"type": "output_text", "text": "z"}]},
         {"type": "function_call", "call_id": "1", "name": "a", "arguments": "{}"},
         {"type": "function_call", "call_id": "2", "name": "a", "arguments": "{}"},
         {"type": "function_call_output", "call_id": "1", "output": "one"},
         {"type": "function_call_output", "call_id": "2", "output": [
           {"type": "input_text", "text": "t"}, {"type": "input_file", "file_id": "f"}]},
         {"role": "user", "content": [
           {"type": "input_text", "text": "x", "prompt_cache_breakpoint": {}},
           {"type": "input_file", "file_id": "f"}]}]}
      """;

  @ParameterizedTest
  @CsvSource({
    "messages[0].parts[0], instructions",
    "messages[1].content[0], input[0].content",
    "messages[1], input[0]",
    "messages[2].parts[0].seal, input[1].encrypted_content",
    "messages[2].content[3].input, input[3].arguments",
    "messages[2], input[1]",
    "messages[2].parts[2], input[2].content[1]",
    "messages[2].content[4], input[4]",
    "messages[3].content[0].content[0], input[5].output",
    "messages[3].parts[1], input[6]",
    "messages[3].parts[1].content[1], input[6].output[1]",
    "messages[4].parts[1], input[7].content[0].prompt_cache_breakpoint",
    "messages[4].parts[2], input[7].content[1]",
    "messages[4].role, input[7].role",
    "messages[5].parts[0], messages[5].parts[0]",
    "messages[4].parts[9], messages[4].parts[9]",
    "tools[0].strict, tools[0].strict"
  })
  void inResponses(String path, String expected) {
    assertThat(place(ProtocolName.OPENAI_RESPONSES, RESPONSES, path)).isEqualTo(expected);
  }

  private static String place(ProtocolName protocol, String body, String path) {
    var inbound = Protocols.inbound(protocol);
    var call = new InboundCall(Json.parseObject(body), Optional.of("m"), false, true);
    ChatRequest request = inbound.readRequest(call, new Losses());
    return new CallerPlaces(protocol, request, () -> inbound.places(call)).of(path);
  }
}
