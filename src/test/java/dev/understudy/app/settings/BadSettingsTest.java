package dev.understudy.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a settings file is said with its place, all of it at once. */
final class BadSettingsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "OPENAI_API_KEY",
          "sk-secret-one",
          "EMPTY",
          "",
          "BROKEN",
          "two words",
          "PORT",
          "http",
          // Also where the tests run on a machine of AWS.
          "AWS_EC2_METADATA_DISABLED",
          "true");

  static Stream<Arguments> faults() {
    return Stream.of(
        // Fields and types
        fault("vendorz: {}", "1:1: unknown field \"vendorz\"; near: vendors"),
        fault("vendors: {openai: {ulr: x}}", "1:20: unknown field \"ulr\"; near: url"),
        fault("zzzzzz: 1", "1:1: unknown field \"zzzzzz\""),
        fault("[a, b]", "1:1: \"the file\" must be a block of fields, not a list"),
        fault("just text", "1:1: \"the file\" must be a block of fields, not this text"),
        fault("vendors: [openai]", "1:10: \"vendors\" must be a block of names, not a list"),
        fault(
            "vendors: {openai: yes}", "1:19: \"openai\" must be a block of fields, not this text"),
        fault(
            "vendors: {openai: {key: 12345}}",
            "1:25: \"key\" must be text, not a number; put it in quotes"),
        fault(
            "vendors: {openai: {key: true}}",
            "1:25: \"key\" must be text, not true or false; put it in quotes"),
        fault("vendors: {openai: {key: }}", "1:24: \"key\" must be text, it is empty"),
        fault("vendors: {openai: {keys: one}}", "1:26: \"keys\" must be a list, not this text"),
        fault(
            "server: {port: 70000}",
            "1:16: \"port\" must be a whole number from 0 to 65535, not 70000"),
        fault(
            "server: {port: '${PORT}'}",
            "1:16: \"port\" must be a whole number from 0 to 65535, not this text"),
        fault("sandbox: maybe", "1:10: \"sandbox\" must be true or false, not this text"),
        fault(
            "limits: {zone: Berlin}", "1:16: unknown zone \"Berlin\"; write it like Europe/Berlin"),
        fault(
            "limits: {redis: {url: 'localhost:6379'}}",
            "1:23: limits.redis.url must be an address such as redis://host:6379 or rediss://"),
        fault(
            "limits: {redis: {url: 'redis://h', lease: 1s}}",
            "1:23: limits.redis.lease must be from 2s to 5m"),
        fault("limits: {redis: {prefix: 'x:'}}", "1:26: limits.redis needs a url to go with this"),
        fault(
            "limits: {currencies: {EURO: {usd: 1.1, on: '2026-11-01'}}}",
            "1:23: \"EURO\" is no currency of ISO 4217 other than USD, such as EUR"),
        fault(
            "limits: {currencies: {EUR: {usd: 0, on: '2026-11-01'}}}",
            "1:34: an exchange rate is more than zero"),
        fault(
            "limits: {currencies: {EUR: {usd: 1.1, on: 'yesterday'}}}",
            "1:43: a day is written like 2026-11-01"),
        fault(
            "limits: {body: 64MB}",
            "1:16: \"body\" must be a number of bytes, such as 65536, 64KiB or 64MiB,"
                + " not this text"),
        fault(
            "vendors: {openai: {timeouts: {idle: 5}}}",
            "1:37: \"idle\" must be a duration of at most 24h, such as 500ms, 5s or 2m,"
                + " not a number"),
        fault(
            "vendors: {openai: {timeouts: {idle: 0s}}}",
            "1:37: \"idle\" must be a duration of at most 24h, such as 500ms, 5s or 2m,"
                + " not this text"),
        fault("? [a]\n: b", "1:3: a field's name must be text"),
        fault(
            "vendors: !!set {openai}",
            "1:10: \"vendors\" must be a block of names, not something" + " with a tag"),
        // YAML itself
        fault("vendors: {", "1:11: not YAML: expected the node content, but found '<stream end>'"),
        fault("a: *b", "1:4: not YAML: an alias without its anchor"),
        fault("a: @b", "1:4: not YAML: a character that cannot stand here; put the text in quotes"),
        fault("routes:\n\ta: {}", "2:1: not YAML: a tab; YAML is indented by spaces"),
        fault("a: 1\n---\nb: 2", "2:1: a second document begins; put everything into one"),
        fault("[".repeat(40), "1:33: nested more than 32 levels deep"),
        fault("a: \u0001", "1:4: a character that YAML does not allow"),
        fault("x".repeat((1 << 20) + 1), "1:1: the file is larger than 1024 KiB"),
        // Names that are there twice
        fault(
            "vendors:\n  openai: {}\n  openai: {}",
            "3:3: \"openai\" is there twice; first in line 2"),
        fault("sandbox: true\nsandbox: true", "2:1: \"sandbox\" is there twice; first in line 1"),
        // Variables
        fault("vendors: {openai: {key: '${NOPE}'}}", "1:25: variable NOPE is not set"),
        fault(
            "vendors: {openai: {key: 'x${NO-PE}'}}",
            "1:25: ${ must be followed by a variable's name and }; write $${ for the characters"),
        fault(
            "vendors: {openai: {key: '${OPEN'}}",
            "1:25: ${ must be followed by a variable's name and }; write $${ for the characters"),
        // Vendors
        fault(
            "vendors: {opnai: {}}",
            "1:11: \"opnai\" is no kind of vendor that is known; give it a kind, or a protocol and"
                + " a url; near: openai"),
        fault(
            "vendors: {x: {kind: opnai, key: none}}", "1:21: unknown kind \"opnai\"; near: openai"),
        fault(
            "vendors: {x: {protocol: openai-chatt, url: 'http://x', key: none}}",
            "1:25: unknown protocol \"openai-chatt\"; near: openai-chat"),
        fault(
            "vendors: {x: {protocol: soap, url: 'http://x', key: none}}",
            "1:25: unknown protocol \"soap\"; known: openai-chat, openai-responses,"
                + " anthropic-messages, gemini, bedrock-converse, cohere-chat"),
        fault(
            "vendors: {openai: {protocol: gemini}}",
            "1:30: OpenAI does not speak gemini; it speaks openai-responses, openai-chat"),
        fault(
            "vendors: {openai: {protocols: [openai-chat, openai-chat]}}",
            "1:45: the protocol \"openai-chat\" is there twice"),
        fault(
            "vendors: {openai: {protocol: openai-chat, protocols: [openai-chat]}}",
            "1:30: set either protocol or protocols, not both",
            "1:55: the protocol \"openai-chat\" is there twice"),
        fault("vendors: {mai: {key: none}}", "1:11: url is missing"),
        fault(
            "vendors: {azure: {key: none}}",
            "1:11: url is missing: set it here or in AZURE_OPENAI_ENDPOINT"),
        fault(
            "vendors: {bedrock: {key: x}}",
            "1:11: region is missing: set it here or in AWS_REGION"),
        fault("vendors: {openai: {region: eu}}", "1:28: region is of no use to OpenAI"),
        fault(
            "vendors: {bedrock: {key: x, region: 'eu/../x'}}",
            "1:37: region may hold small letters, digits and dashes only"),
        fault(
            "vendors: {openai: {api-version: '2024-10-21'}}",
            "1:33: api-version is of no use to OpenAI"),
        fault(
            "vendors: {'a/b': {kind: openai}}",
            "1:11: a vendor's name is up to 64 letters, digits, dots, dashes and underscores"),
        // Addresses
        fault(url("ftp://x"), "1:31: url must be http or https"),
        fault(url("x.openai.azure.com"), "1:31: url must begin with http:// or https://"),
        fault(
            url("https://me:pass@x"),
            "1:31: url must not hold a user or a password; set key instead"),
        fault(url("https://x?a=b"), "1:31: url must not have a query or a fragment"),
        fault(url("https://x#a"), "1:31: url must not have a query or a fragment"),
        fault(url("https://"), "1:31: url does not name a host"),
        fault(url("https://x:99999"), "1:31: url has a port that is not from 1 to 65535"),
        fault(url("https://x/a b"), "1:31: url has a path with characters that cannot stand there"),
        fault(
            url("https://x/../y"), "1:31: url has a path with characters that cannot stand there"),
        // Keys of vendors
        fault(
            "vendors: {anthropic: {}}",
            "1:11: vendor \"anthropic\" has no key: set ANTHROPIC_API_KEY, or key here,"
                + " or key: none"),
        fault(
            "vendors: {cohere: {}}",
            "1:11: vendor \"cohere\" has no key: set CO_API_KEY or COHERE_API_KEY, or key here,"
                + " or key: none"),
        fault(
            "vendors: {x: {protocol: openai-chat, url: 'http://x/v1'}}",
            "1:11: vendor \"x\" has no key: set key to \"${VARIABLE}\", or to none"),
        fault("vendors: {openai: {key: '${EMPTY}'}}", "1:25: key is empty"),
        fault(
            "vendors: {openai: {key: '${BROKEN}'}}",
            "1:25: key holds white space, control or non-ASCII characters"),
        fault("vendors: {openai: {key: a, keys: [b]}}", "1:25: set either key or keys, not both"),
        fault("vendors: {openai: {keys: [a, none]}}", "1:30: none cannot stand among keys"),
        fault("vendors: {openai: {keys: [a, a]}}", "1:30: the same key is there twice"),
        fault("vendors: {openai: {ca: nowhere.pem}}", "1:24: ca names no file that can be read"),
        fault(
            "vendors: {openai: {headers: {Host: x}}}",
            "1:30: the header \"Host\" cannot be set here"),
        fault(
            "vendors: {openai: {headers: {x-a: \"1\\r\\nx-b: 2\"}}}",
            "1:35: the header \"x-a\" is empty, or holds characters that cannot stand in one"),
        fault(
            "vendors: {openai: {headers: {'x a': '1'}}}",
            "1:30: \"x a\" is not the name of a header"),
        fault(
            "vendors: {bedrock: {region: eu-west-1}}",
            "1:11: vendor \"bedrock\" has no key: set AWS_BEARER_TOKEN_BEDROCK or"
                + " AWS_ACCESS_KEY_ID, or key here, or key: none"),
        fault("vendors: {bedrock: {}}", "1:11: region is missing: set it here or in AWS_REGION"),
        fault(
            "vendors: {bedrock: {region: eu-west-1, access-key: AKID}}",
            "1:11: access-key and secret-key go together, and neither is empty"),
        fault(
            "vendors: {vertex: {project: p, credentials: nowhere.json}}",
            "1:45: credentials names no file that can be read"),
        fault("vendors: {openai: {access-key: AKID}}", "1:32: access-key is of no use to OpenAI"),
        // Routes
        fault(
            "routes: {a: {}}",
            "1:10: route \"a\" has no targets: name one under serve, or several under targets"),
        fault(
            "routes: {a: {targets: []}}",
            "1:10: route \"a\" has no targets: name one under serve, or several under targets"),
        fault("routes: {a: {serve: {x: 1}}}", "1:21: \"serve\" must be text, not a block"),
        fault(
            "routes: {a: {serve: openai/x, targets: [{target: openai/y}]}}",
            "1:21: serve is short for one of targets: only one may be there"),
        fault(
            "routes: {a: {serve: openai/x, fallback: [b]}, b: {serve: openai/y, fallback: [c]}, c:"
                + " {serve: openai/z, fallback: [a]}}",
            "1:116: the fallbacks loop: a → b → c → a"),
        fault("routes: {a: {serve: openai/x, fallback: [a]}}", "1:42: the fallbacks loop: a → a"),
        fault(
            "routes: {a: {targets: [{target: openai/x, weight: 0}]}}",
            "1:51: a weight must be more than 0 and at most 1000000000, not 0; a target that is to"
                + " get nothing is left out, or has a later priority"),
        fault(
            "routes: {a: {targets: [{target: openai/x, weight: -1.5}]}}",
            "1:51: a weight must be more than 0 and at most 1000000000, not -1.5; a target that is"
                + " to get nothing is left out, or has a later priority"),
        fault(
            "routes: {a: {targets: [{target: openai/x, wieght: 2}]}}",
            "1:43: unknown field \"wieght\"; near: weight"),
        fault(
            "routes: {a: {targets: [{target: openai/x, priority: -1}]}}",
            "1:53: \"priority\" must be a whole number from 1 to 100, not -1"),
        fault(
            "routes: {a: {serve: openai/x, balance: fastest}}",
            "1:40: unknown balance \"fastest\"; known: weighted, least-busy, latency, cheapest,"
                + " headroom, gain"),
        fault(
            "routes: {a: {targets: [{target: openai/x, cannot: [pictures]}]}}",
            "1:52: unknown feature \"pictures\"; known: images, audio, video, documents, tools,"
                + " json-schema, reasoning, stream"),
        fault(
            "routes: {a: {targets: [{target: openai/x, set: {model: other}}]}}",
            "1:49: model cannot be changed: it is the gateway's own"),
        fault(
            "routes: {a: {targets: [{target: openai/x, when: {bytes-min: 9, bytes-max: 8}}]}}",
            "1:33: no request is from 9 to 8 bytes long"),
        fault(
            "routes: {a: {serve: openai/x, retries: {share: -0.2}}}",
            "1:48: share must be from 0.0 to 10.0, not -0.2"),
        fault(
            "routes: {a: {serve: openai/x, hedge: {after: 1s, quantile: 0.9}}}",
            "1:60: a hedge has either after or quantile"),
        fault("breakers: {failures: 0}", "1:22: failures must be more than 0 and at most 1, not 0"),
        fault(
            "routes: {a: {serve: gpt-5}}",
            "1:21: \"gpt-5\" must be written as vendor/model, such as openai/gpt-5"),
        fault("routes: {a: {serve: openai/}}", "1:21: \"openai/\" must be written as vendor/model"),
        fault("routes: {a: {serve: opnai/gpt-5}}", "1:21: unknown vendor \"opnai\"; near: openai"),
        fault(
            "routes: {a: {serve: mistral/x}}",
            "1:21: unknown vendor \"mistral\"; set MISTRAL_API_KEY or name it under vendors"),
        fault(
            "routes: {a: {serve: openai/x, fallback: [openai/x]}}",
            "1:42: \"openai/x\" is what the route serves already"),
        fault(
            "routes: {a: {serve: openai/x, fallback: [openai/y, openai/y]}}",
            "1:52: \"openai/y\" is there twice"),
        fault(
            "routes: {'a b': {serve: openai/x}}",
            "1:10: a route's name is up to 200 characters without white space"),
        // Keys of callers
        fault("keys: {me: short}", "1:12: the key of me must have from 16 to 4096 characters"),
        fault(
            "keys: {me: '0123456789 abcdef'}",
            "1:12: the key of me holds white space, control or non-ASCII characters"),
        fault(
            "keys: {me: 0123456789abcdef, you: 0123456789abcdef}",
            "1:35: the key of you is that of me too"),
        fault(
            "keys: {'m/e': 0123456789abcdef}",
            "1:8: a caller's name is up to 64 letters, digits, dots, dashes and underscores"),
        fault("server: {host: 'a b'}", "1:16: host must be an IP address or a host's name"),
        fault("telemetry: {otlp: 'x'}", "1:19: otlp must begin with http:// or https://"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void saysWhatIsWrongAndWhere(String yaml, List<String> expected) {
    assertThat(problems(yaml)).containsExactlyElementsOf(expected);
  }

  @Test
  void saysEverythingThatIsWrongAtOnceInTheOrderOfTheFile() {
    assertThat(
            problems(
                """
                routes:
                  a: {serve: nobody/x}
                vendors:
                  x: {protocol: openai-chat, url: "ftp://x", key: none}
                  azure-eu: {kind: azure-openai, key: "${AZURE_KEY}"}
                zap: 1
                """))
        .containsExactly(
            "2:14: unknown vendor \"nobody\"",
            "4:35: url must be http or https",
            "5:39: variable AZURE_KEY is not set",
            "6:1: unknown field \"zap\"");
  }

  @Test
  void saysOnceWhatFollowsFromOneMistake() {
    assertThat(
            problems(
                """
                vendors:
                  mai: {protocol: openai-chat, url: "http://10.0.0.7:8000/v1", key: "${MAI_KEY}"}
                routes:
                  a: {serve: mai/mai-1}
                """))
        .containsExactly("2:69: variable MAI_KEY is not set");
  }

  @Test
  void endsAListOfMistakesThatHasNoEnd() {
    assertThat(problems("zap%d: 1\n".formatted(1).repeat(1) + lines(500)))
        .hasSize(101)
        .last()
        .isEqualTo("and 401 more");
  }

  @Test
  void readsNoMoreThanSoManyValuesHoweverOftenAnAliasRepeatsThem() {
    var yaml = new StringBuilder("vendors:\n  openai:\n    headers: &h\n");
    for (int i = 0; i < 2_000; i++) {
      yaml.append("      x-").append(i).append(": a\n");
    }
    for (int i = 0; i < 200; i++) {
      yaml.append("  v").append(i).append(": {kind: openai, headers: *h}\n");
    }

    assertThat(problems(yaml.toString()))
        .anyMatch(line -> line.endsWith("more than 100000 values"));
  }

  @Test
  void saysThatAFileIsNotText() {
    var bad =
        catchThrowableOfType(
            BadSettings.class,
            () ->
                Settings.read(Path.of("understudy.yaml"), new byte[] {(byte) 0xFF, 'a'}, Map.of()));

    assertThat(bad.lines()).containsExactly("understudy.yaml:1:1: the file is not UTF-8 text");
  }

  private static String lines(int count) {
    var lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("field-").append(i).append(": 1\n");
    }
    return lines.toString();
  }

  private static List<String> problems(String yaml) {
    var bad =
        catchThrowableOfType(
            BadSettings.class,
            () ->
                Settings.read(
                    Path.of("understudy.yaml"),
                    yaml.getBytes(StandardCharsets.UTF_8),
                    ENVIRONMENT));
    assertThat(bad).as("nothing was found to be wrong with: %s", yaml).isNotNull();
    return bad.lines().stream().map(line -> line.replace("understudy.yaml:", "")).toList();
  }

  private static Arguments fault(String yaml, String... expected) {
    return Arguments.of(yaml, List.of(expected));
  }

  private static String url(String url) {
    return "vendors: {x: {key: none, url: '" + url + "', protocol: openai-chat}}";
  }
}
