package dev.understudy.json;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Finds in one line of JSON where a mistake stands, for whoever has to mend it. */
public final class JsonPlaces {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.DEPTH_MAX)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonPlaces() {}

  /**
   * What makes a line no JSON.
   *
   * @param column counted from 1, in characters
   */
  public record Flaw(int column, String what) {}

  /** The first flaw of a line; empty if it is JSON from beginning to end. */
  public static Optional<Flaw> flaw(String line) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      boolean any = false;
      while (parser.nextToken() != null) {
        if (any && isOutermost(parser)) {
          return Optional.of(new Flaw(column(parser), "it goes on after its end"));
        }
        any = true;
      }
      return any ? Optional.empty() : Optional.of(new Flaw(1, "the line is empty"));
    } catch (JacksonException e) {
      int column = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getColumnNr());
      return Optional.of(new Flaw(column, what(e)));
    }
  }

  private static boolean isOutermost(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return token.isStructStart()
        ? parser.streamReadContext().getParent().inRoot()
        : !token.isStructEnd() && parser.streamReadContext().inRoot();
  }

  /** Its first clause: after that the parser tells of itself. */
  private static String what(JacksonException e) {
    String what = e.getOriginalMessage().lines().findFirst().orElse("");
    int end = what.indexOf(" (for ");
    String clause = end < 0 ? what : what.substring(0, end);
    return clause.length() > 160 ? clause.substring(0, 160) : clause;
  }

  /**
   * Where a member of a line that is JSON begins: the value, or where that is missing the line.
   *
   * @param pointer such as {@code /checks/0/type} (RFC 6901)
   * @return the column, counted from 1
   */
  public static int column(String line, String pointer) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token != JsonToken.PROPERTY_NAME
            && !token.isStructEnd()
            && path(parser, token).equals(pointer)) {
          return column(parser);
        }
      }
    } catch (JacksonException e) {
      // It was read before: what is no JSON has a flaw, not a member.
    }
    return 1;
  }

  /** Of the value at hand; a structure's own beginning is already within it. */
  private static String path(JsonParser parser, JsonToken token) {
    return (token.isStructStart()
            ? parser.streamReadContext().getParent()
            : parser.streamReadContext())
        .pathAsPointer()
        .toString();
  }

  private static int column(JsonParser parser) {
    return Math.max(1, parser.currentTokenLocation().getColumnNr());
  }
}
