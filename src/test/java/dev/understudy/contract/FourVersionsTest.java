package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One trace of calls under each version of the arrangement: four sets of routes and denials. */
final class FourVersionsTest {
  private static List<Replay.Outcome> replayed(String letter) throws Exception {
    return Replay.read(Files.readAllBytes(Path.of("examples/contracts/traffic.jsonl")))
        .under(new ContractBook(List.of(Contracts.example(letter))));
  }

  /** Who answers each call; a dash where nobody may. */
  private static String routes(String letter) throws Exception {
    var routes = new StringBuilder();
    for (Replay.Outcome one : replayed(letter)) {
      routes
          .append(one.call())
          .append(' ')
          .append(one.target().map(name -> name.split("/", 2)[0]).orElse("-"))
          .append('\n');
    }
    return routes.toString();
  }

  /** How often each clause kept a target out. */
  private static Map<String, Integer> denials(String letter) throws Exception {
    var denials = new TreeMap<String, Integer>();
    for (Replay.Outcome one : replayed(letter)) {
      one.denied()
          .values()
          .forEach(text ->
              denials.merge(text.split("[ :]")[1] + " " + text.split("[ :]")[2], 1, Integer::sum));
    }
    return denials;
  }

  private static Replay.Outcome call(String letter, String id) throws Exception {
    return replayed(letter).stream().filter(one -> one.call().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void versionAKeepsEverythingWithAzureAndOpenAiUntilItsTrigger() throws Exception {
    assertThat(routes("a"))
        .isEqualTo(
            """
            c01 azure
            c02 azure
            c03 azure
            c04 azure
            c05 -
            c06 coreweave
            c07 -
            c08 azure
            c09 -
            c10 -
            c11 azure
            c12 azure
            c13 openai
            c14 coreweave
            c15 coreweave
            """);
    assertThat(denials("a")).isEqualTo(Map.of("v1 ex-hosting", 9, "v2 agi", 1));
    assertThat(call("a", "c06").basis())
        .isEqualTo(
            "microsoft-openai v1 ex-hosting (announcement of 2023-01-23): carve-out azure is out: microsoft is out since 2026-06-02T10:00:00Z");
  }

  @Test
  void versionBFreesWhatIsNoApiAndHoldsNewCapacity() throws Exception {
    assertThat(routes("b"))
        .isEqualTo(
            """
            c01 azure
            c02 coreweave
            c03 azure
            c04 azure
            c05 -
            c06 coreweave
            c07 -
            c08 azure
            c09 -
            c10 coreweave
            c11 azure
            c12 azure
            c13 openai
            c14 coreweave
            c15 coreweave
            """);
    assertThat(denials("b")).isEqualTo(Map.of("v2 ex-api", 6, "v2 rofr-1", 1, "v3 agi", 1));
    assertThat(call("b", "c09").denied())
        .containsEntry(
            "coreweave/gpt-5.1",
            "microsoft-openai v2 rofr-1 (announcement of 2025-01-21): capacity of coreweave is held: offer o1 is noticed until 2026-07-06");
  }

  @Test
  void versionCLetsNationalSecurityGoAnywhereAndWaitsForItsPanel() throws Exception {
    assertThat(routes("c"))
        .isEqualTo(
            """
            c01 azure
            c02 coreweave
            c03 azure
            c04 coreweave
            c05 -
            c06 coreweave
            c07 -
            c08 azure
            c09 coreweave
            c10 coreweave
            c11 azure
            c12 azure
            c13 azure
            c14 azure
            c15 coreweave
            """);
    assertThat(denials("c")).isEqualTo(Map.of("v3 ex-api", 6));
    assertThat(call("c", "c04").basis())
        .isEqualTo("microsoft-openai v3 ex-api: carve-out: national security");
  }

  @Test
  void versionDOnlyPutsNewModelsFirstOnAzureAndHasNoTrigger() throws Exception {
    assertThat(routes("d"))
        .isEqualTo(
            """
            c01 azure
            c02 coreweave
            c03 coreweave
            c04 coreweave
            c05 coreweave
            c06 coreweave
            c07 coreweave
            c08 azure
            c09 coreweave
            c10 coreweave
            c11 coreweave
            c12 azure
            c13 azure
            c14 coreweave
            c15 coreweave
            """);
    assertThat(denials("d")).isEqualTo(Map.of("v4 launch-1", 1));
    assertThat(call("d", "c08").denied().get("coreweave/gpt-6"))
        .endsWith("gpt-6 was launched on 2026-06-03, and is first microsoft's until 2026-09-01");
  }

  @Test
  void underAllFourTogetherTheVersionInForceDecides() throws Exception {
    var book =
        new ContractBook(List.of("a", "b", "c", "d").stream().map(Contracts::example).toList());
    var routes = new LinkedHashMap<String, String>();
    Replay.read(Files.readAllBytes(Path.of("examples/contracts/traffic.jsonl")))
        .under(book)
        .forEach(one -> routes.put(one.call(), one.target().orElse("-")));

    // All of the trace lies in the time of version D.
    assertThat(String.join(" ", routes.values()).replaceAll("/[^ ]*", ""))
        .isEqualTo(routes("d").replaceAll("c[0-9]+ ", "").strip().replace('\n', ' '));
  }

  @Test
  void aTraceThatIsWrongIsNamedByItsLine() {
    assertThatThrownBy(() ->
            Replay.read(
                "{\"vendors\":{\"a\":\"custom\"}}\n{\"call\":\"x\",\"at\":\"2026-01-01T00:00:00Z\",\"targets\":[\"b\"]}"
                    .getBytes(StandardCharsets.UTF_8)))
        .hasMessage("line 2: unknown vendor b; name it under vendors");
    String call = "{\"call\":\"x\",\"at\":\"2026-01-%s\",\"targets\":[\"a\"]}\n";
    assertThatThrownBy(() ->
            Replay.read(
                ("{\"vendors\":{\"a\":\"custom\"}}\n"
                        + call.formatted("02T00:00:00Z")
                        + call.formatted("01T00:00:00Z"))
                    .getBytes(StandardCharsets.UTF_8)))
        .hasMessage(
            "line 3: a call at 2026-01-01T00:00:00Z, after one at 2026-01-02T00:00:00Z; put them in the order of time");
  }
}
