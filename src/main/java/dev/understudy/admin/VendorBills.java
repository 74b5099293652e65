package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.settlement.reconciliation.BillReader;
import dev.understudy.settlement.reconciliation.BillSource;
import dev.understudy.settlement.reconciliation.VendorBill;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Fetches bills and usage by the vendors' own APIs, page by page, with an organisation's admin key.
 *
 * <p>Sources: {@code GET /v1/organization/costs} and {@code /v1/organization/usage/completions} of
 * OpenAI's API reference; {@code /v1/organizations/cost_report} and {@code
 * /v1/organizations/usage_report/messages} of Anthropic's.
 */
public final class VendorBills implements BillSource {
  /** Kinds of vendors whose bills can be fetched, and where they are. */
  public static final Map<String, String> HOSTS =
      Map.of("openai", "https://api.openai.com", "anthropic", "https://api.anthropic.com");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PAGES_MAX = 1_000;
  private static final int SAID_MAX = 200;

  /** A page holds 31 or 180 days; a hundred times that is no bill. */
  static final long PAGE_BYTES_MAX = 64 << 20;

  private final String kind;
  private final URI base;
  private final Secret key;
  private final Duration patience;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  /**
   * Will fetch.
   *
   * @param kind one of {@link #HOSTS}
   * @param base where the API is
   * @param key an admin key, never shown
   */
  public VendorBills(String kind, URI base, Secret key) {
    this(kind, base, key, PATIENCE);
  }

  VendorBills(String kind, URI base, Secret key, Duration patience) {
    if (!HOSTS.containsKey(kind)) {
      throw new IllegalArgumentException(
          "bills of %s cannot be fetched; known: %s; give files with --bill"
              .formatted(kind, String.join(", ", HOSTS.keySet().stream().sorted().toList())));
    }
    this.kind = kind;
    this.base = base;
    this.key = key;
    this.patience = patience;
  }

  @Override
  public List<VendorBill.Document> fetch(LocalDate from, LocalDate to) throws IOException {
    if (kind.equals("openai")) {
      long begin = from.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      long end = to.plusDays(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      String span = "start_time=%d&end_time=%d&bucket_width=1d".formatted(begin, end);
      return List.of(
          pages("costs", "/v1/organization/costs?" + span + "&limit=180&group_by=line_item"),
          pages(
              "usage",
              "/v1/organization/usage/completions?"
                  + span
                  + "&limit=31&group_by=model&group_by=batch"));
    }
    String span =
        "starting_at=%sT00:00:00Z&ending_at=%sT00:00:00Z&bucket_width=1d&limit=31"
            .formatted(from, to.plusDays(1));
    return List.of(
        pages("cost_report", "/v1/organizations/cost_report?" + span + "&group_by[]=description"),
        pages(
            "usage_report",
            "/v1/organizations/usage_report/messages?"
                + span
                + "&group_by[]=model&group_by[]=service_tier"));
  }

  /** All pages of one question as one document. */
  private VendorBill.Document pages(String name, String question) throws IOException {
    ArrayNode pages = Json.array();
    String page = "";
    for (int i = 0; i < PAGES_MAX; i++) {
      JsonNode answer = get(name, page.isEmpty() ? question : question + "&page=" + encoded(page));
      pages.add(answer);
      if (!answer.path("has_more").asBoolean(false)) {
        try {
          return BillReader.read(
              kind + " " + name, Json.text(pages).getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
      page = answer.path("next_page").asString("");
      if (page.isEmpty()) {
        throw new IOException("%s: there are more pages, and none is named".formatted(name));
      }
    }
    throw new IOException("%s has more than %d pages".formatted(name, PAGES_MAX));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private JsonNode get(String name, String question) throws IOException {
    var request =
        HttpRequest.newBuilder(base.resolve(question.replace("[", "%5B").replace("]", "%5D")))
            .header("Accept", "application/json");
    if (kind.equals("openai")) {
      request.header("Authorization", "Bearer " + key.reveal());
    } else {
      request.header("x-api-key", key.reveal()).header("anthropic-version", "2023-06-01");
    }
    HttpResponse<byte[]> reply = reply(name, request.GET().build());
    if (reply.statusCode() != 200) {
      throw new IOException(
          "%s: the vendor answers %d%s".formatted(name, reply.statusCode(), said(reply.body())));
    }
    try {
      return Json.parse(reply.body());
    } catch (Malformed e) {
      throw new IOException(name + ": the vendor's answer is " + e.getMessage(), e);
    }
  }

  /** The request's own timeout would end with the head of the answer; this covers its body too. */
  private HttpResponse<byte[]> reply(String name, HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> pending =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), PAGE_BYTES_MAX));
    try {
      return pending.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " was fetched", e);
    } catch (TimeoutException e) {
      throw new IOException(
          "%s cannot be fetched: %s did not answer within %s s"
              .formatted(name, base, patience.toMillis() / 1_000.0),
          e);
    } catch (ExecutionException e) {
      throw new IOException(
          "%s cannot be fetched from %s: %s".formatted(name, base, e.getCause()), e);
    } finally {
      pending.cancel(true);
    }
  }

  /** The vendor's own message, where it gives one. */
  private static String said(byte[] body) {
    try {
      String message = Json.parse(body).path("error").path("message").asString("");
      String cut = message.length() > SAID_MAX ? message.substring(0, SAID_MAX) + "…" : message;
      return cut.isEmpty() ? "" : ": " + cut.replaceAll("\\p{Cntrl}", " ");
    } catch (Malformed e) {
      return "";
    }
  }

  /** The documents, put together. */
  public VendorBill bill(LocalDate from, LocalDate to) throws IOException {
    return VendorBill.of(new ArrayList<>(fetch(from, to)));
  }
}
