package dev.understudy.limits.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.limits.Claim;
import dev.understudy.limits.Grant;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How one is let in at a Redis: by a user of its own, and by TLS. */
final class RedisShareBookTest {
  private static final Claim CLAIM =
      new Claim("k", Claim.Lasting.PERIOD, "r1", 100, 0, 0, 0, 10, 0, 10_000, 1_000_000, false);

  @TempDir private Path folder;

  @Test
  void aUserThatMayTouchOurKeysAloneIsEnough() throws Exception {
    try (var redis = RedisServer.startOrSkipWithUser("gate", "s3cret-word", "ours:")) {
      String known = redis.url().replace("//", "//gate:s3cret-word@");

      assertThat(grant(known, "ours:", List.of()).share()).isEqualTo(10);
      assertThatThrownBy(() -> grant(known.replace("s3cret", "other"), "ours:", List.of()))
          .rootCause()
          .message()
          .doesNotContain("other-word");
      assertThatThrownBy(() -> grant(known, "theirs:", List.of())).isNotNull();
    }
  }

  @Test
  void aCertificateThatIsTrustedLetsUsInByTls() throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    make(certificate, key);
    try (var redis = RedisServer.startOrSkipWithTls(certificate, key);
        InputStream in = Files.newInputStream(certificate)) {
      var trusted =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);

      assertThat(grant(redis.url(), "t:", List.of(trusted)).share()).isEqualTo(10);
      assertThatThrownBy(() -> grant(redis.url(), "t:", List.of())).isNotNull();
    }
  }

  @Test
  void sentinelsLeadToTheRedisTheyKnow() throws Exception {
    try (var redis = RedisServer.startOrSkip();
        var sentinel = RedisServer.startSentinel(redis, "ours")) {
      String url = "redis-sentinel://127.0.0.1:%d/0#ours".formatted(sentinel.port());

      assertThat(grant(url, "s:", List.of()).share()).isEqualTo(10);
      // It was the one behind the sentinel: what it granted is gone from its share of others.
      assertThat(grant(redis.url(), "s:", List.of()).share()).isEqualTo(10);
    }
  }

  @Test
  void aNodeOfAClusterIsRefusedInWords() throws Exception {
    try (var node = RedisServer.startOrSkipAsNode()) {
      assertThatThrownBy(() -> grant(node.url(), "c:", List.of()))
          .cause()
          .hasMessage(
              "the address is a node of a Redis Cluster, which cannot share limits; name a Redis"
                  + " that holds all keys, or the sentinels of one");
    }
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedForLong() throws Exception {
    try (var redis = RedisServer.startOrSkip();
        var book = new RedisShareBook(redis.url(), "w:", List.of(), Duration.ofMillis(300))) {
      book.claim(CLAIM).toCompletableFuture().get(20, TimeUnit.SECONDS);
      redis.stop();
      long before = System.nanoTime();

      assertThatThrownBy(() -> book.claim(CLAIM).toCompletableFuture().get(20, TimeUnit.SECONDS))
          .cause()
          .hasMessage("no answer within 300 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isBetween(Duration.ofMillis(290), Duration.ofSeconds(5));
    }
  }

  private static Grant grant(String url, String prefix, List<X509Certificate> trust)
      throws Exception {
    try (var book = new RedisShareBook(url, prefix, trust, Duration.ofSeconds(10))) {
      return book.claim(CLAIM).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static void make(Path certificate, Path key) throws Exception {
    try {
      Process made =
          new ProcessBuilder(
                  "openssl",
                  "req",
                  "-x509",
                  "-newkey",
                  "ec",
                  "-pkeyopt",
                  "ec_paramgen_curve:prime256v1",
                  "-nodes",
                  "-days",
                  "2",
                  "-subj",
                  "/CN=127.0.0.1",
                  "-addext",
                  "subjectAltName=IP:127.0.0.1",
                  "-keyout",
                  key.toString(),
                  "-out",
                  certificate.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Assumptions.assumeTrue(made.waitFor() == 0, "openssl makes no certificate here");
    } catch (IOException e) {
      Assumptions.abort("openssl is not installed: TLS to Redis is not tested");
    }
  }
}
