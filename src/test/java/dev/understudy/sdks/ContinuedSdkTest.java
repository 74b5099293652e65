package dev.understudy.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.Recital;
import dev.understudy.sdks.Box.Spoken;
import dev.understudy.sdks.Sdk.Said;
import dev.understudy.sdks.Sdk.Stop;
import dev.understudy.sdks.Sdk.Wish;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vendors' own libraries, before answers that one vendor began and another ended. */
final class ContinuedSdkTest {

  @Test
  void everyLibraryReadsAnAnswerThatAnotherVendorWentOnWith() throws IOException {
    try (var box = new Box();
        var chat = new OpenAiChatSdk(box.url(), Box.KEY);
        var responses = new OpenAiResponsesSdk(box.url(), Box.KEY);
        var messages = new AnthropicSdk(box.url(), Box.KEY);
        var gemini = new GeminiSdk(box.url(), Box.KEY)) {
      for (Sdk sdk : List.<Sdk>of(chat, responses, messages, gemini)) {
        for (Spoken spoken : Box.VENDORS.subList(0, Box.VENDORS.size() - 1)) {
          Said said = sdk.talk(Wish.of(spoken.continued(), "Hello there", true)).send();
          Said called =
              sdk.talk(Wish.of(spoken.continuedCall(), "Hello there", true).withTool()).send();

          assertThat(said.text()).as("%s, %s", sdk.title(), spoken).isEqualTo(Recital.of(60));
          assertThat(said.stop()).isEqualTo(Stop.END);
          assertThat(said.outputTokens()).isGreaterThanOrEqualTo(60);
          assertThat(called.calls()).as("%s, %s", sdk.title(), spoken).hasSize(1);
          assertThat(called.calls().getFirst().arguments().has("city")).isTrue();
          assertThat(called.stop()).isEqualTo(Stop.CALLS);
        }
      }
    }
  }
}
