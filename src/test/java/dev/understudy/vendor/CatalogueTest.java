package dev.understudy.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ProtocolName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where each kind of vendor is reached, as its documentation has it. */
final class CatalogueTest {
  private static final Catalogue CATALOGUE = Catalogue.load();

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          openai,       openai-chat,        https://api.openai.com/v1,         https://api.openai.com/v1/chat/completions
          openai,       openai-responses,   https://api.openai.com/v1/,        https://api.openai.com/v1/responses
          openai,       openai-chat,        http://127.0.0.1:9000,             http://127.0.0.1:9000/chat/completions
          openai,       anthropic-messages, http://127.0.0.1:9000/v1,          http://127.0.0.1:9000/v1/messages
          azure-openai, openai-chat,        https://x.openai.azure.com,        https://x.openai.azure.com/openai/v1/chat/completions
          azure-openai, openai-responses,   https://x.openai.azure.com/openai/v1/, https://x.openai.azure.com/openai/v1/responses
          anthropic,    anthropic-messages, https://api.anthropic.com,         https://api.anthropic.com/v1/messages
          anthropic,    anthropic-messages, https://api.anthropic.com/v1,      https://api.anthropic.com/v1/messages
          gemini,       gemini,             https://generativelanguage.googleapis.com/v1beta, https://generativelanguage.googleapis.com/v1beta/models/m%2F1:generateContent
          bedrock,      bedrock-converse,   https://bedrock-runtime.eu-west-1.amazonaws.com, https://bedrock-runtime.eu-west-1.amazonaws.com/model/m%2F1/converse
          bedrock,      anthropic-messages, https://bedrock-runtime.eu-west-1.amazonaws.com, https://bedrock-runtime.eu-west-1.amazonaws.com/model/m%2F1/invoke
          bedrock,      openai-chat,        https://bedrock-runtime.eu-west-1.amazonaws.com, https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1/chat/completions
          xai,          openai-responses,   https://api.x.ai/v1,               https://api.x.ai/v1/responses
          xai,          anthropic-messages, https://api.x.ai,                  https://api.x.ai/v1/messages
          deepseek,     openai-chat,        https://api.deepseek.com,          https://api.deepseek.com/chat/completions
          deepseek,     anthropic-messages, https://api.deepseek.com/v1,       https://api.deepseek.com/anthropic/v1/messages
          deepseek,     openai-responses,   https://api.deepseek.com,          https://api.deepseek.com/responses
          meta,         openai-chat,        https://api.llama.com/compat/v1,   https://api.llama.com/compat/v1/chat/completions
          mistral,      openai-chat,        https://api.mistral.ai,            https://api.mistral.ai/v1/chat/completions
          groq,         openai-chat,        https://api.groq.com,              https://api.groq.com/openai/v1/chat/completions
          cohere,       cohere-chat,        https://api.cohere.com/v2,         https://api.cohere.com/v2/chat
          openrouter,   anthropic-messages, https://openrouter.ai/api/v1,      https://openrouter.ai/api/v1/messages
          perplexity,   openai-chat,        https://api.perplexity.ai,         https://api.perplexity.ai/chat/completions
          moonshot,     anthropic-messages, https://api.moonshot.ai/v1,        https://api.moonshot.ai/anthropic/v1/messages
          qwen,         anthropic-messages, https://dashscope-intl.aliyuncs.com/compatible-mode/v1, https://dashscope-intl.aliyuncs.com/apps/anthropic/v1/messages
          ollama,       openai-chat,        http://127.0.0.1:11434,            http://127.0.0.1:11434/v1/chat/completions
          ollama,       anthropic-messages, http://127.0.0.1:11434/v1,         http://127.0.0.1:11434/v1/messages
          """)
  void isReachedWhereItsDocumentationSays(
      String kind, String protocol, String url, String expected) {
    Endpoint endpoint =
        vendor(CATALOGUE.kind(kind).orElseThrow(), protocol, url, Map.of(), Optional.empty())
            .endpoints()
            .getFirst();

    assertThat(address(endpoint, Operation.CHAT, "m/1")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "openai-chat, anthropic-messages, http://h:1/v1, http://h:1/v1/messages",
    "anthropic-messages, openai-chat, http://h:1, http://h:1/v1/chat/completions",
    "anthropic-messages, openai-chat, http://h:1/v1, http://h:1/v1/chat/completions",
    "openai-chat, openai-responses, http://h:1, http://h:1/responses",
    "gemini, anthropic-messages, http://h:1/a/v1beta/, http://h:1/a/v1/messages"
  })
  void oneAddressServesSeveralProtocols(String first, String second, String url, String expected) {
    Kind kind = CATALOGUE.custom(List.of(new ProtocolName(first), new ProtocolName(second)));

    Endpoint endpoint =
        vendor(kind, second, url, Map.of(), Optional.empty()).endpoints().getFirst();

    assertThat(address(endpoint, Operation.CHAT, "m")).isEqualTo(expected);
  }

  @Test
  void azureHasAnAddressForEachDeploymentWhenAVersionIsNamed() {
    Kind azure = CATALOGUE.kind("azure").orElseThrow();

    Endpoint chat =
        vendor(azure, "openai-chat", "https://x", Map.of(), Optional.of("2024-10-21"))
            .endpoints()
            .getFirst();

    assertThat(chat.path(Operation.CHAT, "my gpt?"))
        .contains("/openai/deployments/my%20gpt%3F/chat/completions?api-version=2024-10-21");
  }

  @Test
  void vertexSpeaksMessagesToClaudeAndItsOwnProtocolToTheRest() {
    Vendor vertex =
        vendor(
            CATALOGUE.kind("vertex").orElseThrow(),
            "gemini,anthropic-messages",
            "https://aiplatform.googleapis.com",
            Map.of("project", "p-1", "location", "global"),
            Optional.empty());

    Endpoint claude = vertex.endpoint("claude-sonnet-4-5@20250929");
    assertThat(claude.protocol()).isEqualTo(ProtocolName.ANTHROPIC_MESSAGES);
    assertThat(claude.path(Operation.CHAT_STREAM, "claude-x"))
        .contains(
            "/v1/projects/p-1/locations/global/publishers/anthropic/models/claude-x"
                + ":streamRawPredict");
    assertThat(claude.edits())
        .isEqualTo(
            new BodyEdits(false, true, Map.of("anthropic_version", "\"vertex-2023-10-16\"")));
    assertThat(claude.headers()).isEmpty();
    assertThat(claude.path(Operation.COUNT_TOKENS, "claude-x"))
        .contains(
            "/v1/projects/p-1/locations/global/publishers/anthropic/models/count-tokens"
                + ":rawPredict");
    // That path names no model, so the body has to.
    assertThat(claude.edits(Operation.COUNT_TOKENS).modelInBody()).isTrue();
    assertThat(claude.edits(Operation.CHAT)).isEqualTo(claude.edits());
    assertThat(vertex.endpoint("gemini-3-pro").protocol()).isEqualTo(ProtocolName.GEMINI);
    assertThat(vertex.endpoint(ProtocolName.GEMINI, "claude-x")).isEmpty();
    assertThat(vertex.endpoint(ProtocolName.ANTHROPIC_MESSAGES, "gemini-3-pro")).isEmpty();
  }

  @Test
  void bedrockSpeaksMessagesToClaudeAndConverseToTheRest() {
    Vendor bedrock =
        vendor(
            CATALOGUE.kind("bedrock").orElseThrow(),
            "bedrock-converse,anthropic-messages,openai-chat,openai-responses",
            "https://h",
            Map.of("region", "eu-west-1"),
            Optional.empty());

    Endpoint claude =
        bedrock
            .endpoint(ProtocolName.ANTHROPIC_MESSAGES, "eu.anthropic.claude-sonnet-4-5-v1:0")
            .orElseThrow();
    assertThat(claude.framing()).isEqualTo(Framing.BEDROCK_CHUNKS);
    assertThat(claude.edits())
        .isEqualTo(
            new BodyEdits(false, false, Map.of("anthropic_version", "\"bedrock-2023-05-31\"")));
    assertThat(claude.path(Operation.CHAT_STREAM, "a:0"))
        .contains("/model/a:0/invoke-with-response-stream");
    assertThat(bedrock.endpoint(ProtocolName.ANTHROPIC_MESSAGES, "meta.llama3-70b")).isEmpty();
    assertThat(bedrock.endpoint("anthropic.claude-x").protocol())
        .isEqualTo(ProtocolName.BEDROCK_CONVERSE);
    assertThat(bedrock.endpoint(ProtocolName.OPENAI_CHAT, "openai.gpt-oss-20b-1:0")).isPresent();
    assertThat(bedrock.endpoint(ProtocolName.OPENAI_RESPONSES, "openai.gpt-oss-20b-1:0")).isEmpty();
  }

  @Test
  void everyKindIsWhole() {
    for (Kind kind : CATALOGUE.kinds()) {
      assertThat(kind.usualProtocols()).as(kind.name()).isNotEmpty();
      assertThat(kind.source()).as(kind.name()).startsWith("https://");
      kind.url()
          .ifPresent(url -> assertThat(BaseUrl.of(url.replaceAll("\\{\\w+}", "x"))).isNotNull());
      assertThat(CATALOGUE.kind(kind.name())).contains(kind);
      for (String alias : kind.aliases()) {
        assertThat(CATALOGUE.kind(alias)).contains(kind);
      }
    }
    assertThat(CATALOGUE.kinds()).hasSizeGreaterThanOrEqualTo(24);
  }

  @Test
  void anEndpointDoesNotPrintWhatItsHeadersHold() {
    Kind kind = CATALOGUE.custom(List.of(ProtocolName.OPENAI_CHAT));
    var spec =
        new VendorSpec(
            "x",
            kind,
            List.of(ProtocolName.OPENAI_CHAT),
            BaseUrl.of("https://h/v1"),
            List.of(new NoCredential()),
            Map.of("x-token", "s3cr3t"),
            Map.of(),
            Optional.empty(),
            Timeouts.DEFAULT,
            List.of());

    assertThat(spec.vendor(CATALOGUE).toString()).contains("x-token").doesNotContain("s3cr3t");
  }

  private static Vendor vendor(
      Kind kind,
      String protocols,
      String url,
      Map<String, String> places,
      Optional<String> apiVersion) {
    return new VendorSpec(
            "v",
            kind,
            List.of(protocols.split(",")).stream().map(ProtocolName::new).toList(),
            BaseUrl.of(url),
            List.of(new NoCredential()),
            Map.of(),
            places,
            apiVersion,
            Timeouts.DEFAULT,
            List.of())
        .vendor(CATALOGUE);
  }

  private static String address(Endpoint endpoint, Operation operation, String model) {
    return (endpoint.tls() ? "https://" : "http://")
        + endpoint.authority()
        + endpoint.path(operation, model).orElseThrow();
  }
}
