package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.vendor.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Asks the operators' door of a running gateway, for the command line. */
public final class AdminClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int REPLY_MAX = 256 << 20;

  private final URI base;
  private final Optional<Secret> token;
  private final Duration patience;

  /**
   * Will ask a gateway.
   *
   * @param base the address of its operators' door, such as {@code http://127.0.0.1:8081}
   * @param token the admin token, if there is one to show
   */
  public AdminClient(URI base, Optional<Secret> token) {
    this(base, token, ANSWER);
  }

  /**
   * Will ask a gateway.
   *
   * @param patience how long nothing may come before the gateway is given up
   */
  AdminClient(URI base, Optional<Secret> token, Duration patience) {
    this.base = base;
    this.token = token;
    this.patience = patience;
  }

  /**
   * Why there is no answer, or what the gateway says against the request; one line for a person.
   */
  public static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    /** The HTTP status; 0 if there was no reply. */
    private final int status;

    NoAnswer(int status, String message) {
      super(message);
      this.status = status;
    }

    public int status() {
      return status;
    }

    /**
     * The same about a file: what the gateway found wrong in what it was sent, it found there.
     *
     * @param sent what the gateway calls it before a line and a column
     */
    public NoAnswer about(Path file, String sent) {
      String message =
          Pattern.compile("^" + Pattern.quote(sent) + "(?=:[0-9]+:[0-9]+:)", Pattern.MULTILINE)
              .matcher(String.valueOf(getMessage()))
              .replaceAll(Matcher.quoteReplacement(file.toString()));
      return new NoAnswer(status, message);
    }
  }

  /** The same with more patience, for an answer whose parts wait for others. */
  public AdminClient waiting(Duration longer) {
    return new AdminClient(base, token, patience.plus(longer));
  }

  /** Gets a JSON document. */
  public JsonNode get(String path) throws NoAnswer {
    return json(bytes(request(path).GET().build()));
  }

  /** Sends a JSON document; the answer is an empty object where there is none. */
  public JsonNode send(String method, String path, JsonNode body) throws NoAnswer {
    return send(method, path, "application/json", Json.bytes(body));
  }

  /** Sends bytes of any type. */
  public JsonNode send(String method, String path, String contentType, byte[] body)
      throws NoAnswer {
    var request =
        request(path)
            .header("Content-Type", contentType)
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    return json(bytes(request));
  }

  /** Sends a request without a body. */
  public JsonNode send(String method, String path) throws NoAnswer {
    return json(bytes(request(path).method(method, BodyPublishers.noBody()).build()));
  }

  /** A name as it stands in a path. */
  public static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    String address = base.toString().replaceFirst("/+$", "") + path;
    var request = HttpRequest.newBuilder(URI.create(address)).timeout(patience);
    token.ifPresent(t -> request.header("Authorization", "Bearer " + t.reveal()));
    return request;
  }

  private byte[] bytes(HttpRequest request) throws NoAnswer {
    try (var client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      var gathered = new ByteArrayOutputStream();
      HttpResponse<Void> response = reply(client, request, gathered);
      byte[] body = gathered.toByteArray();
      if (response.statusCode() / 100 != 2) {
        throw new NoAnswer(response.statusCode(), message(response.statusCode(), body));
      }
      return body;
    } catch (ConnectException e) {
      throw new NoAnswer(
          0,
          "no gateway answers at %s; start it, or name another address with --admin"
              .formatted(base));
    } catch (HttpTimeoutException e) {
      throw new NoAnswer(0, "the gateway at %s does not answer in time".formatted(base));
    } catch (IOException e) {
      throw new NoAnswer(0, "the connection to %s broke off: %s".formatted(base, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswer(0, "interrupted");
    }
  }

  /**
   * The reply, its body gathered on the way; a large one may take its time, as long as some of it
   * comes.
   */
  private HttpResponse<Void> reply(
      HttpClient client, HttpRequest request, ByteArrayOutputStream gathered)
      throws IOException, InterruptedException {
    // The client's own timeout is for the head alone, see HttpRequest.Builder.timeout.
    CompletableFuture<HttpResponse<Void>> reply =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArrayConsumer(
                    piece -> piece.ifPresent(gathered::writeBytes)),
                REPLY_MAX));
    try {
      while (true) {
        int before = gathered.size();
        try {
          return reply.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (gathered.size() == before) {
            throw new HttpTimeoutException("the reply stalls");
          }
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      // Closing waits for what is under way.
      client.shutdownNow();
    }
  }

  private String message(int status, byte[] body) {
    if (status == 401) {
      return token.isPresent()
          ? "the gateway at %s does not know this admin token".formatted(base)
          : "the gateway at %s wants its admin token: give it with --token-file FILE or in UNDERSTUDY_ADMIN_TOKEN"
              .formatted(base);
    }
    String said = "";
    try {
      said = Json.parse(body).path("error").path("message").asString("");
    } catch (Malformed e) {
      // Not ours, such as a proxy's page.
    }
    return said.isEmpty() ? "%s answers %d".formatted(base, status) : lines(said);
  }

  /** What is wrong with a file comes line by line; nothing else may play with a terminal. */
  private static String lines(String said) {
    return said.replaceAll("[\\p{Cntrl}&&[^\n]]+", " ");
  }

  private JsonNode json(byte[] body) throws NoAnswer {
    if (body.length == 0) {
      return Json.object();
    }
    try {
      return Json.parse(body);
    } catch (Malformed e) {
      throw new NoAnswer(200, "%s answers something else than JSON".formatted(base));
    }
  }
}
