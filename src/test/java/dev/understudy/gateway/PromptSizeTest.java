package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Tokens are reckoned from the bytes of a request. */
final class PromptSizeTest {
  @Test
  void aPictureInARequestIsNotReckonedByItsLetters() {
    byte[] body =
        ("{\"image\":\"" + "QUJD".repeat(500_000) + "\",\"text\":\"" + "a word ".repeat(1_000))
            .getBytes(StandardCharsets.UTF_8);

    assertThat(PromptSize.tokens(body, body.length)).isBetween(30_000L, 40_000L);
  }
}
