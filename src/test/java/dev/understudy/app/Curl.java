package dev.understudy.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of curl as the documentation uses. */
record Curl(String url, Optional<String> body, List<String> headers) {
  /** What the shell puts in place of the variable of that name. */
  static final String ADMIN_TOKEN = "a-token-for-operators";

  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it has an option that is not known here
   */
  static Curl parse(String line) {
    var words = new ArrayList<String>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      String word =
          matcher.group(1) != null
              ? matcher.group(1)
              : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
      words.add(word.replace("$UNDERSTUDY_ADMIN_TOKEN", ADMIN_TOKEN));
    }
    String url = "";
    Optional<String> body = Optional.empty();
    var headers = new ArrayList<String>();
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      switch (word) {
        case "-i", "-N" -> {}
        case "-d" -> body = Optional.of(words.get(++i));
        case "-H" -> headers.add(words.get(++i));
        default -> {
          if (word.startsWith("-") || !url.isEmpty()) {
            throw new IllegalArgumentException("not known here: " + word + " in " + line);
          }
          url = word;
        }
      }
    }
    return new Curl(url, body, List.copyOf(headers));
  }

  /** Asks a gateway that runs, whichever ports it has, as curl would ask at the usual ones. */
  HttpResponse<String> ask(HttpClient client, Running running)
      throws IOException, InterruptedException {
    String here =
        url.replace("://localhost:8080/", "://127.0.0.1:" + running.gateway().port() + "/")
            .replace("://localhost:8081/", "://127.0.0.1:" + running.adminPort() + "/");
    var request = HttpRequest.newBuilder(URI.create(here));
    if (body.isPresent()) {
      request
          .POST(HttpRequest.BodyPublishers.ofString(body.get()))
          .header("content-type", "application/x-www-form-urlencoded");
    }
    for (String header : headers) {
      int colon = header.indexOf(':');
      request.header(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
