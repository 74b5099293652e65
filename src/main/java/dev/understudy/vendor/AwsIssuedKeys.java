package dev.understudy.vendor;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets us in at AWS with keys of limited life, which an issuer of this machine gives again and
 * again; threads that need new ones at the same time share one question.
 */
public final class AwsIssuedKeys implements Credential {
  /** How long before their end keys are replaced; AWS has new ones five minutes before. */
  static final Duration EARLY = Duration.ofMinutes(5);

  /** How long after a question the next one is asked, while the keys still work. */
  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(10);

  private record Held(AwsSigV4 signing, Instant expiry) {}

  private final String label;
  private final AwsIssuer issuer;
  private final TokenExchange exchange;
  private final String region;
  private final String service;
  private final InstantSource clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Held held;
  private volatile Instant notBefore = Instant.MIN;

  /** What is signed, and by what, as in {@link AwsSigV4}. */
  public AwsIssuedKeys(
      String label,
      AwsIssuer issuer,
      TokenExchange exchange,
      String region,
      String service,
      InstantSource clock) {
    this.label = label;
    this.issuer = issuer;
    this.exchange = exchange;
    this.region = region;
    this.service = service;
    this.clock = clock;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean isReady() {
    Held known = held;
    Instant now = clock.instant();
    return known != null
        && now.isBefore(known.expiry())
        && (now.isBefore(known.expiry().minus(EARLY)) || now.isBefore(notBefore));
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    asking.lockInterruptibly();
    try {
      if (isReady()) {
        return;
      }
      Instant now = clock.instant();
      try {
        AwsIssuer.Issued issued = issuer.issue(exchange, now);
        held =
            new Held(
                new AwsSigV4(label, AwsCredentials.fixed(issued.keys()), region, service, clock),
                issued.expiry());
      } catch (IOException e) {
        Held known = held;
        if (known == null || !now.isBefore(known.expiry())) {
          throw e;
        }
      }
      notBefore = now.plus(ASK_AGAIN_AFTER);
    } finally {
      asking.unlock();
    }
  }

  @Override
  public void sign(VendorRequest request) {
    Held known = held;
    if (known == null) {
      throw new IllegalStateException("credential " + label + " signs before it was prepared");
    }
    known.signing().sign(request);
  }

  @Override
  public String toString() {
    return "AwsIssuedKeys[" + label + ", " + region + "]";
  }
}
