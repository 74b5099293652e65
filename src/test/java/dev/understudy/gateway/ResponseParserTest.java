package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {
  /** Notes what it hears. */
  private static final class Notes implements ResponseParser.Listener {
    final List<Integer> statuses = new ArrayList<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    String type = "";
    int ends;

    @Override
    public void head(ResponseHead head) {
      statuses.add(head.status());
      type = head.mediaType();
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
      assertThat(length).isPositive();
      body.write(bytes, offset, length);
    }

    @Override
    public void end() {
      ends++;
    }

    String text() {
      return body.toString(StandardCharsets.UTF_8);
    }
  }

  private static final String CHUNKED =
      "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
          + "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream; charset=utf-8\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n"
          + "5\r\nhello\r\n1;ext=\"y\"\r\n,\r\n0006\r\n world\r\n0\r\nx-trailer: 1\r\n\r\n";

  @Test
  void readsAChunkedResponseCutAnywhere() throws BadResponse {
    byte[] all = CHUNKED.getBytes(StandardCharsets.US_ASCII);
    for (int cut = 0; cut <= all.length; cut++) {
      var notes = new Notes();
      var parser = new ResponseParser(notes);
      parser.expect();

      parser.accept(all.clone(), 0, cut);
      parser.accept(all.clone(), cut, all.length - cut);

      assertThat(notes.statuses).containsExactly(200);
      assertThat(notes.type).isEqualTo("text/event-stream");
      assertThat(notes.text()).isEqualTo("hello, world");
      assertThat(notes.ends).isEqualTo(1);
      assertThat(parser.isReusable()).isTrue();
    }
  }

  @Test
  void readsAChunkedResponseByteByByte() throws BadResponse {
    var notes = new Notes();
    var parser = new ResponseParser(notes);
    parser.expect();

    for (byte b : CHUNKED.getBytes(StandardCharsets.US_ASCII)) {
      parser.accept(new byte[] {b}, 0, 1);
    }

    assertThat(notes.text()).isEqualTo("hello, world");
    assertThat(notes.ends).isEqualTo(1);
  }

  @Test
  void givesWhatOneReadBroughtAsOnePiece() throws BadResponse {
    var pieces = new ArrayList<String>();
    var parser =
        new ResponseParser(
            new ResponseParser.Listener() {
              @Override
              public void head(ResponseHead head) {}

              @Override
              public void body(byte[] bytes, int offset, int length) {
                pieces.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
              }

              @Override
              public void end() {}
            });
    parser.expect();
    byte[] all = CHUNKED.getBytes(StandardCharsets.US_ASCII);

    parser.accept(all, 0, all.length);

    assertThat(pieces).containsExactly("hello, world");
  }

  @Test
  void keepsNoConnectionThatHoldsMoreThanTheResponse() throws BadResponse {
    var notes = new Notes();
    var parser = new ResponseParser(notes);
    parser.expect();

    accept(parser, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");

    assertThat(notes.text()).isEqualTo("ok");
    assertThat(notes.ends).isEqualTo(1);
    assertThat(parser.isReusable()).isFalse();
  }

  @Test
  void readsABodyThatEndsWithTheConnection() throws BadResponse {
    var notes = new Notes();
    var parser = new ResponseParser(notes);
    parser.expect();

    accept(parser, "HTTP/1.0 200 OK\r\n\r\nall of it");
    parser.closed();

    assertThat(notes.text()).isEqualTo("all of it");
    assertThat(notes.ends).isEqualTo(1);
    assertThat(parser.isReusable()).isFalse();
  }

  @Test
  void doesNotTakeABrokenBodyForAWholeOne() throws BadResponse {
    var notes = new Notes();
    var parser = new ResponseParser(notes);
    parser.expect();
    accept(parser, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");

    assertThatThrownBy(parser::closed).isInstanceOf(BadResponse.class);
    assertThat(notes.ends).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: +5\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5, 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nname : x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: a\u0000b\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n"
      })
  void refusesAResponseThatCouldBeReadInTwoWays(String response) {
    var parser = new ResponseParser(new Notes());
    parser.expect();

    assertThatThrownBy(() -> accept(parser, response)).isInstanceOf(BadResponse.class);
  }

  @Test
  void boundsTheHead() {
    var parser = new ResponseParser(new Notes());
    parser.expect();

    assertThatThrownBy(
            () -> accept(parser, "HTTP/1.1 200 OK\r\nx: " + "y".repeat(70_000) + "\r\n\r\n"))
        .isInstanceOf(BadResponse.class)
        .hasMessageContaining("longer");
  }

  private static void accept(ResponseParser parser, String text) throws BadResponse {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    parser.accept(bytes, 0, bytes.length);
  }
}
