package dev.understudy.gateway;

import dev.understudy.vendor.TokenExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks token servers by the JDK's HTTP client: over TLS only, except on the same machine. */
public final class JdkTokenExchange implements TokenExchange {
  /** Time for the whole exchange. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Longer answers are no tokens, in bytes. */
  private static final int ANSWER_BYTES_MAX = 64 << 10;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  @Override
  public String post(URI tokenUri, String form) throws IOException, InterruptedException {
    if (!isSafe(tokenUri)) {
      throw new IOException("the token server " + tokenUri.getHost() + " is not asked without TLS");
    }
    var request =
        HttpRequest.newBuilder(tokenUri)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    HttpResponse<byte[]> response = answer(request);
    if (response.statusCode() != 200) {
      throw new IOException(
          "the token server %s answered with status %d"
              .formatted(tokenUri.getHost(), response.statusCode()));
    }
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** The request's own timeout ends with the head of the answer; this one covers the body too. */
  private HttpResponse<byte[]> answer(HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    try {
      return pending.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the token server did not answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IOException("the token server cannot be asked: " + e.getCause());
    } finally {
      pending.cancel(true);
    }
  }

  private static boolean isSafe(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (scheme.equals("https")) {
      return true;
    }
    String host = uri.getHost();
    if (!scheme.equals("http") || host == null) {
      return false;
    }
    // No name is looked up for this: a name can be made to mean this machine.
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
  }
}
