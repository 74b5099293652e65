package dev.understudy.gateway;

import dev.understudy.vendor.LocalAddress;
import dev.understudy.vendor.TokenExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks token servers and metadata services by the JDK's HTTP client: over TLS only, except nearby.
 */
public final class JdkTokenExchange implements TokenExchange {
  /** Time for the whole exchange. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Time for a service of this machine, which answers at once or not at all. */
  private static final Duration TIMEOUT_LOCAL = Duration.ofSeconds(2);

  /** Longer answers are no tokens, in bytes. */
  private static final int ANSWER_BYTES_MAX = 64 << 10;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  @Override
  public String post(URI tokenUri, String form) throws IOException, InterruptedException {
    return ask(
        "POST",
        tokenUri,
        Map.of("content-type", "application/x-www-form-urlencoded", "accept", "application/json"),
        form);
  }

  @Override
  public String ask(String method, URI address, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    if (!isSafe(address)) {
      throw new IOException("the token server " + address.getHost() + " is not asked without TLS");
    }
    var publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    var request = HttpRequest.newBuilder(address).method(method, publisher);
    headers.forEach(request::header);
    return answer(client, request.build(), "the token server " + address.getHost(), TIMEOUT);
  }

  @Override
  public String local(String method, URI address, Map<String, String> headers)
      throws IOException, InterruptedException {
    if (!LocalAddress.isLocal(address)) {
      throw new IOException("an address beyond this machine's link is not asked for keys");
    }
    var request =
        HttpRequest.newBuilder(address)
            .header("accept", "*/*")
            .method(method, HttpRequest.BodyPublishers.noBody());
    headers.forEach(request::header);
    // What it answers is for this machine alone: no proxy on the way, whatever the system says.
    try (HttpClient direct =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT_LOCAL)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      return answer(direct, request.build(), "the service at " + address.getHost(), TIMEOUT_LOCAL);
    }
  }

  /** The request's own timeout ends with the head of the answer; this one covers the body too. */
  private static String answer(
      HttpClient client, HttpRequest request, String whom, Duration timeout)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    try {
      HttpResponse<byte[]> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("%s answered with status %d".formatted(whom, response.statusCode()));
      }
      return new String(response.body(), StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      throw new IOException("%s did not answer within %d s".formatted(whom, timeout.toSeconds()));
    } catch (ExecutionException e) {
      throw new IOException(whom + " cannot be asked: " + e.getCause());
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
