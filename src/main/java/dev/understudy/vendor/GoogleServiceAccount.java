package dev.understudy.vendor;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets us in at Google Cloud with an access token of limited life, for which a key file is
 * exchanged again and again.
 *
 * <p>The token is kept until {@link #EARLY} before its end. Threads that need a new one at the same
 * time share one exchange.
 */
public final class GoogleServiceAccount implements Credential {
  /** How long before its end a token is replaced. */
  static final Duration EARLY = Duration.ofMinutes(5);

  /** How long after a failed exchange the next is tried, while the old token still works. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  /** How long a token lives where the server does not say, in seconds; Google's live an hour. */
  private static final long LIFE_SECONDS = 600;

  private record Token(Secret value, Instant expiry) {}

  private final String label;
  private final GoogleGrant grant;
  private final TokenExchange exchange;
  private final InstantSource clock;
  private final ReentrantLock exchanging = new ReentrantLock();
  private volatile @Nullable Token token;
  private volatile Instant notBefore = Instant.MIN;

  /**
   * @param keyFile JSON of type {@code service_account} or {@code authorized_user}
   * @throws IllegalArgumentException if it is neither, without a word of what it holds
   */
  public GoogleServiceAccount(
      String label, byte[] keyFile, TokenExchange exchange, InstantSource clock) {
    this.label = label;
    this.grant = GoogleGrant.read(keyFile);
    this.exchange = exchange;
    this.clock = clock;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean isReady() {
    Token known = token;
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.expiry())) {
      return false;
    }
    return now.isBefore(known.expiry().minus(EARLY)) || now.isBefore(notBefore);
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    exchanging.lockInterruptibly();
    try {
      if (isReady()) {
        return;
      }
      Instant now = clock.instant();
      try {
        token = read(exchange.post(grant.tokenUri(), grant.form(now)), now);
      } catch (IOException e) {
        Token known = token;
        if (known == null || !now.isBefore(known.expiry())) {
          throw e;
        }
        notBefore = now.plus(RETRY_AFTER);
      }
    } finally {
      exchanging.unlock();
    }
  }

  @Override
  public void sign(VendorRequest request) {
    Token known = token;
    if (known == null) {
      throw new IllegalStateException("credential " + label + " signs before it was prepared");
    }
    request.headers().put("authorization", "Bearer " + known.value().reveal());
  }

  private static Token read(String answer, Instant now) throws IOException {
    try {
      Fields fields = Fields.of(Json.parseObject(answer));
      String value = fields.requiredText("access_token");
      if (value.isEmpty() || value.chars().anyMatch(c -> c <= 0x20 || c >= 0x7F)) {
        throw new IOException("the token server sent a token that cannot stand in a header");
      }
      long life = Math.clamp(fields.integer("expires_in").orElse(LIFE_SECONDS), 0L, 86_400L);
      return new Token(new Secret(value), now.plusSeconds(life));
    } catch (Malformed e) {
      throw new IOException("the token server's answer holds no access_token");
    }
  }

  @Override
  public String toString() {
    return "GoogleServiceAccount[" + label + "]";
  }
}
