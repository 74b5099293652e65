package dev.understudy.app.settings;

import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Quirk;
import dev.understudy.text.About;
import dev.understudy.text.Anything;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Measure;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Speech;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints the reference pages of settings and vendors, in Markdown. */
final class SettingsPage {
  private static final String EXAMPLE =
      """
      ```yaml
      vendors:
        openai: {}
        azure-eu: {kind: azure-openai, url: "https://x.openai.azure.com", key: "${AZURE_KEY}"}
        mai: {protocol: openai-chat, url: "http://10.0.0.7:8000/v1", key: "${MAI_KEY}"}
        claude-test: {protocol: anthropic-messages, url: "http://127.0.0.1:9000", key: none}
      routes:
        assistant: {serve: openai/gpt-5.1, fallback: [anthropic/claude-sonnet-4-5, mai/mai-1]}
      ```
      """;

  private static final String RULES =
      """
      - `${NAME}` in a value stands for the environment variable; `$${` stands for the characters
        themselves. What a variable holds is taken as it is, and never shown.
      - A duration is written as `500ms`, `5s`, `2m` or `1h`; a number of bytes as `65536`, `64KiB`,
        `64MiB` or `1GiB`.
      - The file is YAML 1.2, one document, at most 1 MiB. A field that is not listed here is an error.
      - `understudy check-config FILE` names every mistake with file, line and column.
        `understudy check-config --schema` prints the JSON Schema, for editors that complete and check
        (`# yaml-language-server: $schema=settings.schema.json` as the first line of the file).
      """;

  private SettingsPage() {}

  /** {@code docs/reference/settings.md}. */
  static String settings() {
    var page = new StringBuilder();
    page.append("# Settings\n\n");
    page.append("Printed from the program; a test compares. `understudy serve` reads");
    page.append(" `understudy.yaml` where it is started,\nor the file named by `--config`.");
    page.append(" Every field may be left out, and so may the file.\n\n");
    page.append(EXAMPLE).append('\n').append(RULES);
    section("", SettingsFile.class, page);
    return page.toString();
  }

  private static final String AWS_KEYS =
      """

      ## Keys of AWS

      Amazon Bedrock is let in by a key of its own (`key`, `AWS_BEARER_TOKEN_BEDROCK`) or by signatures. What signs is the first that
      is there:

      1. `access-key`, `secret-key` and `session-token` of the vendor's block
      2. `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`
      3. the role `AWS_ROLE_ARN` by the token in `AWS_WEB_IDENTITY_TOKEN_FILE`
      4. the profile `AWS_PROFILE`, or `default`, of `~/.aws/credentials` (`AWS_SHARED_CREDENTIALS_FILE`) and `~/.aws/config`
         (`AWS_CONFIG_FILE`): `role_arn` with `source_profile`, whose keys stand in a file, or `web_identity_token_file`; keys, which are
         read again when the file has changed; `sso_session` or `sso_start_url`, by what `aws sso login` left behind
      5. the role of a container in ECS or EKS: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI`, with
         `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` or `AWS_CONTAINER_AUTHORIZATION_TOKEN`
      6. the role of a machine of EC2, by its metadata service (second version): where the firmware says that it is one, or
         `AWS_EC2_METADATA_SERVICE_ENDPOINT` is set; never if `AWS_EC2_METADATA_DISABLED` is `true`

      `AWS_BEARER_TOKEN_BEDROCK` and `AWS_ACCESS_KEY_ID` switch the vendor on by themselves; otherwise write `bedrock: {}` under
      `vendors:`, with its `region` or `AWS_REGION`. Keys of limited life are fetched when they are first needed and replaced five minutes
      before they end. Services of a container or machine are asked on this machine or its link only, without a proxy, and have two
      seconds. A sign-on is not renewed: when it is over, `aws sso login` does it again. A profile with `credential_process`,
      `credential_source` or several roles in a row is not followed, and the settings say so.
      """;

  /** {@code docs/reference/vendors.md}. */
  static String vendors(Catalogue catalogue) {
    var page = new StringBuilder();
    page.append("# Vendors\n\n");
    page.append("Printed from the catalogue; a test compares. A vendor is on when its variable is");
    page.append(
        " set, or a block under\n`vendors:` names it. Requests of a protocol it speaks are");
    page.append(" relayed; others are translated to the first.\nProtocols in parentheses are used");
    page.append(" only where `protocols` asks for them.\n\n");
    page.append("| kind | vendor | protocols | address | key from |\n");
    page.append("| --- | --- | --- | --- | --- |\n");
    for (Kind kind : catalogue.kinds()) {
      page.append(
          "| %s | [%s](%s) | %s | %s | %s |\n"
              .formatted(
                  names(kind),
                  kind.title(),
                  kind.source(),
                  protocols(kind),
                  address(kind),
                  keys(kind)));
    }
    quirks(catalogue, page);
    page.append("\nA vendor in no catalogue needs a `protocol` (or `protocols`), a `url` and a");
    page.append(" `key`:\n\n");
    page.append("| protocol | paths below the url | key sent as |\n| --- | --- | --- |\n");
    for (ProtocolName protocol : catalogue.protocols()) {
      Kind custom = catalogue.custom(List.of(protocol));
      page.append(
          "| `%s` | %s | `%s` |\n"
              .formatted(
                  protocol,
                  String.join(
                      ", ",
                      catalogue.standard(protocol).paths().values().stream()
                          .map(path -> "`" + path + "`")
                          .distinct()
                          .sorted()
                          .toList()),
                  custom.door().header() + ": " + custom.door().prefix() + "…"));
    }
    page.append(AWS_KEYS);
    return page.toString();
  }

  /** How vendors depart from the protocols they speak, and what of that rests on memory alone. */
  private static void quirks(Catalogue catalogue, StringBuilder page) {
    page.append(
        "\nWhat is written for a vendor departs from its protocol by these quirks. Those with");
    page.append(
        " a question mark are from\nmemory: no page of the vendor and no recording was seen");
    page.append(" to show them.\n\n| kind | protocol | quirks |\n| --- | --- | --- |\n");
    for (Kind kind : catalogue.kinds()) {
      for (Speech speech : kind.speech()) {
        if (!speech.quirks().isEmpty()) {
          page.append(
              "| `%s` | `%s` | %s |\n"
                  .formatted(
                      kind.name(),
                      speech.protocol(),
                      speech.quirks().stream()
                          .sorted()
                          .map(quirk ->
                              quirk(quirk) + (speech.fromMemory().contains(quirk) ? " (?)" : ""))
                          .collect(Collectors.joining(", "))));
        }
      }
    }
  }

  private static String quirk(Quirk quirk) {
    return "`" + quirk.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`";
  }

  private static String names(Kind kind) {
    var names = new ArrayList<String>();
    names.add("`" + kind.name() + "`");
    kind.aliases().forEach(alias -> names.add("`" + alias + "`"));
    return String.join(", ", names);
  }

  private static String protocols(Kind kind) {
    var names = new ArrayList<String>();
    for (Speech speech : kind.speech()) {
      String name = "`" + speech.protocol() + "`";
      if (!speech.models().patterns().isEmpty()) {
        name += " for `" + String.join("`, `", speech.models().patterns()) + "`";
      }
      names.add(speech.usual() ? name : "(" + name + ")");
    }
    return String.join("; ", names);
  }

  private static String address(Kind kind) {
    return kind.url()
        .map(url -> "`" + url + "`")
        .or(() -> kind.urlVariable().map(variable -> "`url`, or `" + variable + "`"))
        .orElse("`url`");
  }

  private static String keys(Kind kind) {
    var names = new ArrayList<String>();
    kind.switchVariables().forEach(variable -> names.add("`" + variable + "`"));
    return names.isEmpty()
        ? (kind.keyOptional() ? "none needed" : "`key`")
        : String.join(" or ", names);
  }

  private static void section(String path, Class<?> shape, StringBuilder page) {
    page.append(path.isEmpty() ? "\n## The file\n\n" : "\n## `" + path + "`\n\n");
    page.append("| field | value | meaning | default |\n| --- | --- | --- | --- |\n");
    for (RecordComponent component : shape.getRecordComponents()) {
      About about = component.getAnnotation(About.class);
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  YamlReader.fieldName(component),
                  value(component.getGenericType(), about),
                  about.value(),
                  component.getType() == Text.class ? "must be set" : about.byDefault()));
    }
    for (RecordComponent component : shape.getRecordComponents()) {
      String name = YamlReader.fieldName(component);
      String below = path.isEmpty() ? name : path + "." + name;
      block(component.getGenericType())
          .ifPresent(inner -> {
            boolean open = component.getType() == Entries.class;
            boolean many = component.getType() == List.class;
            section(open ? below + ".<name>" : many ? below + "[]" : below, inner, page);
          });
    }
  }

  private static Optional<Class<?>> block(Type type) {
    Type inner =
        type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : type;
    return inner instanceof Class<?> shape
            && shape.isRecord()
            && shape != Text.class
            && shape != ByteCount.class
            && shape != Decimal.class
            && shape != Measure.class
            && shape != Anything.class
        ? Optional.of(shape)
        : Optional.empty();
  }

  private static String value(Type type, About about) {
    if (type instanceof ParameterizedType generic) {
      Type inner = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == List.class) {
        return "list of " + value(inner, about);
      }
      if (generic.getRawType() == Entries.class) {
        return about.names() + " → " + value(inner, about);
      }
      return value(inner, about);
    }
    if (type == Text.class) {
      return switch (about.choices()) {
        case "kinds" -> "a kind in [vendors](vendors.md)";
        case "protocols",
            "balances",
            "samplings",
            "actions",
            "affinities",
            "continuations",
            "features" ->
            String.join(
                ", ", SettingsSchema.choices(about).stream().map(c -> "`" + c + "`").toList());
        default -> "text";
      };
    }
    if (type == Boolean.class) {
      return "`true` or `false`";
    }
    if (type == Integer.class) {
      return "whole number from %d to %d".formatted(about.min(), about.max());
    }
    if (type == Decimal.class) {
      return "decimal number";
    }
    if (type == Measure.class) {
      return "number or text";
    }
    if (type == Anything.class) {
      return "any value";
    }
    if (type == Duration.class) {
      return "duration";
    }
    return type == ByteCount.class ? "number of bytes" : "block";
  }
}
