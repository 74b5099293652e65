package dev.understudy.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Says keys, teams and organisations in words, from what the operators' door tells of them. */
final class DirectoryWords {
  private DirectoryWords() {}

  /** Limits in one line, such as {@code 600 rpm, 100USD/month}; empty if there are none. */
  static String limits(JsonNode terms) {
    JsonNode limits = terms.path("limits");
    var parts = new ArrayList<String>();
    limits.path("requests_per_minute").asLongOpt().ifPresent(n -> parts.add(n + " rpm"));
    limits.path("tokens_per_minute").asLongOpt().ifPresent(n -> parts.add(n + " tpm"));
    limits.path("concurrent_calls").asLongOpt().ifPresent(n -> parts.add(n + " at once"));
    parts.addAll(texts(limits.path("budgets")));
    return String.join(", ", parts);
  }

  /** What may be used in one line; empty if everything. */
  static String reach(JsonNode terms) {
    var parts = new ArrayList<String>();
    if (!terms.path("routes").isEmpty()) {
      parts.add("routes " + String.join(" ", texts(terms.path("routes"))));
    }
    if (!terms.path("vendors").isEmpty()) {
      parts.add("vendors " + String.join(" ", texts(terms.path("vendors"))));
    }
    return String.join(", ", parts);
  }

  static String text(JsonNode from, String member) {
    return from.path(member).asString("");
  }

  /** A moment to the minute. */
  static String moment(JsonNode from, String member) {
    String text = text(from, member);
    return text.length() < 16 ? text : text.substring(0, 16).replace('T', ' ');
  }

  static List<String> texts(JsonNode list) {
    var all = new ArrayList<String>();
    list.forEach(one -> all.add(one.asString()));
    return all;
  }

  static String tags(JsonNode key) {
    var all = new ArrayList<String>();
    key.path("tags")
        .properties()
        .forEach(tag -> {
          String value = tag.getValue().asString("");
          all.add(value.isEmpty() ? tag.getKey() : tag.getKey() + "=" + value);
        });
    return String.join(" ", all);
  }

  /** Everything about a key, a line each. */
  static void key(JsonNode key, PrintWriter out) {
    line(out, "key", text(key, "id"));
    line(out, "name", text(key, "name"));
    line(out, "team", text(key, "team") + " of " + text(key, "organisation"));
    line(out, "state", text(key, "state"));
    line(out, "tags", tags(key));
    terms(key, out);
    line(out, "created", moment(key, "created_at"));
    line(out, "expires", key.has("expires_at") ? moment(key, "expires_at") : "never");
    if (key.has("revoked_at")) {
      line(out, "revoked", moment(key, "revoked_at"));
    }
    for (JsonNode secret : key.path("secrets")) {
      String until =
          secret.has("taken_until") ? ", taken until " + moment(secret, "taken_until") : "";
      line(out, "secret", text(secret, "prefix") + " of " + moment(secret, "created_at") + until);
    }
  }

  /** What is said of what may be used, a line each. */
  static void terms(JsonNode terms, PrintWriter out) {
    String limits = limits(terms);
    String reach = reach(terms);
    line(out, "limits", limits.isEmpty() ? "none" : limits);
    line(out, "may use", reach.isEmpty() ? "everything" : reach);
  }

  static void line(PrintWriter out, String what, String value) {
    if (!value.isEmpty()) {
      out.println("%-9s %s".formatted(what, value));
    }
  }
}
