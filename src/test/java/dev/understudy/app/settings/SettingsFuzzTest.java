package dev.understudy.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a file holds, it is settings or a list of what is wrong, and no secret is told. */
final class SettingsFuzzTest {
  private static final List<String> PIECES =
      List.of(
          "vendors",
          "routes",
          "keys",
          "openai",
          "kind",
          "key",
          "url",
          "serve",
          "headers",
          "server",
          "port",
          "timeouts",
          "idle",
          "5s",
          "none",
          "http://x/v1",
          "openai/x",
          ": ",
          ": ",
          ": ",
          "{",
          "}",
          "[",
          "]",
          ", ",
          "\n",
          "\n  ",
          "\n    ",
          "- ",
          "&a ",
          "*a",
          "!!str ",
          "!x ",
          "'",
          "\"",
          "${SECRET}",
          "$${",
          "${",
          "#",
          "|",
          ">",
          "%",
          "@",
          "~",
          "1",
          "true",
          "? ",
          "---\n",
          "...\n",
          "<<",
          "\t",
          "é");

  @Property(tries = 1_500)
  void anyTextIsSettingsOrAListOfWhatIsWrong(@ForAll("files") String yaml) {
    outcome(yaml, Map.of("SECRET", "s3cr3t"));
  }

  @Property(tries = 200)
  void anyBytesAreSettingsOrAListOfWhatIsWrong(@ForAll byte[] bytes) {
    outcome(bytes, Map.of());
  }

  @Property(tries = 800)
  void noSecretIsEverTold(
      @ForAll("secrets") String secret, @ForAll("placesOfSecrets") String place) {
    // Once as a variable's content, and once written out where a secret belongs.
    var environment = Map.of("SECRET", secret, "OPENAI_API_KEY", secret);
    String told = outcome(place.formatted("'${SECRET}'"), environment);
    String literal = outcome(place.formatted("'" + secret.replace("'", "''") + "'"), Map.of());

    assertThat(told).doesNotContain(secret);
    if (place.contains("key") || place.contains("headers")) {
      assertThat(literal).doesNotContain(secret);
    }
  }

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.of(PIECES).list().ofMaxSize(40).map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<String> secrets() {
    Arbitrary<String> letters =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(12).ofMaxLength(40);
    Arbitrary<String> spoilt = Arbitraries.of("", " ", "\n", "é", "/", "#", "${X}");
    return Combinators.combine(letters, spoilt, letters).as((a, b, c) -> "Zq" + a + b + c);
  }

  @Provide
  Arbitrary<String> placesOfSecrets() {
    return Arbitraries.of(
        "vendors: {openai: {key: %s}}",
        "vendors: {openai: {keys: [%1$s, %1$s]}}",
        "vendors: {openai: {key: none, headers: {x-a: %s}}}",
        "vendors: {openai: {key: [%s]}}",
        "vendors: {openai: {timeouts: {idle: %s}}}",
        "vendors: {openai: {url: %s}}",
        "vendors: {openai: {kind: %s}}",
        "vendors: {openai: {protocol: %s}}",
        "vendors: {openai: {region: %s}}",
        "vendors: {openai: {ca: %s}}",
        "vendors: {bedrock: {access-key: %1$s, secret-key: %1$s, session-token: %1$s}}",
        "vendors: {bedrock: {key: x, region: %s}}",
        "vendors: {vertex: {credentials: %s}}",
        "vendors: {azure: {url: 'http://x', key: x, api-version: %s}}",
        "vendors: {openai: %s}",
        "routes: {a: {serve: %s}}",
        "routes: {a: {serve: openai/x, fallback: [%1$s, %1$s]}}",
        "keys: {me: %1$s, you: %1$s}",
        "keys: [%s]",
        "server: {host: %s}",
        "server: {port: %s}",
        "limits: {body: %s}",
        "telemetry: {otlp: %s}",
        "telemetry: {headers: {x-a: %s}}",
        "sandbox: %s");
  }

  private static String outcome(String yaml, Map<String, String> environment) {
    return outcome(yaml.getBytes(StandardCharsets.UTF_8), environment);
  }

  private static String outcome(byte[] yaml, Map<String, String> environment) {
    try {
      Settings settings = Settings.read(Path.of("understudy.yaml"), yaml, environment);
      return settings + "\n" + String.join("\n", SettingsSummary.lines(settings));
    } catch (BadSettings e) {
      assertThat(e.lines()).isNotEmpty().allMatch(line -> !line.contains("\n"));
      return e.getMessage() + e;
    }
  }
}
