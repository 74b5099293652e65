package dev.understudy.protocol.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Failure;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChatFailureTest {

  private static Failure read(int status, String body) {
    return new OpenAiChatOutbound()
        .readFailure(status, body.getBytes(StandardCharsets.UTF_8), Dialect.standard("acme"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"code\":\"c\",\"param\":\"p\"}}# no # t # c",
        "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"code\":429}}# no # t # 429",
        "{\"error\":\"no\"}# no # rate_limit_error #",
        "{\"code\":\"c\",\"error\":\"no\"}# no # rate_limit_error # c",
        "{\"object\":\"error\",\"message\":\"no\",\"type\":\"t\",\"code\":1300}# no # t # 1300",
        "{\"message\":\"no\"}# no # rate_limit_error #",
        "{\"detail\":\"no\"}# no # rate_limit_error #",
        "{\"detail\":[{\"loc\":[\"body\",\"n\"],\"msg\":\"no\"}]}# no at [\"body\",\"n\"] # rate_limit_error #",
        "[{\"error\":{\"code\":429,\"message\":\"no\",\"status\":\"RESOURCE_EXHAUSTED\"}}]# no # RESOURCE_EXHAUSTED # 429",
        "{\"errors\":[{\"message\":\"no\",\"code\":7}],\"success\":false}# no # rate_limit_error # 7",
        "{\"error_code\":\"c\",\"message\":\"no\"}# no # rate_limit_error # c",
        "<html><head><title>429 Too Many</title></head><body>x</body></html># 429 Too Many # rate_limit_error #",
        "'upstream  busy'# upstream busy # rate_limit_error #",
        "{}# the vendor answered 429 without a message # rate_limit_error #",
        "''# the vendor answered 429 without a message # rate_limit_error #"
      })
  void everyShapeHasAMessage(String body, String message, String type, String code) {
    Failure failure = read(429, body);

    assertThat(failure.status()).isEqualTo(429);
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.code()).isEqualTo(Optional.ofNullable(code));
    assertThat(failure.vendor()).contains("acme");
  }

  @Test
  void showsNoMoreThanTheBeginningOfALongPage() {
    assertThat(read(502, "x".repeat(5_000)).message()).hasSize(Failures.SHOWN_MAX + 1);
  }

  @Test
  void writesAnErrorAsOpenAiDoesAndSaysWhichVendorFailed() {
    var out = new Bytes();
    new OpenAiChatInbound()
        .writeFailure(read(404, "{\"error\":{\"message\":\"no\",\"type\":\"t\"}}"), out);

    assertThat(new String(out.take(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,\"code\":null,\"vendor\":\"acme\"}}");
  }

  @Test
  void anErrorAfterRelayedBytesStandsOnItsOwn() {
    var out = new Bytes();
    new OpenAiChatInbound().writeStreamFailure(Failure.of(502, "stream_cut", "gone"), 0, out);

    assertThat(new String(out.take(), StandardCharsets.UTF_8))
        .startsWith("\n\nevent: error\ndata: {\"error\":{\"message\":\"gone\"")
        .endsWith("\n\n");
  }
}
