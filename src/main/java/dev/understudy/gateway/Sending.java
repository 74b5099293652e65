package dev.understudy.gateway;

import dev.understudy.vendor.VendorRequest;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gets one request on its way: its credential ready, signed, a connection, the bytes. */
final class Sending implements UpstreamPool.Taker {

  /** What hears how it went. */
  interface Sender extends UpstreamListener {
    /** Whether the request is still to be sent. */
    boolean isWanted();

    /** The bytes are on their way. */
    void sent(Upstream connection);

    /** They never will be. */
    void unsent(String reason);
  }

  private final Candidate candidate;
  private @Nullable VendorRequest request;
  private final LoopState loop;
  private final Sender sender;

  /** Whether the credential is ready, so that from here on the connection's timeout holds. */
  private boolean prepared;

  Sending(Candidate candidate, VendorRequest request, LoopState loop, Sender sender) {
    this.candidate = candidate;
    this.request = request;
    this.loop = loop;
    this.sender = sender;
  }

  /** Its answer has begun, so that it is not sent again: what was sent is asked for no more. */
  void letGo() {
    request = null;
  }

  private VendorRequest request() {
    return Objects.requireNonNull(request, "the request was let go");
  }

  boolean isPrepared() {
    return prepared;
  }

  /** Sends. */
  void start() {
    if (candidate.credential().isReady()) {
      signAndConnect();
      return;
    }
    Thread.ofVirtual()
        .name("credential")
        .start(() -> {
          try {
            candidate.credential().prepare();
            loop.loop().execute(this::signAndConnect);
          } catch (IOException e) {
            loop.loop().execute(() -> noCredential(String.valueOf(e.getMessage())));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            loop.loop().execute(() -> noCredential("interrupted"));
          } catch (RuntimeException e) {
            loop.loop().execute(() -> noCredential(e.getClass().getSimpleName()));
          }
        });
  }

  /** Sends the signed request once more, on a connection that nobody used before. */
  void again() {
    connect(true);
  }

  private void noCredential(String why) {
    if (sender.isWanted() && !prepared) {
      sender.unsent("its credential is not ready: " + why);
    }
  }

  /** The credential took too long. */
  void giveUpPreparing() {
    noCredential("it took too long");
  }

  private void signAndConnect() {
    if (!sender.isWanted()) {
      return;
    }
    prepared = true;
    try {
      candidate.credential().sign(request());
    } catch (RuntimeException e) {
      sender.fault(e);
      return;
    }
    connect(false);
  }

  private void connect(boolean fresh) {
    try {
      loop.pool()
          .acquire(
              candidate.vendor(),
              candidate.endpoint(),
              candidate.timeouts().connect(),
              fresh,
              this);
    } catch (RuntimeException e) {
      sender.fault(e);
    }
  }

  @Override
  public void connected(Upstream connection) {
    if (!sender.isWanted()) {
      connection.close();
      return;
    }
    sender.sent(connection);
    connection.send(encode(connection), sender);
  }

  @Override
  public void failed(String reason) {
    if (sender.isWanted()) {
      sender.unsent(reason);
    }
  }

  private ByteBuf encode(Upstream connection) {
    VendorRequest request = request();
    HeadBytes head = loop.head();
    head.text(request.method()).raw(SPACE).text(request.pathAndQuery());
    head.raw(VERSION_AND_HOST).text(request.host()).lineEnd();
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      head.text(header.getKey()).raw(COLON).text(header.getValue()).lineEnd();
    }
    int length = request.body().length();
    head.raw(CONTENT_LENGTH).number(length).lineEnd().lineEnd();
    ByteBuf out = connection.allocate(head.length() + length);
    head.writeTo(out);
    request.body().forEach(out::writeBytes);
    return out;
  }

  private static final byte[] SPACE = HeadBytes.constant(" ");
  private static final byte[] VERSION_AND_HOST = HeadBytes.constant(" HTTP/1.1\r\nhost: ");
  private static final byte[] COLON = HeadBytes.constant(": ");
  private static final byte[] CONTENT_LENGTH = HeadBytes.constant("content-length: ");

  /** Whether a vendor's words hold what the request was let in with; some servers echo callers. */
  boolean isQuotedIn(byte[] words) {
    for (String name : SECRET_HEADERS) {
      String value = request().headers().getOrDefault(name, "");
      String secret = value.substring(value.lastIndexOf(' ') + 1);
      if (secret.length() >= SECRET_LENGTH_MIN && Search.contains(words, 0, words.length, secret)) {
        return true;
      }
    }
    return false;
  }

  private static final String[] SECRET_HEADERS = {
    "authorization", "x-api-key", "api-key", "x-goog-api-key", "x-amz-security-token"
  };

  /** Shorter keys are placeholders, which may stand in any text. */
  private static final int SECRET_LENGTH_MIN = 8;
}
