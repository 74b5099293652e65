package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.settlement.KeptDocument;
import dev.understudy.settlement.KeptDocument.Form;
import dev.understudy.settlement.StatementStore;
import dev.understudy.settlement.StatementStore.Kept;
import dev.understudy.settlement.StatementStore.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows statements, invoices and credit notes as they were made, with all revisions. */
public final class SettlementResources {
  private static final int LIMIT_MAX = 1_000;
  private static final String MONTH = "[0-9]{4}-(0[1-9]|1[0-2])";

  private final StatementStore store;

  public SettlementResources(StatementStore store) {
    this.store = store;
  }

  public List<Resource> resources() {
    return List.of(
        Resource.get("/admin/settlement/statements", this::statements),
        Resource.get("/admin/settlement/statements/{contract}/{period}", this::statement),
        Resource.get("/admin/settlement/invoices", this::invoices),
        Resource.get("/admin/settlement/invoices/{number}", this::invoice));
  }

  /** A question to the store. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  private static <T> T asked(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw new AdminRefusal(503, "what was settled cannot be read: " + e.getMessage());
    }
  }

  // --- statements ---

  private Reply statements(AdminRequest request) {
    int limit = request.whole("limit", 1, LIMIT_MAX, 100);
    Optional<String> contract = request.query("contract");
    Optional<String> period = request.query("period");
    period.ifPresent(SettlementResources::month);
    ObjectNode page = Json.object();
    ArrayNode list = page.putArray("statements");
    String above = "";
    for (Kept kept : asked(() -> store.latest(Kind.STATEMENT, contract, period, limit))) {
      ObjectNode body = Json.parseObject(kept.body());
      ObjectNode one = list.addObject();
      one.put("contract", kept.subject());
      one.put("period", kept.period());
      revision(kept, one);
      // The last revision of a month stands first.
      String place = kept.subject() + " " + kept.period();
      one.put("stands", !place.equals(above));
      above = place;
      one.set("currency", body.path("currency"));
      one.set("due", body.path("due"));
      one.put("notes", body.path("events").size() + body.path("doubts").size());
    }
    return Reply.json(page);
  }

  private Reply statement(AdminRequest request) {
    String contract = request.named("contract");
    String period = month(request.named("period"));
    List<Kept> revisions = asked(() -> store.revisions(Kind.STATEMENT, contract, period));
    if (revisions.isEmpty()) {
      throw new AdminRefusal(
          404, "there is no statement of %s for %s".formatted(shown(contract), period));
    }
    int wanted = request.whole("revision", 1, revisions.size(), revisions.size());
    Kept kept = revisions.get(wanted - 1);
    Form form = form(request);
    if (form != Form.JSON) {
      return document(kept, form);
    }
    ObjectNode page = Json.object();
    revision(kept, page);
    ArrayNode all = page.putArray("revisions");
    revisions.forEach(one -> revision(one, all.addObject()));
    page.set("statement", Json.parseObject(kept.body()));
    return Reply.json(page);
  }

  private static void revision(Kept kept, ObjectNode one) {
    one.put("revision", kept.revision());
    one.put("made_at", kept.madeAt().toString());
    one.put("sha256", kept.digest());
  }

  private static String month(String text) {
    if (!text.matches(MONTH)) {
      throw new AdminRefusal(400, "a period is a month, such as 2026-10, not " + shown(text));
    }
    return text;
  }

  // --- invoices ---

  private Reply invoices(AdminRequest request) {
    int limit = request.whole("limit", 1, LIMIT_MAX, 100);
    Optional<String> customer = request.query("customer");
    Optional<String> period = request.query("period");
    period.ifPresent(SettlementResources::month);
    var all = new ArrayList<Kept>();
    for (Kind kind : List.of(Kind.INVOICE, Kind.CREDIT_NOTE)) {
      all.addAll(asked(() -> store.latest(kind, customer, period, limit)));
    }
    all.sort(
        Comparator.comparing(Kept::period)
            .thenComparing(Kept::madeAt)
            .reversed()
            .thenComparing(Kept::number));
    ObjectNode page = Json.object();
    ArrayNode list = page.putArray("invoices");
    for (Kept kept : all.subList(0, Math.min(limit, all.size()))) {
      ObjectNode body = Json.parseObject(kept.body());
      ObjectNode one = list.addObject();
      one.put("number", kept.number());
      one.put("kind", kept.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
      one.put("customer", kept.subject());
      one.put("period", kept.period());
      one.put("made_at", kept.madeAt().toString());
      for (String member : List.of("currency", "net", "tax", "total", "reference", "reason")) {
        if (body.has(member)) {
          one.set(member, body.path(member));
        }
      }
    }
    return Reply.json(page);
  }

  private Reply invoice(AdminRequest request) {
    String number = request.named("number");
    Kept kept =
        asked(() -> store.numbered(number))
            .orElseThrow(
                () -> new AdminRefusal(404, "there is no invoice or credit note " + shown(number)));
    return document(kept, form(request));
  }

  // --- documents ---

  private static Form form(AdminRequest request) {
    String word = request.query("format").orElse("json");
    return Form.of(word)
        .orElseThrow(() ->
            new AdminRefusal(
                400, "unknown format %s; known: html, pdf, csv, json".formatted(shown(word))));
  }

  private static Reply document(Kept kept, Form form) {
    // Numbers begin with whatever the tariffs say.
    String name = KeptDocument.name(kept).replaceAll("[^A-Za-z0-9._-]", "_");
    return Reply.of(200, form.mediaType(), KeptDocument.bytes(kept, form))
        .with("Content-Disposition", "inline; filename=\"%s.%s\"".formatted(name, form.word()))
        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
