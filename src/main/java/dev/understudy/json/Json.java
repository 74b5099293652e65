package dev.understudy.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON mapper: strict about duplicates and trailing text, exact about numbers. */
public final class Json {
  /** The deepest nesting that is read. */
  public static final int DEPTH_MAX = 256;

  private static final JsonMapper MAPPER = mapper(true);
  private static final JsonMapper LAST_HOLDS = mapper(false);

  private static JsonMapper mapper(boolean strict) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        // Bodies are bounded before they are read; an image is one long string.
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(1_000)
                        .build())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict)
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }

  private static final ObjectReader LOOSE =
      MAPPER.reader().without(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

  private Json() {}

  /**
   * Reads a whole document.
   *
   * @throws Malformed if it is not JSON, repeats a member's name, or goes on after its end
   */
  public static JsonNode parse(byte[] bytes, int offset, int length) {
    return read(MAPPER, bytes, offset, length);
  }

  /**
   * Reads a whole document as most readers do: of a name that stands twice the last holds.
   *
   * @throws Malformed if it is not JSON, or goes on after its end
   */
  public static JsonNode parseLastHolds(byte[] bytes) {
    return read(LAST_HOLDS, bytes, 0, bytes.length);
  }

  private static JsonNode read(JsonMapper mapper, byte[] bytes, int offset, int length) {
    try {
      JsonNode node = mapper.readTree(bytes, offset, length);
      if (node == null || node.isMissingNode()) {
        throw new Malformed("", "the document is empty");
      }
      return node;
    } catch (JacksonException e) {
      throw new Malformed("", describe(e));
    } catch (NumberFormatException e) {
      // The parser lets the platform's own complaint through when an exponent is out of all bounds.
      throw new Malformed("", "not valid JSON: a number is out of bounds");
    }
  }

  /**
   * The same document with each name once, the last of those that are alike, as most libraries read
   * it.
   *
   * @throws Malformed as {@link #parseObject(byte[])}, but not for names that occur twice
   */
  public static byte[] namesOnce(byte[] bytes, int offset, int length) {
    JsonNode node;
    try {
      node = LOOSE.readTree(bytes, offset, length);
    } catch (JacksonException e) {
      throw new Malformed("", describe(e));
    } catch (NumberFormatException e) {
      throw new Malformed("", "not valid JSON: a number is out of bounds");
    }
    if (node instanceof ObjectNode) {
      return bytes(node);
    }
    throw new Malformed("", "a JSON object is needed");
  }

  /** Reads a whole document. */
  public static JsonNode parse(byte[] bytes) {
    return parse(bytes, 0, bytes.length);
  }

  /** Reads a whole document. */
  public static JsonNode parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a document whose outermost value is an object.
   *
   * @throws Malformed as {@link #parse(byte[])}, and if it is another kind of value
   */
  public static ObjectNode parseObject(byte[] bytes, int offset, int length) {
    if (parse(bytes, offset, length) instanceof ObjectNode object) {
      return object;
    }
    throw new Malformed("", "a JSON object is needed");
  }

  /** Reads a document whose outermost value is an object. */
  public static ObjectNode parseObject(byte[] bytes) {
    return parseObject(bytes, 0, bytes.length);
  }

  /** Reads a document whose outermost value is an object. */
  public static ObjectNode parseObject(String text) {
    return parseObject(text.getBytes(StandardCharsets.UTF_8));
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JacksonException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String text(JsonNode node) {
    return new String(bytes(node), StandardCharsets.UTF_8);
  }

  /** Appends a document without white space. */
  public static void write(JsonNode node, ByteArrayOutputStream out) {
    try {
      MAPPER.writeValue(out, node);
    } catch (JacksonException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What stands where no JSON is may be a word of somebody's. */
  private static final Pattern UNKNOWN_TOKEN = Pattern.compile("(Unrecognized token) '.*'");

  private static String describe(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    String what = e.getOriginalMessage();
    // The parser quotes a piece of what it read after a colon or in brackets; prompts stay out of
    // messages, so only the first clause is kept.
    int end = what.indexOf('\n');
    // Nor is it of use to a reader how the parser would be made to take it.
    int advice = what.indexOf(": enable `");
    String first =
        advice >= 0 ? what.substring(0, advice) : end < 0 ? what : what.substring(0, end);
    first = UNKNOWN_TOKEN.matcher(first).replaceFirst("$1");
    String shown = first.length() > 160 ? first.substring(0, 160) + "…" : first;
    return at == null
        ? "not valid JSON: " + shown
        : "not valid JSON at line %d, column %d: %s"
            .formatted(at.getLineNr(), at.getColumnNr(), shown);
  }
}
