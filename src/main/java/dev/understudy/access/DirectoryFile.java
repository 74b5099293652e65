package dev.understudy.access;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The directory as last known, in a file beside the database: a start need not wait for the
 * database, nor does a restart fail while a shared one is away.
 */
public final class DirectoryFile {
  private static final int FORMAT = 1;
  private static final long BYTES_MAX = 256L << 20;

  private final Path path;

  public DirectoryFile(Path path) {
    this.path = path;
  }

  /**
   * What was written last; empty if nothing was.
   *
   * @throws IOException if the file is there and of no use
   */
  public Optional<Directory> read() throws IOException {
    try {
      if (Files.size(path) > BYTES_MAX) {
        throw new IOException(path + " is too large to be a list of keys");
      }
      ObjectNode root = Json.parseObject(Files.readAllBytes(path));
      if (root.path("format").asInt(0) != FORMAT) {
        throw new IOException(path + " was written by another version of this program");
      }
      return Optional.of(directory(root));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (Malformed | IllegalArgumentException | DateTimeException e) {
      throw new IOException(path + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Drops what was written, because it is no longer so. */
  public synchronized void drop() throws IOException {
    Files.deleteIfExists(path);
  }

  /** Replaces what was written: whole or not at all. */
  public synchronized void write(Directory directory) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    if (Files.getFileStore(path.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.write(
        fresh,
        Json.bytes(json(directory)),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ObjectNode json(Directory directory) {
    ObjectNode root = Json.object();
    root.put("format", FORMAT);
    root.put("version", directory.version());
    ArrayNode organisations = root.putArray("organisations");
    for (Organisation one : directory.organisations().values()) {
      TermsJson.write(one.terms(), organisations.addObject().put("name", one.name()));
    }
    ArrayNode teams = root.putArray("teams");
    for (Team one : directory.teams().values()) {
      ObjectNode team = teams.addObject();
      team.put("name", one.name()).put("organisation", one.organisation());
      TermsJson.write(one.terms(), team);
    }
    ArrayNode keys = root.putArray("keys");
    for (VirtualKey one : directory.keys().values()) {
      key(one, keys.addObject());
    }
    return root;
  }

  private static void key(VirtualKey key, ObjectNode into) {
    into.put("id", key.id()).put("name", key.name()).put("team", key.team());
    ObjectNode tags = into.putObject("tags");
    key.tags().forEach(tags::put);
    TermsJson.write(key.terms(), into);
    into.put("created_at", key.createdAt().toString());
    key.expiresAt().ifPresent(at -> into.put("expires_at", at.toString()));
    key.revokedAt().ifPresent(at -> into.put("revoked_at", at.toString()));
    ArrayNode secrets = into.putArray("secrets");
    for (KeySecret secret : key.secrets()) {
      ObjectNode one = secrets.addObject();
      one.put("digest", secret.digest().hex()).put("hint", secret.hint());
      one.put("created_at", secret.createdAt().toString());
      secret.until().ifPresent(at -> one.put("until", at.toString()));
    }
  }

  private static Directory directory(ObjectNode root) {
    var organisations = new ArrayList<Organisation>();
    for (ObjectNode one : objects(root, "organisations")) {
      organisations.add(new Organisation(text(one, "name"), TermsJson.read(one, Terms.NONE)));
    }
    var teams = new ArrayList<Team>();
    for (ObjectNode one : objects(root, "teams")) {
      teams.add(
          new Team(text(one, "name"), text(one, "organisation"), TermsJson.read(one, Terms.NONE)));
    }
    var keys = new ArrayList<VirtualKey>();
    for (ObjectNode one : objects(root, "keys")) {
      keys.add(key(one));
    }
    return Directory.of(root.path("version").asLong(0), organisations, teams, keys);
  }

  private static VirtualKey key(ObjectNode from) {
    Map<String, String> tags = new TreeMap<>();
    from.path("tags")
        .properties()
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
    var secrets = new ArrayList<KeySecret>();
    for (ObjectNode secret : objects(from, "secrets")) {
      secrets.add(
          new KeySecret(
              Digest.ofHex(text(secret, "digest")),
              text(secret, "hint"),
              Instant.parse(text(secret, "created_at")),
              time(secret, "until")));
    }
    return new VirtualKey(
        text(from, "id"),
        text(from, "name"),
        text(from, "team"),
        tags,
        TermsJson.read(from, Terms.NONE),
        Instant.parse(text(from, "created_at")),
        time(from, "expires_at"),
        time(from, "revoked_at"),
        secrets);
  }

  private static List<ObjectNode> objects(ObjectNode from, String member) {
    var all = new ArrayList<ObjectNode>();
    for (JsonNode element : from.path(member)) {
      if (!(element instanceof ObjectNode object)) {
        throw new Malformed(member, "must hold objects");
      }
      all.add(object);
    }
    return all;
  }

  private static String text(ObjectNode from, String member) {
    JsonNode value = from.path(member);
    if (!value.isString()) {
      throw new Malformed(member, "must be text");
    }
    return value.asString();
  }

  private static Optional<Instant> time(ObjectNode from, String member) {
    return from.has(member) ? Optional.of(Instant.parse(text(from, member))) : Optional.empty();
  }
}
