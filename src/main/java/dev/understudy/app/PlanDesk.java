package dev.understudy.app;

import dev.understudy.admin.AdminRefusal;
import dev.understudy.admin.AdminRequest;
import dev.understudy.admin.PlanPage;
import dev.understudy.admin.Reply;
import dev.understudy.admin.Resource;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.gateway.Gateway;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.routing.Plan;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts plans in force: the settings file's, or one that an operator sent, which is kept in the data
 * folder. Each is read as a whole before anything changes, and the one before is kept.
 */
final class PlanDesk {
  /** Where a plan that an operator sent is kept, in the data folder. */
  static final String FILE = "plan.json";

  /** How problems name a plan that came through the operators' door. */
  private static final String NAME = "plan";

  /** Reads the settings again. */
  interface Source {
    Settings read() throws BadSettings;
  }

  /**
   * A plan to be in force.
   *
   * @param text as an operator sent it; empty for the settings file's own
   */
  private record Entry(long version, String text, Instant since) {
    String source() {
      return text.isEmpty() ? "file" : "api";
    }
  }

  /** What else changes when the settings are read again. */
  interface Change {
    /**
     * Gets ready whatever the settings name, changing nothing yet.
     *
     * @return what puts it in force
     * @throws IllegalArgumentException if something cannot be used, with all that is wrong
     */
    Runnable of(Settings again);
  }

  private final Map<String, String> environment;
  private final Source source;
  private final Path kept;
  private final Collection<Vendor> doubles;
  private Settings settings;
  private Entry current = new Entry(1, "", Instant.now());
  private @Nullable Entry previous;
  private Plan plan;
  private Change changed = _ -> () -> {};
  private @Nullable Gateway gateway;

  /**
   * Takes up what is kept.
   *
   * @param settings as they came out, the sandbox's vendors among the others
   * @param doubles those vendors
   * @param data the data folder
   * @throws IOException if the plan that is kept cannot be read, or no longer fits the vendors
   */
  PlanDesk(
      Settings settings,
      Collection<Vendor> doubles,
      Map<String, String> environment,
      Source source,
      Path data)
      throws IOException {
    this.settings = settings;
    this.doubles = doubles;
    this.environment = environment;
    this.source = source;
    this.kept = data.resolve(FILE);
    this.plan = settings.plan();
    if (Files.exists(kept)) {
      try {
        ObjectNode held = Json.parseObject(Files.readAllBytes(kept));
        current = entry(held, "current").orElse(current);
        previous = entry(held, "previous").orElse(null);
        plan = plan(current, settings);
      } catch (Malformed e) {
        throw new IOException(kept + " is damaged: " + e.getMessage() + "; remove it", e);
      } catch (BadSettings e) {
        throw new IOException(
            "the plan in %s no longer fits; mend the settings or remove it:%n%s"
                .formatted(kept, String.join("\n", e.lines())),
            e);
      }
    }
  }

  private static Optional<Entry> entry(ObjectNode held, String name) {
    return held.get(name) instanceof ObjectNode one
        ? Optional.of(
            new Entry(
                one.path("version").asLong(1),
                one.path("text").asString(""),
                Instant.parse(one.path("since").asString("1970-01-01T00:00:00Z"))))
        : Optional.empty();
  }

  /** The plan that is in force. */
  synchronized Plan plan() {
    return plan;
  }

  /**
   * From now on puts plans in force here.
   *
   * @param change hears of settings that were read again
   */
  synchronized void start(Gateway door, Change change) {
    gateway = door;
    changed = change;
    door.replace(plan, settings.vendors(), current.version());
  }

  List<Resource> resources() {
    return List.of(
        Resource.get("/admin/plan", _ -> Reply.json(page())),
        Resource.put("/admin/plan", this::put),
        Resource.delete("/admin/plan", _ -> delete()),
        Resource.post("/admin/plan/rollback", _ -> rollback()),
        Resource.post("/admin/reload", _ -> reload()));
  }

  private synchronized Reply put(AdminRequest request) {
    String text = request.text();
    if (text.isBlank()) {
      throw new AdminRefusal(400, "there is no plan: send YAML or JSON with routes");
    }
    return use(new Entry(current.version() + 1, text, Instant.now()));
  }

  private synchronized Reply delete() {
    return current.text().isEmpty()
        ? Reply.json(page())
        : use(new Entry(current.version() + 1, "", Instant.now()));
  }

  private synchronized Reply rollback() {
    Entry before = previous;
    if (before == null) {
      throw new AdminRefusal(409, "there is no plan before this one");
    }
    return use(new Entry(current.version() + 1, before.text(), Instant.now()));
  }

  /** Puts a plan in force if all of it is right; else nothing changes. */
  private Reply use(Entry next) {
    try {
      Plan made = plan(next, settings);
      keep(next, current);
      previous = current;
      current = next;
      apply(made, settings);
      return Reply.json(page());
    } catch (BadSettings e) {
      throw new AdminRefusal(400, String.join("\n", e.lines()));
    }
  }

  private synchronized Reply reload() {
    Settings again;
    Plan made;
    Runnable rest;
    try {
      Settings read = source.read();
      again = settings.sandbox() && read.sandbox() ? read.with(doubles) : read;
      made = plan(current, again);
      rest = changed.of(again);
    } catch (BadSettings e) {
      throw new AdminRefusal(400, String.join("\n", e.lines()));
    } catch (IllegalArgumentException e) {
      throw new AdminRefusal(400, String.valueOf(e.getMessage()));
    }
    List<String> restart = restart(settings, again);
    var next = new Entry(current.version() + 1, current.text(), Instant.now());
    keep(next, previous);
    current = next;
    settings = again;
    rest.run();
    apply(made, again);
    ObjectNode page = page();
    ArrayNode later = page.putArray("needs_restart");
    restart.forEach(later::add);
    return Reply.json(page);
  }

  /** What was changed in the settings and cannot be put in force while the gateway runs. */
  private static List<String> restart(Settings before, Settings after) {
    var later = new ArrayList<String>();
    if (!before.server().equals(after.server())) {
      later.add("server");
    }
    if (!before.limits().equals(after.limits())) {
      later.add("limits");
    }
    if (!before.telemetry().equals(after.telemetry())) {
      later.add("telemetry");
    }
    if (before.sandbox() != after.sandbox()) {
      later.add("sandbox");
    }
    return later;
  }

  private Plan plan(Entry entry, Settings with) throws BadSettings {
    return entry.text().isEmpty()
        ? with.plan()
        : with.plan(NAME, entry.text().getBytes(StandardCharsets.UTF_8), environment);
  }

  private void apply(Plan made, Settings with) {
    plan = made;
    Gateway door = gateway;
    if (door != null) {
      door.replace(made, with.vendors(), current.version());
    }
  }

  /** Writes down what is to be in force, whole or not at all. */
  private void keep(Entry now, @Nullable Entry before) {
    ObjectNode held = Json.object();
    held.set("current", node(now));
    if (before != null) {
      held.set("previous", node(before));
    }
    Path fresh = kept.resolveSibling(FILE + ".new");
    try {
      Files.write(fresh, Json.bytes(held));
      Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AdminRefusal(500, "the plan cannot be kept in the data folder; nothing changed");
    }
  }

  private static ObjectNode node(Entry entry) {
    ObjectNode node = Json.object();
    node.put("version", entry.version());
    node.put("since", entry.since().toString());
    node.put("text", entry.text());
    return node;
  }

  private synchronized ObjectNode page() {
    ObjectNode page = Json.object();
    page.put("version", current.version());
    page.put("source", current.source());
    page.put("since", current.since().toString());
    if (!current.text().isEmpty()) {
      page.put("text", current.text());
    }
    page.set("routes", PlanPage.routes(plan));
    Entry before = previous;
    if (before != null) {
      ObjectNode was = page.putObject("previous");
      was.put("version", before.version());
      was.put("source", before.source());
      was.put("since", before.since().toString());
    }
    return page;
  }
}
