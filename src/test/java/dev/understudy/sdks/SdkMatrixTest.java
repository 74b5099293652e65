package dev.understudy.sdks;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import dev.understudy.json.Json;
import dev.understudy.sdks.Box.Spoken;
import dev.understudy.sdks.Sdk.Call;
import dev.understudy.sdks.Sdk.Said;
import dev.understudy.sdks.Sdk.Stop;
import dev.understudy.sdks.Sdk.Wish;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The vendors' own libraries, each talking its own protocol to every vendors' protocol. */
final class SdkMatrixTest {
  private static Box box;
  private static List<Sdk> sdks;
  private static final SdkPage PAGE = new SdkPage("java");

  @BeforeAll
  static void start() throws IOException {
    box = new Box();
    sdks =
        List.of(
            new OpenAiChatSdk(box.url(), Box.KEY),
            new OpenAiResponsesSdk(box.url(), Box.KEY),
            new AnthropicSdk(box.url(), Box.KEY),
            new GeminiSdk(box.url(), Box.KEY));
  }

  @AfterAll
  static void stop() {
    sdks.forEach(Sdk::close);
    box.close();
    PAGE.check();
  }

  /** What is done with one library, one vendors' protocol, streaming or not. */
  private interface Act {
    void play(Sdk sdk, Spoken spoken, boolean stream);
  }

  private enum Scenario {
    TEXT("text with a system prompt", SdkMatrixTest::answers),
    TOOLS("a tool's call and result", SdkMatrixTest::callsATool),
    PARALLEL("parallel tools", SdkMatrixTest::callsSeveralTools),
    JSON("JSON by a schema", SdkMatrixTest::writesJson),
    PICTURE("a picture", SdkMatrixTest::looksAtAPicture),
    REASONING("reasoning across turns", SdkMatrixTest::thinksAcrossTurns),
    LENGTH("tokens used up", SdkMatrixTest::stopsWhenTokensAreUsedUp),
    LIMIT("limit reached (429)", SdkMatrixTest::saysThatTheLimitIsReached),
    UNKNOWN("unknown model", SdkMatrixTest::saysThatThereIsNoSuchModel),
    BROKEN("reply cut off", SdkMatrixTest::raisesWhenTheReplyIsCutOff),
    FAILING("vendor fails half way", SdkMatrixTest::raisesWhenTheVendorFails);

    final String title;
    final Act act;

    Scenario(String title, Act act) {
      this.title = title;
      this.act = act;
    }
  }

  @TestFactory
  Stream<DynamicContainer> everyLibraryWithEveryVendor() {
    return sdks.stream()
        .map(sdk ->
            DynamicContainer.dynamicContainer(
                sdk.title(), Box.VENDORS.stream().map(spoken -> scenarios(sdk, spoken))));
  }

  private static DynamicContainer scenarios(Sdk sdk, Spoken spoken) {
    var tests = new ArrayList<DynamicTest>();
    for (Scenario scenario : Scenario.values()) {
      for (boolean stream : new boolean[] {false, true}) {
        String name =
            "%s → %s: %s, %s"
                .formatted(
                    sdk.title(),
                    spoken.protocol().text(),
                    scenario.title,
                    stream ? "streamed" : "whole");
        tests.add(DynamicTest.dynamicTest(name, () -> play(scenario, sdk, spoken, stream)));
      }
    }
    return DynamicContainer.dynamicContainer(spoken.protocol().text(), tests);
  }

  private static void play(Scenario scenario, Sdk sdk, Spoken spoken, boolean stream) {
    boolean passes = false;
    try {
      scenario.act.play(sdk, spoken, stream);
      passes = true;
    } finally {
      PAGE.add(sdk.title(), spoken.protocol().text(), scenario.title, passes);
    }
  }

  private static void answers(Sdk sdk, Spoken spoken, boolean stream) {
    Said said = sdk.talk(Wish.of(spoken.route(), "Hello there", stream).withSystem()).send();

    assertThat(said.text())
        .startsWith("This is the sandbox's answer")
        .endsWith("you said \"Hello there\".");
    assertThat(said.stop()).isEqualTo(Stop.END);
    assertThat(said.inputTokens()).isPositive();
    assertThat(said.outputTokens()).isGreaterThanOrEqualTo(20);
    assertThat(box.seen(spoken)).contains(Wish.SYSTEM);
  }

  private static void callsATool(Sdk sdk, Spoken spoken, boolean stream) {
    var talk = sdk.talk(Wish.of(spoken.route(), "How is the weather?", stream).withTool());
    Said called = talk.send();

    assertThat(called.stop()).isEqualTo(Stop.CALLS);
    assertThat(called.calls()).extracting(Call::tool).containsExactly(Sdk.TOOL);
    assertThat(called.calls().getFirst().arguments().propertyNames())
        .containsExactlyInAnyOrder("city", "days");

    talk.results(called.calls(), "sunny");
    Said said = talk.send();

    assertThat(said.text()).contains("the tool said").contains("sunny");
    assertThat(said.calls()).isEmpty();
    assertThat(said.stop()).isEqualTo(Stop.END);
  }

  private static void callsSeveralTools(Sdk sdk, Spoken spoken, boolean stream) {
    var talk = sdk.talk(Wish.of(spoken.route(), "Two cities in parallel", stream).withTool());
    Said called = talk.send();

    assertThat(called.stop()).isEqualTo(Stop.CALLS);
    assertThat(called.calls()).extracting(Call::tool).containsExactly(Sdk.TOOL, Sdk.TOOL);
    assertThat(called.calls())
        .allSatisfy(call ->
            assertThat(call.arguments().propertyNames()).containsExactlyInAnyOrder("city", "days"));

    talk.results(called.calls(), "sunny");

    assertThat(talk.send().text()).contains("the tool said").contains("sunny");
  }

  private static void writesJson(Sdk sdk, Spoken spoken, boolean stream) {
    Said said = sdk.talk(Wish.of(spoken.route(), "Plan a trip", stream).withJson()).send();

    JsonNode document = Json.parse(said.text());
    assertThat(document.path("city").isString()).isTrue();
    assertThat(document.path("days").isIntegralNumber()).isTrue();
  }

  private static void looksAtAPicture(Sdk sdk, Spoken spoken, boolean stream) {
    Said said = sdk.talk(Wish.of(spoken.route(), "What is this?", stream).withPicture()).send();

    assertThat(said.text()).contains("What is this?");
    assertThat(box.seen(spoken)).contains(Sdk.PICTURE);
  }

  /** What vendors want back with the next turn, where they want something. */
  private static final Pattern SEAL =
      Pattern.compile("\"(signature|thoughtSignature|encrypted_content)\"\\s*:\\s*\"[^\"]{8,}\"");

  private static void thinksAcrossTurns(Sdk sdk, Spoken spoken, boolean stream) {
    var talk =
        sdk.talk(Wish.of(spoken.route(), "How is the weather?", stream).withTool().withReasons());
    Said called = talk.send();
    assertThat(called.calls()).hasSize(1);

    talk.results(called.calls(), "sunny");
    Said said = talk.send();

    assertThat(said.text()).contains("the tool said").contains("sunny");
    if (spoken.seals()) {
      assertThat(box.seen(spoken)).containsPattern(SEAL);
      if (!(sdk instanceof OpenAiChatSdk)) {
        // Nobody can ask for the text of thoughts there.
        assertThat(called.thought()).contains("the user said");
      }
    }
  }

  private static void stopsWhenTokensAreUsedUp(Sdk sdk, Spoken spoken, boolean stream) {
    Said said = sdk.talk(Wish.of(spoken.route(), "Hello there", stream).withMax(16)).send();

    assertThat(said.stop()).isEqualTo(Stop.LENGTH);
    assertThat(said.outputTokens()).isPositive();
  }

  private static void saysThatTheLimitIsReached(Sdk sdk, Spoken spoken, boolean stream) {
    Throwable thrown = raisedBy(sdk, Wish.of(spoken.limited(), "Hello there", stream));

    assertThat(thrown).matches(sdk::saysLimited, "says that the limit is reached");
    // The first to ask hears the vendor; the next ones hear that it is left alone until then.
    assertThat(thrown.getMessage())
        .containsPattern("sandbox fault: rate limit reached|the vendor refused, for rate");
  }

  private static void saysThatThereIsNoSuchModel(Sdk sdk, Spoken spoken, boolean stream) {
    Throwable thrown = raisedBy(sdk, Wish.of(spoken.route() + "x", "Hello there", stream));

    assertThat(thrown).matches(sdk::saysNotFound, "says that there is no such model");
    assertThat(thrown).hasMessageContaining("did you mean " + spoken.route());
  }

  private static void raisesWhenTheReplyIsCutOff(Sdk sdk, Spoken spoken, boolean stream) {
    assertThat(raisedBy(sdk, Wish.of(spoken.broken(), "Hello there", stream))).isNotNull();
  }

  private static void raisesWhenTheVendorFails(Sdk sdk, Spoken spoken, boolean stream) {
    assertThat(raisedBy(sdk, Wish.of(spoken.failing(), "Hello there", stream))).isNotNull();
  }

  private static Throwable raisedBy(Sdk sdk, Wish wish) {
    Said said;
    try {
      said = sdk.talk(wish).send();
    } catch (RuntimeException thrown) {
      return thrown;
    }
    throw new AssertionError("it ended well: " + said);
  }

  @Test
  void letsAnthropicCallersInByEitherHeader() {
    var keys =
        List.of(
            AnthropicOkHttpClient.builder().baseUrl(box.url()).authToken(Box.KEY),
            AnthropicOkHttpClient.builder()
                .baseUrl(box.url())
                .apiKey("none")
                .replaceHeaders("X-Api-Key", Box.KEY)
                .removeHeaders("Authorization"));
    for (var client : keys) {
      try (var sdk = new AnthropicSdk(client)) {
        assertThat(sdk.talk(Wish.of("anthropic-messages", "Hello there", false)).send().text())
            .contains("Hello there");
      }
    }
  }
}
