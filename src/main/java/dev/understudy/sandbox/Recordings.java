package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Recorded exchanges, found by id or by what a request says. */
public final class Recordings {
  /** What a gateway on the way may have changed in a body. */
  private static final Set<String> CHANGED_ON_THE_WAY = Set.of("model", "stream_options");

  private final List<RecordedExchange> exchanges;
  private final Map<String, RecordedExchange> byId = new HashMap<>();
  private final Map<String, RecordedExchange> exact = new HashMap<>();
  private final Map<String, RecordedExchange> loose = new HashMap<>();

  private Recordings(List<RecordedExchange> exchanges) {
    this.exchanges = List.copyOf(exchanges);
    for (RecordedExchange exchange : exchanges) {
      byId.put(exchange.id(), exchange);
      String operation = operation(exchange.path());
      JsonNode body = Json.parse(exchange.request());
      exact.putIfAbsent(key(operation, body, Set.of()), exchange);
      loose.putIfAbsent(key(operation, body, CHANGED_ON_THE_WAY), exchange);
    }
  }

  public static Recordings of(List<RecordedExchange> exchanges) {
    return new Recordings(exchanges);
  }

  /**
   * Reads a file of JSON Lines, or every {@code .jsonl} file of a folder.
   *
   * @throws UncheckedIOException if it cannot be read
   * @throws Malformed if a line is no exchange, with file and line
   */
  public static Recordings read(Path fileOrFolder) {
    List<RecordedExchange> all = new ArrayList<>();
    try {
      for (Path file : files(fileOrFolder)) {
        int number = 0;
        for (String line : Files.readAllLines(file)) {
          number++;
          if (!line.isBlank()) {
            all.add(exchange(line, file, number));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Recordings(all);
  }

  private static List<Path> files(Path fileOrFolder) throws IOException {
    if (!Files.isDirectory(fileOrFolder)) {
      return List.of(fileOrFolder);
    }
    try (var found = Files.list(fileOrFolder)) {
      return found.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }

  private static RecordedExchange exchange(String line, Path file, int number) {
    try {
      return RecordedExchange.read(line);
    } catch (Malformed e) {
      throw new Malformed(file + ":" + number, e.getMessage() + "");
    }
  }

  public List<RecordedExchange> exchanges() {
    return exchanges;
  }

  public Optional<RecordedExchange> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * The exchange whose request says the same: to the same operation with the same body, white space
   * and order of members aside; failing that, with the same body but for the model's name and the
   * stream's options.
   */
  public Optional<RecordedExchange> matching(String path, byte[] body) {
    try {
      String operation = operation(path);
      JsonNode json = Json.parse(body);
      RecordedExchange found = exact.get(key(operation, json, Set.of()));
      return Optional.ofNullable(
          found == null ? loose.get(key(operation, json, CHANGED_ON_THE_WAY)) : found);
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** What a path asks for, without host, version, model and query: its last word. */
  static String operation(String path) {
    int query = path.indexOf('?');
    String plain = query < 0 ? path : path.substring(0, query);
    // Colons before a method may be escaped, those in a Bedrock model are never the last.
    String word = plain.substring(plain.lastIndexOf('/') + 1).replace("%3A", ":");
    return word.substring(word.lastIndexOf(':') + 1);
  }

  private static String key(String operation, JsonNode body, Set<String> without) {
    JsonNode used = body;
    if (body instanceof ObjectNode object && !without.isEmpty()) {
      ObjectNode copy = object.deepCopy();
      copy.remove(without);
      used = copy;
    }
    byte[] text = Json.bytes(sorted(used));
    try {
      return operation
          + " "
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      Map<String, JsonNode> members = new TreeMap<>();
      node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
      ObjectNode object = Json.object();
      members.forEach(object::set);
      return object;
    }
    if (node.isArray()) {
      ArrayNode array = Json.array();
      node.forEach(item -> array.add(sorted(item)));
      return array;
    }
    return node;
  }
}
