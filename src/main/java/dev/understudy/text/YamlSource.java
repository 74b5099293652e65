package dev.understudy.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Turns a file's bytes into YAML nodes, within bounds. */
final class YamlSource {
  static final int BYTES_MAX = YamlReader.BYTES_MAX;
  static final int DEPTH_MAX = 32;

  private final String file;
  private final Problems problems;
  private final LoadSettings settings =
      LoadSettings.builder()
          .setCodePointLimit(BYTES_MAX)
          .setSchema(new CoreSchema())
          .setUseMarks(true)
          // What a name must be and how often an alias may stand is said by the reader, with
          // places.
          .setAllowNonScalarKeys(true)
          .setMaxAliasesForCollections(Integer.MAX_VALUE)
          .build();

  YamlSource(String file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The one document of the file; empty if it holds nothing, or nothing that can be used. */
  Optional<Node> document(byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      problems.add(start(), "the file is larger than " + (BYTES_MAX >> 10) + " KiB");
      return Optional.empty();
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
    } catch (CharacterCodingException e) {
      problems.add(start(), "the file is not UTF-8 text");
      return Optional.empty();
    }
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    try {
      return isWithinBounds(text) ? new Compose(settings).composeString(text) : Optional.empty();
    } catch (MarkedYamlEngineException e) {
      Place place =
          e.getProblemMark()
              .or(() -> Optional.ofNullable(e.getContextMark()).flatMap(m -> m))
              .map(this::place)
              .orElseGet(this::start);
      problems.add(place, "not YAML: " + withoutQuotation(e.getProblem()));
      return Optional.empty();
    } catch (ReaderException e) {
      problems.add(placeOf(text, e.getPosition()), "a character that YAML does not allow");
      return Optional.empty();
    } catch (YamlEngineException e) {
      problems.add(start(), "not YAML");
      return Optional.empty();
    }
  }

  /** Reads through without building anything, so that building cannot run out of stack. */
  private boolean isWithinBounds(String text) {
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(settings).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case DocumentStart -> documents++;
        default -> {}
      }
      if (depth > DEPTH_MAX) {
        problems.add(place(event), "nested more than " + DEPTH_MAX + " levels deep");
        return false;
      }
      if (documents > 1) {
        problems.add(place(event), "a second document begins; put everything into one");
        return false;
      }
    }
    return true;
  }

  /** What the parser says, but for what it quotes: that may be a key in the wrong place. */
  private static String withoutQuotation(String problem) {
    if (problem.contains("alias")) {
      return "an alias without its anchor";
    }
    if (problem.contains("anchor")) {
      return "an anchor that cannot be used here";
    }
    if (problem.contains("tag")) {
      return "a tag that cannot be used here";
    }
    if (problem.contains("(TAB)")) {
      return "a tab; YAML is indented by spaces";
    }
    if (problem.contains("character")) {
      return "a character that cannot stand here; put the text in quotes";
    }
    return problem.replaceAll("'[^'<][^']{3,}'|\"[^\"]{2,}\"|\\([^)]*\\)", "…");
  }

  Place place(Mark mark) {
    return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Place place(Event event) {
    return event.getStartMark().map(this::place).orElseGet(this::start);
  }

  Place place(Node node) {
    return node.getStartMark().map(this::place).orElseGet(this::start);
  }

  Place start() {
    return new Place(file, 1, 1);
  }

  private Place placeOf(String text, int position) {
    String before = text.substring(0, Math.clamp(position, 0, text.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count();
    return new Place(file, line + 1, before.length() - before.lastIndexOf('\n'));
  }
}
