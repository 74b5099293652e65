package dev.understudy.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DevelopersTest {
  private static final Developers DEVELOPERS = Developers.load();

  @Test
  void aModelIsItsDevelopersWhoeverServesIt() {
    assertThat(DEVELOPERS.of("anthropic", "claude-sonnet-4-5")).contains("Anthropic");
    assertThat(DEVELOPERS.of("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"))
        .contains("Anthropic");
    assertThat(DEVELOPERS.of("vertex", "publishers/meta/models/llama-4-scout")).contains("Meta");
    assertThat(DEVELOPERS.of("openrouter", "deepseek/deepseek-chat")).contains("DeepSeek");
    assertThat(DEVELOPERS.of("groq", "openai/gpt-oss-120b")).contains("OpenAI");
    assertThat(DEVELOPERS.of("together", "Qwen/Qwen3-235B")).contains("Alibaba");
    assertThat(DEVELOPERS.of("azure-openai", "gpt-5.1")).contains("OpenAI");
    assertThat(DEVELOPERS.of("together", "deepseek-ai/DeepSeek-R1-Distill-Llama-70B"))
        .contains("DeepSeek");
  }

  @Test
  void aDeploymentsOwnNameIsOfTheKindThatSellsItsOwn() {
    assertThat(DEVELOPERS.of("xai", "new-thing")).contains("xAI");
    assertThat(DEVELOPERS.of("azure-openai", "my-deployment")).isEmpty();
  }

  @Test
  void kindsAreThoseOfTheCatalogue() {
    Catalogue catalogue = Catalogue.load();
    assertThat(DEVELOPERS.kinds()).allSatisfy(kind -> assertThat(catalogue.kind(kind)).isPresent());
    assertThat(DEVELOPERS.own()).allSatisfy(kind -> assertThat(catalogue.kind(kind)).isPresent());
    assertThat(DEVELOPERS.isOwn("vllm")).isTrue();
    assertThat(DEVELOPERS.isOwn("openai")).isFalse();
  }
}
