package dev.understudy.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Somebody else's YAML as it stands, each piece with its place: for files whose shape varies. */
public sealed interface Tree {
  Place place();

  /** A block of names. */
  record Block(Place place, Map<String, Tree> fields) implements Tree {
    public Block {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public Optional<Tree> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }
  }

  /** A list. */
  record Items(Place place, List<Tree> all) implements Tree {
    public Items {
      all = List.copyOf(all);
    }
  }

  /** A text, number, flag, or nothing, as it is written. */
  record Scalar(Place place, String text, Kind kind) implements Tree {}

  /** What a scalar is. */
  enum Kind {
    TEXT,
    NUMBER,
    FLAG,
    NOTHING
  }

  /** Reads a file of at most {@link YamlReader#BYTES_MAX} bytes; what is wrong goes to problems. */
  static Optional<Tree> read(String file, byte[] bytes, Problems problems) {
    var source = new YamlSource(file, problems);
    return source
        .document(bytes)
        .flatMap(node -> Optional.ofNullable(new Growing(source, problems).of(node)));
  }

  /** Copies nodes, within a bound, since aliases can make a small file large. */
  final class Growing {
    private static final int NODES_MAX = 200_000;

    private final YamlSource source;
    private final Problems problems;
    private int nodes;

    private Growing(YamlSource source, Problems problems) {
      this.source = source;
      this.problems = problems;
    }

    private @Nullable Tree of(Node node) {
      Place place = source.place(node);
      if (++nodes > NODES_MAX) {
        if (nodes == NODES_MAX + 1) {
          problems.add(place, "more than %d pieces".formatted(NODES_MAX));
        }
        return null;
      }
      return switch (node) {
        case MappingNode mapping -> {
          var fields = new LinkedHashMap<String, Tree>();
          for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
              problems.add(source.place(tuple.getKeyNode()), "a field's name must be text");
              continue;
            }
            Tree value = of(tuple.getValueNode());
            if (value != null && fields.put(name.getValue(), value) != null) {
              problems.add(
                  source.place(name), Nearness.quoted(name.getValue()) + " is there twice");
            }
          }
          yield new Block(place, fields);
        }
        case SequenceNode sequence -> {
          var all = new ArrayList<Tree>();
          for (Node element : sequence.getValue()) {
            Tree value = of(element);
            if (value != null) {
              all.add(value);
            }
          }
          yield new Items(place, all);
        }
        case ScalarNode scalar -> new Scalar(place, scalar.getValue(), kind(scalar));
        default -> {
          problems.add(place, "not a value that can be used");
          yield null;
        }
      };
    }

    private static Kind kind(ScalarNode scalar) {
      Tag tag = scalar.getTag();
      if (tag.equals(Tag.NULL)) {
        return Kind.NOTHING;
      }
      if (tag.equals(Tag.BOOL)) {
        return Kind.FLAG;
      }
      return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? Kind.NUMBER : Kind.TEXT;
    }
  }
}
