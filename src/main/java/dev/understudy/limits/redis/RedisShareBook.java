package dev.understudy.limits.redis;

import dev.understudy.limits.Claim;
import dev.understudy.limits.Grant;
import dev.understudy.limits.ShareBook;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Agrees on shares through one script in a Redis or Valkey that holds all keys, alone or found by
 * sentinels; a cluster is refused in words. Never waits: claims fail at once while there is no
 * connection.
 */
public final class RedisShareBook implements ShareBook {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final Duration RECONNECT_MAX = Duration.ofSeconds(1);

  private final String prefix;
  private final ClientResources resources;
  private final RedisURI uri;
  private final Duration patience;
  private final RedisClient client;
  private final String script;
  private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connecting;
  private String digest = "";
  private boolean closed;

  /**
   * Does not connect yet: the first claim does.
   *
   * @param url such as {@code redis://user:password@host:6379/0}, {@code rediss://} for TLS, or
   *     {@code redis-sentinel://host:26379,other:26379/0#name} for the one that sentinels know
   * @param prefix what all keys begin with
   * @param trust the certificates to trust; the usual ones if there are none
   * @throws IllegalArgumentException if the address is none
   */
  public RedisShareBook(String url, String prefix, List<X509Certificate> trust) {
    this(url, prefix, trust, PATIENCE);
  }

  /** Likewise, with another bound on how long an answer is waited for. */
  public RedisShareBook(String url, String prefix, List<X509Certificate> trust, Duration patience) {
    this.prefix = prefix;
    this.patience = patience;
    this.script = script();
    resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(
                Delay.exponential(Duration.ofMillis(50), RECONNECT_MAX, 2, TimeUnit.MILLISECONDS))
            .build();
    uri = RedisURI.create(url);
    uri.setTimeout(CONNECT_MAX);
    client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .sslOptions(trust.isEmpty() ? SslOptions.create() : trusting(trust))
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            // A class of theirs needs SLF4J, which is no part of the program: inTime does it.
            .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
            .socketOptions(
                SocketOptions.builder().connectTimeout(CONNECT_MAX).keepAlive(true).build())
            .requestQueueSize(10_000)
            .build());
  }

  private static SslOptions trusting(List<X509Certificate> trust) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < trust.size(); i++) {
        store.setCertificateEntry("ca-" + i, trust.get(i));
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return SslOptions.builder().trustManager(factory).build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the certificates for Redis cannot be used", e);
    }
  }

  private static String script() {
    try (var in = RedisShareBook.class.getResourceAsStream("claim.lua")) {
      if (in == null) {
        throw new IllegalStateException("claim.lua is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public CompletionStage<Grant> claim(Claim claim) {
    return connection().thenCompose(connection -> run(connection, claim));
  }

  private synchronized CompletionStage<StatefulRedisConnection<String, String>> connection() {
    if (closed) {
      return CompletableFuture.failedFuture(new IOException("the book is closed"));
    }
    CompletableFuture<StatefulRedisConnection<String, String>> known = connecting;
    // A connection once made is kept by the library; only the first may have to be tried again.
    if (known == null || known.isCompletedExceptionally()) {
      known =
          client
              .connectAsync(StringCodec.UTF8, uri)
              .toCompletableFuture()
              .orTimeout(2 * CONNECT_MAX.toMillis(), TimeUnit.MILLISECONDS);
      connecting = known;
    }
    return known;
  }

  private CompletionStage<Grant> run(
      StatefulRedisConnection<String, String> connection, Claim claim) {
    String[] keys = {prefix + claim.key()};
    String[] values = {
      claim.replica(),
      claim.lasting().name(),
      Long.toString(claim.limit()),
      Long.toString(claim.used()),
      Long.toString(claim.taken()),
      Long.toString(claim.held()),
      Long.toString(claim.want()),
      Long.toString(claim.must()),
      Long.toString(claim.leaseMillis()),
      Long.toString(claim.keptMillis()),
      claim.forgive() ? "1" : "0"
    };
    var commands = connection.async();
    if (digest.isEmpty()) {
      digest = commands.digest(script);
    }
    return inTime(commands.<List<Long>>evalsha(digest, ScriptOutputType.MULTI, keys, values))
        .exceptionallyCompose(failure ->
            failure instanceof RedisNoScriptException
                ? inTime(commands.<List<Long>>eval(script, ScriptOutputType.MULTI, keys, values))
                : CompletableFuture.failedStage(told(failure)))
        .thenApply(RedisShareBook::grant);
  }

  /** Waits for an answer no longer than is good. */
  private <T> CompletableFuture<T> inTime(RedisFuture<T> answer) {
    return answer.toCompletableFuture().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A failure in words for operators, where its own say little. */
  private Throwable told(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    if (failure instanceof TimeoutException) {
      return new IOException("no answer within " + patience.toMillis() + " ms", failure);
    }
    // https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#redirection-and-resharding
    return said.startsWith("MOVED ") || said.startsWith("CLUSTERDOWN ")
        ? new IOException(
            "the address is a node of a Redis Cluster, which cannot share limits; name a Redis that"
                + " holds all keys, or the sentinels of one",
            failure)
        : failure;
  }

  private static Grant grant(List<Long> said) {
    return new Grant(
        said.get(0),
        said.get(1),
        said.get(2),
        said.get(3),
        said.get(4).intValue(),
        said.get(5),
        said.get(6) == 1);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    client.shutdown(Duration.ZERO, PATIENCE);
    resources.shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
