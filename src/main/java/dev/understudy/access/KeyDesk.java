package dev.understudy.access;

import dev.understudy.text.Nearness;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Where operators manage keys, teams and organisations: loads the directory, decides, saves, puts
 * it in force.
 */
public final class KeyDesk {
  /** An old secret may be taken beside the new one for so long at the most. */
  private static final Duration OVERLAP_MAX = Duration.ofDays(90);

  /** So often others may come between loading and saving. */
  private static final int TRIES_MAX = 20;

  private final KeyStore store;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Consumer<Directory> force;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Directory directory;

  /**
   * What is asked for when a key is made.
   *
   * @param name empty: its id
   */
  public record Wish(
      Optional<String> name,
      String team,
      Map<String, String> tags,
      Terms terms,
      Optional<Instant> expiresAt) {}

  /** A key with its text, which is shown this once. */
  public record Issued(VirtualKey key, KeyText text) {}

  /**
   * Opens the desk.
   *
   * @param start what is in force already
   * @param force puts a directory in force; called with each one that is newer, in order
   */
  public KeyDesk(
      KeyStore store,
      Directory start,
      InstantSource clock,
      SecureRandom random,
      Consumer<Directory> force) {
    this.store = store;
    this.directory = start;
    this.clock = clock;
    this.random = random;
    this.force = force;
  }

  /** What is in force. */
  public Directory directory() {
    return directory;
  }

  /** The time by which keys expire. */
  public Instant now() {
    return clock.instant();
  }

  /**
   * Takes over what others have changed.
   *
   * @throws IOException if the store cannot be read; what is in force stays
   */
  public void refresh() throws IOException {
    if (store.version() != directory.version()) {
      reload();
    }
  }

  /**
   * Takes what is kept, whatever its version: what was known before may be of another database.
   *
   * @throws IOException if the store cannot be read; what is in force stays
   */
  public void reload() throws IOException {
    changing.lock();
    try {
      use(store.load());
    } finally {
      changing.unlock();
    }
  }

  // --- keys ---

  /** Makes a key. */
  public Issued create(Wish wish) throws DeskRefusal {
    var issued = new ArrayList<Issued>();
    change(now -> {
      team(wish.team());
      check(
          directory.keys().size() < Directory.KEYS_MAX,
          DeskRefusal.Kind.CONFLICT,
          "there are %d keys, which is the limit; forget some that are over"
              .formatted(Directory.KEYS_MAX));
      checkExpiry(wish.expiresAt(), now);
      String id = KeyText.freshId(random);
      while (directory.keys().containsKey(id)) {
        id = KeyText.freshId(random);
      }
      KeyText text = KeyText.fresh(id, random);
      var key =
          new VirtualKey(
              id,
              wish.name().orElse(id),
              wish.team(),
              wish.tags(),
              wish.terms(),
              now,
              wish.expiresAt().map(KeyDesk::millis),
              Optional.empty(),
              List.of(new KeySecret(text.digest(), text.hint(), now, Optional.empty())));
      checkName(key);
      issued.add(new Issued(key, text));
      return Optional.of(new Change.PutKey(key));
    });
    return issued.getLast();
  }

  /**
   * Gives a key another secret.
   *
   * @param overlap how long the secret before is still taken
   */
  public Issued rotate(String reference, Duration overlap) throws DeskRefusal {
    check(
        !overlap.isNegative() && overlap.compareTo(OVERLAP_MAX) <= 0,
        DeskRefusal.Kind.WRONG,
        "an overlap is from 0s to %dd".formatted(OVERLAP_MAX.toDays()));
    var issued = new ArrayList<Issued>();
    change(now -> {
      VirtualKey key = key(reference);
      check(
          key.state(now) == VirtualKey.State.ACTIVE,
          DeskRefusal.Kind.CONFLICT,
          "key %s is %s; create another".formatted(key.id(), word(key.state(now))));
      Instant end = now.plus(overlap);
      var secrets = new ArrayList<KeySecret>();
      for (KeySecret secret : key.secrets()) {
        if (secret.isOver(now)) {
          continue;
        }
        // An older one never lives longer by this.
        boolean ends = secret.until().isPresent() && secret.until().get().isBefore(end);
        KeySecret ending = ends ? secret : secret.until(end);
        // The last one stays even if it ends now: its holder is told what became of it.
        if (!ending.isOver(now) || secret.equals(key.secrets().getLast())) {
          secrets.add(ending);
        }
      }
      check(
          secrets.size() < VirtualKey.SECRETS_MAX,
          DeskRefusal.Kind.CONFLICT,
          "key %s has %d secrets that are still taken, which is the limit; rotate with a shorter overlap"
              .formatted(key.id(), secrets.size()));
      KeyText text = KeyText.fresh(key.id(), random);
      secrets.add(new KeySecret(text.digest(), text.hint(), now, Optional.empty()));
      VirtualKey rotated = key.withSecrets(secrets);
      issued.add(new Issued(rotated, text));
      return Optional.of(new Change.PutKey(rotated));
    });
    return issued.getLast();
  }

  /** Ends a key at once; one that is revoked stays so. */
  public VirtualKey revoke(String reference) throws DeskRefusal {
    change(now -> {
      VirtualKey key = key(reference);
      return key.revokedAt().isPresent()
          ? Optional.empty()
          : Optional.of(new Change.PutKey(key.revoked(now)));
    });
    return key(reference);
  }

  /** Changes name, tags, terms or expiry of a key. */
  public VirtualKey change(String reference, UnaryOperator<VirtualKey> how) throws DeskRefusal {
    change(now -> {
      VirtualKey before = key(reference);
      VirtualKey after = how.apply(before);
      if (!after.expiresAt().equals(before.expiresAt())) {
        checkExpiry(after.expiresAt(), now);
        after = after.withExpiry(after.expiresAt().map(KeyDesk::millis));
      }
      if (!after.name().equals(before.name())) {
        checkName(after);
      }
      return after.equals(before) ? Optional.empty() : Optional.of(new Change.PutKey(after));
    });
    return key(reference);
  }

  /** Forgets a key that is over. */
  public void forget(String reference) throws DeskRefusal {
    change(now -> {
      VirtualKey key = key(reference);
      check(
          key.state(now) != VirtualKey.State.ACTIVE,
          DeskRefusal.Kind.CONFLICT,
          "key %s is active; revoke it first".formatted(key.id()));
      check(
          directory.keys().size() > 1,
          DeskRefusal.Kind.CONFLICT,
          "key %s is the last one, and without any key the gateway would let in whoever is on its machine"
              .formatted(key.id()));
      return Optional.of(new Change.RemoveKey(key.id()));
    });
  }

  /** The key of that id, of that {@code team/name}, or the only one of that name. */
  public VirtualKey key(String reference) throws DeskRefusal {
    VirtualKey byId = directory.keys().get(reference);
    if (byId != null) {
      return byId;
    }
    List<VirtualKey> named =
        directory.keys().values().stream()
            .filter(key ->
                key.name().equals(reference) || (key.team() + "/" + key.name()).equals(reference))
            .toList();
    check(
        named.size() < 2,
        DeskRefusal.Kind.CONFLICT,
        "%d keys are named %s; say which by its id, or as team/name"
            .formatted(named.size(), Nearness.quoted(reference)));
    if (named.isEmpty()) {
      throw unknown(
          "key", reference, directory.keys().values().stream().map(VirtualKey::name).toList());
    }
    return named.getFirst();
  }

  // --- teams and organisations ---

  /** Makes a team. */
  public Team create(Team team) throws DeskRefusal {
    change(now -> {
      organisation(team.organisation());
      checkNew("team", team.name(), directory.teams().containsKey(team.name()));
      checkCount("teams", directory.teams().size(), Directory.TEAMS_MAX);
      return Optional.of(new Change.PutTeam(team));
    });
    return team(team.name());
  }

  /** Changes the terms of a team. */
  public Team changeTeam(String name, UnaryOperator<Terms> how) throws DeskRefusal {
    change(now -> {
      Team before = team(name);
      var after = new Team(name, before.organisation(), how.apply(before.terms()));
      return after.equals(before) ? Optional.empty() : Optional.of(new Change.PutTeam(after));
    });
    return team(name);
  }

  /** Removes a team without keys. */
  public void removeTeam(String name) throws DeskRefusal {
    change(now -> {
      team(name);
      checkNotDefault("team", name);
      long keys = directory.keys().values().stream().filter(k -> k.team().equals(name)).count();
      check(
          keys == 0,
          DeskRefusal.Kind.CONFLICT,
          "team %s has %d keys; revoke and forget them first".formatted(name, keys));
      return Optional.of(new Change.RemoveTeam(name));
    });
  }

  public Team team(String name) throws DeskRefusal {
    Team found = directory.teams().get(name);
    if (found == null) {
      throw unknown("team", name, List.copyOf(directory.teams().keySet()));
    }
    return found;
  }

  /** Makes an organisation. */
  public Organisation create(Organisation organisation) throws DeskRefusal {
    change(now -> {
      checkNew(
          "organisation",
          organisation.name(),
          directory.organisations().containsKey(organisation.name()));
      checkCount("organisations", directory.organisations().size(), Directory.ORGANISATIONS_MAX);
      return Optional.of(new Change.PutOrganisation(organisation));
    });
    return organisation(organisation.name());
  }

  /** Changes the terms of an organisation. */
  public Organisation changeOrganisation(String name, UnaryOperator<Terms> how) throws DeskRefusal {
    change(now -> {
      Organisation before = organisation(name);
      var after = new Organisation(name, how.apply(before.terms()));
      return after.equals(before)
          ? Optional.empty()
          : Optional.of(new Change.PutOrganisation(after));
    });
    return organisation(name);
  }

  /** Removes an organisation without teams. */
  public void removeOrganisation(String name) throws DeskRefusal {
    change(now -> {
      organisation(name);
      checkNotDefault("organisation", name);
      long teams =
          directory.teams().values().stream()
              .filter(team -> team.organisation().equals(name))
              .count();
      check(
          teams == 0,
          DeskRefusal.Kind.CONFLICT,
          "organisation %s has %d teams; remove them first".formatted(name, teams));
      return Optional.of(new Change.RemoveOrganisation(name));
    });
  }

  public Organisation organisation(String name) throws DeskRefusal {
    Organisation found = directory.organisations().get(name);
    if (found == null) {
      throw unknown("organisation", name, List.copyOf(directory.organisations().keySet()));
    }
    return found;
  }

  // --- how a change is made ---

  /** Decides on the directory as it is at that moment; empty: nothing is to change. */
  private interface Decision {
    Optional<Change> at(Instant now) throws DeskRefusal;
  }

  private void change(Decision decision) throws DeskRefusal {
    changing.lock();
    try {
      for (int i = 0; i < TRIES_MAX; i++) {
        Optional<Change> change = decide(decision);
        if (change.isEmpty()) {
          return;
        }
        if (store.save(change.get(), directory.version())) {
          use(directory.after(change.get()));
          return;
        }
        use(store.load());
      }
      throw new DeskRefusal(
          DeskRefusal.Kind.CONFLICT, "others change keys all the time just now; try again");
    } catch (IOException e) {
      throw new DeskRefusal(DeskRefusal.Kind.AWAY, String.valueOf(e.getMessage()));
    } finally {
      changing.unlock();
    }
  }

  private Optional<Change> decide(Decision decision) throws DeskRefusal {
    try {
      return decision.at(millis(clock.instant()));
    } catch (IllegalArgumentException e) {
      // Records refuse values that make no sense, in words for whoever sent them.
      throw new DeskRefusal(DeskRefusal.Kind.WRONG, String.valueOf(e.getMessage()));
    }
  }

  private void use(Directory next) {
    directory = next;
    force.accept(next);
  }

  /** Times are kept in milliseconds. */
  private static Instant millis(Instant moment) {
    return moment.truncatedTo(ChronoUnit.MILLIS);
  }

  private static String word(VirtualKey.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private void checkName(VirtualKey key) throws DeskRefusal {
    for (VirtualKey other : directory.keys().values()) {
      check(
          !other.name().equals(key.name())
              || !other.team().equals(key.team())
              || other.id().equals(key.id())
              || other.revokedAt().isPresent(),
          DeskRefusal.Kind.CONFLICT,
          "team %s has a key %s already: %s; rotate that one, or choose another name"
              .formatted(key.team(), Nearness.quoted(key.name()), other.id()));
    }
  }

  private static void checkExpiry(Optional<Instant> expiresAt, Instant now) throws DeskRefusal {
    check(
        expiresAt.isEmpty() || expiresAt.get().isAfter(now),
        DeskRefusal.Kind.WRONG,
        "a key cannot expire in the past; revoke it instead");
  }

  private static void checkNew(String what, String name, boolean isThere) throws DeskRefusal {
    check(
        !isThere,
        DeskRefusal.Kind.CONFLICT,
        "there is %s %s already"
            .formatted(what.equals("team") ? "a team" : "an organisation", name));
  }

  private static void checkNotDefault(String what, String name) throws DeskRefusal {
    check(
        !name.equals(Caller.DEFAULT),
        DeskRefusal.Kind.CONFLICT,
        "the %s default is always there".formatted(what));
  }

  private static void checkCount(String what, int count, int max) throws DeskRefusal {
    check(
        count < max,
        DeskRefusal.Kind.CONFLICT,
        "there are %d %s, which is the limit".formatted(count, what));
  }

  private static void check(boolean holds, DeskRefusal.Kind kind, String message)
      throws DeskRefusal {
    if (!holds) {
      throw new DeskRefusal(kind, message);
    }
  }

  private static DeskRefusal unknown(String what, String name, List<String> known) {
    return new DeskRefusal(
        DeskRefusal.Kind.UNKNOWN,
        "unknown %s %s%s".formatted(what, Nearness.quoted(name), Nearness.hint(name, known)));
  }
}
