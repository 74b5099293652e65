package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.vendor.BodyPieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HeadsTest {
  private static String text(HeadBytes head) {
    ByteBuf out = Unpooled.buffer();
    head.writeTo(out);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aHeadHoldsWhatItWasGivenAndNothingOfTheOneBefore() {
    var head = new HeadBytes();
    head.begin().text("x".repeat(100_000)).lineEnd();
    head.begin().raw(HeadBytes.constant("content-length: ")).number(0).lineEnd();
    head.text("a: ").number(1_234_567_890).lineEnd();

    assertThat(text(head)).isEqualTo("content-length: 0\r\na: 1234567890\r\n");
  }

  @Test
  void noCharacterOfARequestsHeadBecomesALineEnd() {
    assertThat(text(new HeadBytes().begin().text("a\u010a\u010db\u00e9"))).isEqualTo("a??b?");
  }

  @Test
  void whatCannotStandInAHeaderIsPercentEncodedAndCut() {
    var head = new HeadBytes().begin();
    new ReplyHeaders()
        .add("x-one", "a\r\nb: é\u0000\u010a")
        .add("x-two", "€".repeat(4_000))
        .add("x-three", "y".repeat(5_000))
        .writeTo(head);

    String[] lines = text(head).split("\r\n", -1);
    assertThat(lines).hasSize(4);
    assertThat(lines[0]).isEqualTo("x-one: a%0d%0ab: %c3%a9%00%c4%8a");
    assertThat(lines[1]).startsWith("x-two: %e2%82%ac%e2").hasSizeBetween(4_096, 4_120);
    assertThat(lines[2]).isEqualTo("x-three: " + "y".repeat(4_096));
  }

  @Test
  void piecesOfABodyComeInOrderAndTogetherAreTheBody() {
    byte[] body = "{\"model\":\"a\",\"x\":1}".getBytes(StandardCharsets.US_ASCII);
    byte[] name = "\"gpt\"".getBytes(StandardCharsets.US_ASCII);
    var pieces =
        new BodyPieces()
            .add(body, 0, 9)
            .add(name, 0, name.length)
            .add(body, 12, 0)
            .add(body, 12, 1)
            .add(body, 13, 6);

    assertThat(pieces.length()).isEqualTo(21);
    assertThat(new String(pieces.toByteArray(), StandardCharsets.US_ASCII))
        .isEqualTo("{\"model\":\"gpt\",\"x\":1}");
    assertThat(BodyPieces.of(name).toByteArray()).isSameAs(name);
    assertThat(BodyPieces.of(new byte[0]).toByteArray()).isEmpty();
  }
}
