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
import dev.understudy.routing.KeptPlans;
import dev.understudy.routing.KeptPlans.Kept;
import dev.understudy.routing.Plan;
import dev.understudy.routing.PlanStore;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.lang.System.Logger.Level;
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
 * Puts plans in force: the settings file's, or one that an operator sent. Each is read as a whole
 * before anything changes, and the one before is kept: in the data folder, and where replicas share
 * a database there, whence all of them take it.
 */
final class PlanDesk implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PlanDesk.class.getName());

  /** So long a plan that was sent to another replica may go unnoticed. */
  private static final long LOOK_MILLIS = 1_000;

  /** Where a plan that an operator sent is kept, in the data folder. */
  static final String FILE = "plan.json";

  /** How problems name a plan that came through the operators' door. */
  static final String NAME = "plan";

  /** Reads the settings again. */
  interface Source {
    Settings read() throws BadSettings;
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
  private final Optional<PlanStore> shared;
  private final Collection<Vendor> doubles;
  private Settings settings;
  private Kept current = new Kept(1, "", Instant.now());
  private @Nullable Kept previous;
  private Plan plan;
  private Change changed = _ -> () -> {};
  private @Nullable Gateway gateway;
  private final Thread looking = Thread.ofVirtual().name("plans").unstarted(this::look);
  private volatile boolean closed;

  /** The version that another replica took and that does not fit here; 0 if there is none. */
  private long unfit;

  /**
   * Takes up what is kept.
   *
   * @param settings as they came out, the sandbox's vendors among the others
   * @param doubles those vendors
   * @param data the data folder
   * @param shared where replicas keep the plan; empty for a gateway by itself
   * @throws IOException if the plan that is kept cannot be read, or no longer fits the vendors
   */
  PlanDesk(
      Settings settings,
      Collection<Vendor> doubles,
      Map<String, String> environment,
      Source source,
      Path data,
      Optional<PlanStore> shared)
      throws IOException {
    this.settings = settings;
    this.doubles = doubles;
    this.environment = environment;
    this.source = source;
    this.kept = data.resolve(FILE);
    this.shared = shared;
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

  private static String source(Kept entry) {
    return entry.text().isEmpty() ? "file" : "api";
  }

  private static Optional<Kept> entry(ObjectNode held, String name) {
    return held.get(name) instanceof ObjectNode one
        ? Optional.of(
            new Kept(
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
    if (shared.isPresent()) {
      looking.start();
    }
  }

  // --- in step with other replicas ---

  /** Looks for what other replicas were sent; what is in force stays while that is not known. */
  private void look() {
    boolean away = false;
    while (!closed) {
      try {
        refresh(shared.orElseThrow());
        if (away) {
          LOG.log(Level.INFO, "the plan is read from the database again");
        }
        away = false;
        Thread.sleep(LOOK_MILLIS);
      } catch (IOException | RuntimeException e) {
        if (!away && !closed) {
          LOG.log(Level.WARNING, "the plan stays as it is: {0}", e.getMessage());
        }
        away = true;
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Takes what is kept, if it is another version than is in force. */
  private void refresh(PlanStore store) throws IOException {
    long version = store.version();
    synchronized (this) {
      if (version != current.version() && version != unfit) {
        take(store.load());
      }
    }
  }

  private void take(KeptPlans told) {
    Kept next = told.current();
    try {
      Plan made = plan(next, settings);
      current = next;
      previous = told.previous().orElse(null);
      apply(made, settings);
      note(current, previous);
      unfit = 0;
    } catch (BadSettings e) {
      unfit = next.version();
      LOG.log(
          Level.ERROR,
          "plan {0}, which another replica was sent, does not fit the settings here; plan {1} stays: {2}",
          next.version(),
          current.version(),
          String.join("; ", e.lines()));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "plan {0} is in force, but not noted: {1}", next.version(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    looking.interrupt();
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
    return use(new Kept(current.version() + 1, text, Instant.now()));
  }

  private synchronized Reply delete() {
    return current.text().isEmpty()
        ? Reply.json(page())
        : use(new Kept(current.version() + 1, "", Instant.now()));
  }

  private synchronized Reply rollback() {
    Kept before = previous;
    if (before == null) {
      throw new AdminRefusal(409, "there is no plan before this one");
    }
    return use(new Kept(current.version() + 1, before.text(), Instant.now()));
  }

  /** Puts a plan in force if all of it is right; else nothing changes. */
  private Reply use(Kept next) {
    try {
      Plan made = plan(next, settings);
      keep(next, current);
      unfit = 0;
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
    var next = new Kept(current.version() + 1, current.text(), Instant.now());
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
    if (!before.keeping().equals(after.keeping())) {
      later.add("journal");
    }
    if (!before.telemetry().equals(after.telemetry())) {
      later.add("telemetry");
    }
    if (before.sandbox() != after.sandbox()) {
      later.add("sandbox");
    }
    return later;
  }

  private Plan plan(Kept entry, Settings with) throws BadSettings {
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

  /** Keeps what is to be in force, whole or not at all, on top of what is in force. */
  private void keep(Kept now, @Nullable Kept before) {
    if (shared.isPresent()) {
      share(shared.get(), new KeptPlans(now, Optional.ofNullable(before)));
    }
    try {
      note(now, before);
    } catch (IOException e) {
      if (shared.isPresent()) {
        LOG.log(Level.WARNING, "the plan is kept, but not noted for the next start: {0}", e);
        return;
      }
      throw new AdminRefusal(500, "the plan cannot be kept in the data folder; nothing changed");
    }
  }

  private void share(PlanStore store, KeptPlans next) {
    boolean kept;
    try {
      kept = store.save(next, current.version());
      if (!kept) {
        take(store.load());
      }
    } catch (IOException e) {
      throw new AdminRefusal(
          503, "the plan cannot be kept, and nothing changed: " + e.getMessage());
    }
    if (!kept) {
      throw new AdminRefusal(
          409,
          "another replica was sent a plan meanwhile, and nothing changed; plan %d is in force"
              .formatted(current.version()));
    }
  }

  private void note(Kept now, @Nullable Kept before) throws IOException {
    ObjectNode held = Json.object();
    held.set("current", node(now));
    if (before != null) {
      held.set("previous", node(before));
    }
    Path fresh = kept.resolveSibling(FILE + ".new");
    Files.write(fresh, Json.bytes(held));
    Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ObjectNode node(Kept entry) {
    ObjectNode node = Json.object();
    node.put("version", entry.version());
    node.put("since", entry.since().toString());
    node.put("text", entry.text());
    return node;
  }

  private synchronized ObjectNode page() {
    ObjectNode page = Json.object();
    page.put("version", current.version());
    page.put("source", source(current));
    page.put("since", current.since().toString());
    if (!current.text().isEmpty()) {
      page.put("text", current.text());
    }
    page.set("routes", PlanPage.routes(plan));
    Kept before = previous;
    if (before != null) {
      ObjectNode was = page.putObject("previous");
      was.put("version", before.version());
      was.put("source", source(before));
      was.put("since", before.since().toString());
    }
    return page;
  }
}
