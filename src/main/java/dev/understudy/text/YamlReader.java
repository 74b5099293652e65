package dev.understudy.text;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML into records: a field of the file for each component, {@code maxStreams} being {@code
 * max-streams}.
 *
 * <p>Components are {@link Text}, {@link Boolean}, {@link Integer}, {@link Decimal}, {@link
 * Measure}, {@link Duration}, {@link ByteCount}, records, lists and {@link Entries} of these, and
 * an {@link Optional} of each. Lists, entries and records may be left out and then hold nothing.
 */
public final class YamlReader {
  /** The largest file that is read, in bytes. */
  public static final int BYTES_MAX = 1 << 20;

  /** Aliases can make a small file large, so what is read is counted too. */
  private static final int NODES_MAX = 100_000;

  private final YamlSource source;
  private final Variables variables;
  private final Problems problems;
  private int nodes;

  private YamlReader(YamlSource source, Variables variables, Problems problems) {
    this.source = source;
    this.variables = variables;
    this.problems = problems;
  }

  /**
   * Reads a file. What is wrong goes to {@code problems}; the rest is returned as far as it can be
   * read, so that its reader may find more.
   *
   * @param file the name under which its places are reported
   * @param variables what {@code ${NAME}} stands for
   */
  public static <T extends Record> Optional<T> read(
      Class<T> shape, String file, byte[] bytes, Map<String, String> variables, Problems problems) {
    var source = new YamlSource(file, problems);
    var reader = new YamlReader(source, new Variables(variables), problems);
    Optional<Node> document = source.document(bytes);
    if (document.isEmpty() && !problems.isEmpty()) {
      return Optional.empty();
    }
    Node root = document.orElseGet(() -> new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK));
    return Optional.ofNullable(reader.record(shape, root, "the file")).map(shape::cast);
  }

  /** How a component is called in files. */
  public static String fieldName(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** Null if it cannot be used, which has been reported. */
  private @Nullable Object value(Type type, About about, Node node, String name) {
    if (++nodes > NODES_MAX) {
      if (nodes == NODES_MAX + 1) {
        problems.add(source.place(node), "more than " + NODES_MAX + " values");
      }
      return null;
    }
    if (type instanceof ParameterizedType generic) {
      Type inner = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return value(inner, about, node, name);
      }
      if (generic.getRawType() == List.class) {
        return list(inner, about, node, name);
      }
      return entries(inner, about, node, name);
    }
    if (type == Text.class) {
      return text(node, name, "text").orElse(null);
    }
    if (type == Boolean.class) {
      return scalar(node, name, "true or false", Scalars::flag);
    }
    if (type == Integer.class) {
      return whole(node, about, name);
    }
    if (type == Anything.class) {
      return anything(node, name);
    }
    if (type == Decimal.class) {
      return decimal(node, name);
    }
    if (type == Measure.class) {
      Place place = source.place(node);
      return scalar(node, name, "a number or text", said -> Optional.of(new Measure(place, said)));
    }
    if (type == Duration.class) {
      return scalar(node, name, Scalars.DURATION, Scalars::duration);
    }
    if (type == ByteCount.class) {
      return scalar(node, name, Scalars.BYTES, Scalars::bytes);
    }
    return record((Class<?>) type, node, name);
  }

  private @Nullable Object record(Class<?> shape, Node node, String name) {
    List<NodeTuple> tuples;
    if (isNothing(node)) {
      tuples = List.of();
    } else if (node instanceof MappingNode mapping && isPlain(node)) {
      tuples = mapping.getValue();
    } else {
      return wrong(node, name, "a block of fields");
    }
    RecordComponent[] components = shape.getRecordComponents();
    var known = new ArrayList<String>();
    for (RecordComponent component : components) {
      // The block's own place is no field of it.
      if (component.getType() != Place.class) {
        known.add(fieldName(component));
      }
    }
    Map<String, Node> fields = fields(tuples, known);
    var arguments = new Object[components.length];
    boolean complete = true;
    for (int i = 0; i < components.length; i++) {
      Type type = components[i].getGenericType();
      if (type == Place.class) {
        arguments[i] = source.place(node);
        continue;
      }
      String field = fieldName(components[i]);
      About about = components[i].getAnnotation(About.class);
      if (about == null) {
        throw new IllegalStateException(shape + " does not say what " + field + " is");
      }
      Node said = fields.get(field);
      Object value = said == null ? absent(type, node, field) : value(type, about, said, field);
      if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
        arguments[i] = Optional.ofNullable(value);
      } else if (value != null) {
        arguments[i] = value;
      } else {
        complete = false;
      }
    }
    return complete ? construct(shape, arguments) : null;
  }

  private @Nullable Object absent(Type type, Node block, String name) {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == Optional.class) {
        return null;
      }
      return generic.getRawType() == List.class ? List.of() : new Entries<>(List.of(), Set.of());
    }
    if (type instanceof Class<?> shape && shape.isRecord() && !Scalars.isLeaf(shape)) {
      return record(shape, YamlReader.NOTHING, name);
    }
    problems.add(source.place(block), name + " is missing");
    return null;
  }

  private static final Node NOTHING = new ScalarNode(Tag.NULL, "", ScalarStyle.PLAIN);

  private static Object construct(Class<?> shape, Object[] arguments) {
    try {
      Constructor<?> constructor = shape.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + shape, e);
    }
  }

  private @Nullable Object list(Type inner, About about, Node node, String name) {
    if (isNothing(node)) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence) || !isPlain(node)) {
      return wrong(node, name, "a list");
    }
    var all = new ArrayList<Object>();
    for (Node element : sequence.getValue()) {
      Object value = value(inner, about, element, "an element of " + name);
      if (value != null) {
        all.add(value);
      }
    }
    return List.copyOf(all);
  }

  private @Nullable Object entries(Type inner, About about, Node node, String name) {
    if (isNothing(node)) {
      return new Entries<>(List.of(), Set.of());
    }
    if (!(node instanceof MappingNode mapping) || !isPlain(node)) {
      return wrong(node, name, "a block of names");
    }
    var all = new ArrayList<Entries.Entry<Object>>();
    var broken = new HashSet<String>();
    var places = new LinkedHashMap<String, Place>();
    for (NodeTuple tuple : mapping.getValue()) {
      Optional<Text> entryName = name(tuple.getKeyNode());
      if (entryName.isEmpty() || isSecond(entryName.get(), places)) {
        continue;
      }
      Text given = entryName.get();
      int before = problems.total();
      Object value = value(inner, about, tuple.getValueNode(), given.value());
      if (value != null) {
        all.add(new Entries.Entry<>(given, value));
      }
      if (problems.total() > before) {
        broken.add(given.value());
      }
    }
    return new Entries<>(all, broken);
  }

  /** The fields of a block that are among those known; the others are reported. */
  private Map<String, Node> fields(List<NodeTuple> tuples, List<String> known) {
    var fields = new LinkedHashMap<String, Node>();
    var places = new LinkedHashMap<String, Place>();
    for (NodeTuple tuple : tuples) {
      if (++nodes > NODES_MAX) {
        break;
      }
      Optional<Text> name = name(tuple.getKeyNode());
      if (name.isEmpty() || isSecond(name.get(), places)) {
        continue;
      }
      String field = name.get().value();
      if (known.contains(field)) {
        fields.put(field, tuple.getValueNode());
      } else {
        problems.add(
            name.get().place(),
            "unknown field " + Nearness.quoted(field) + Nearness.hint(field, known));
      }
    }
    return fields;
  }

  private boolean isSecond(Text name, Map<String, Place> places) {
    Place first = places.putIfAbsent(name.value(), name.place());
    if (first == null) {
      return false;
    }
    problems.add(
        name.place(),
        Nearness.quoted(name.value()) + " is there twice; first in line " + first.line());
    return true;
  }

  /** A field's name; numbers and the like count as written, variables are not looked for. */
  private Optional<Text> name(Node node) {
    if (node instanceof ScalarNode scalar && !isNothing(node) && Scalars.isKnown(node.getTag())) {
      return Optional.of(
          new Text(source.place(node), scalar.getValue(), scalar.getValue(), List.of()));
    }
    problems.add(source.place(node), "a field's name must be text");
    return Optional.empty();
  }

  private Optional<Text> text(Node node, String name, String needed) {
    if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.STR)) {
      return variables.fill(source.place(node), scalar.getValue(), problems);
    }
    wrong(node, name, needed);
    return Optional.empty();
  }

  private @Nullable Object whole(Node node, About about, String name) {
    String needed =
        about.max() == Long.MAX_VALUE
            ? "a whole number, %d or more".formatted(about.min())
            : "a whole number from %d to %d".formatted(about.min(), about.max());
    return scalar(
        node,
        name,
        needed,
        written -> Scalars.whole(written, about.min(), Math.min(about.max(), Integer.MAX_VALUE)));
  }

  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?");

  private @Nullable Anything anything(Node node, String name) {
    var out = new StringBuilder();
    return json(node, name, out) ? new Anything(source.place(node), out.toString()) : null;
  }

  /** Writes a node as JSON; false if it cannot be, which has been reported. */
  private boolean json(Node node, String name, StringBuilder out) {
    if (++nodes > NODES_MAX) {
      return false;
    }
    switch (node) {
      case MappingNode mapping when isPlain(node) -> {
        out.append('{');
        var places = new LinkedHashMap<String, Place>();
        for (NodeTuple tuple : mapping.getValue()) {
          Optional<Text> field = name(tuple.getKeyNode());
          if (field.isEmpty() || isSecond(field.get(), places)) {
            return false;
          }
          quote(field.get().value(), out.append(places.size() == 1 ? "" : ","));
          out.append(':');
          if (!json(tuple.getValueNode(), field.get().value(), out)) {
            return false;
          }
        }
        out.append('}');
        return true;
      }
      case SequenceNode sequence when isPlain(node) -> {
        out.append('[');
        boolean first = true;
        for (Node element : sequence.getValue()) {
          out.append(first ? "" : ",");
          first = false;
          if (!json(element, "an element of " + name, out)) {
            return false;
          }
        }
        out.append(']');
        return true;
      }
      case ScalarNode scalar when isNothing(node) -> out.append("null");
      case ScalarNode scalar when node.getTag().equals(Tag.STR) -> {
        Optional<Text> text = text(node, name, "a value");
        text.ifPresent(t -> quote(t.value(), out));
        return text.isPresent();
      }
      case ScalarNode scalar
          when node.getTag().equals(Tag.BOOL) && Scalars.flag(scalar.getValue()).isPresent() ->
          out.append(Scalars.flag(scalar.getValue()).get());
      case ScalarNode scalar when JSON_NUMBER.matcher(scalar.getValue()).matches() ->
          out.append(scalar.getValue());
      default -> {
        wrong(node, name, "text, a decimal number, true or false, a list or a block");
        return false;
      }
    }
    return true;
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private @Nullable Decimal decimal(Node node, String name) {
    BigDecimal value = scalar(node, name, Scalars.DECIMAL, Scalars::decimal);
    return value == null ? null : new Decimal(source.place(node), value);
  }

  private <T> @Nullable T scalar(
      Node node, String name, String needed, Function<String, Optional<T>> parse) {
    Optional<Text> text = Optional.empty();
    if (node instanceof ScalarNode scalar
        && (node.getTag().equals(Tag.INT)
            || node.getTag().equals(Tag.FLOAT)
            || node.getTag().equals(Tag.BOOL))) {
      text =
          Optional.of(
              new Text(source.place(node), scalar.getValue(), scalar.getValue(), List.of()));
    } else if (node instanceof ScalarNode && node.getTag().equals(Tag.STR)) {
      text = text(node, name, needed);
      if (text.isEmpty()) {
        return null;
      }
    }
    Optional<T> value = text.flatMap(t -> parse.apply(t.value()));
    if (value.isEmpty()) {
      wrong(node, name, needed);
      return null;
    }
    return value.get();
  }

  /**
   * What is there; a number only where one is needed, for elsewhere it may be somebody's secret.
   */
  private static String found(Node node, String needed) {
    boolean shown =
        (needed.startsWith("a whole number") || needed.equals(Scalars.DECIMAL))
            && (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT));
    return shown && node instanceof ScalarNode scalar
        ? Nearness.cut(scalar.getValue())
        : Scalars.kind(node);
  }

  private @Nullable Object wrong(Node node, String name, String needed) {
    String found = isNothing(node) ? "it is empty" : "not " + found(node, needed);
    boolean quotes =
        needed.equals("text")
            && node instanceof ScalarNode
            && Scalars.isKnown(node.getTag())
            && !isNothing(node);
    problems.add(
        source.place(node),
        Nearness.quoted(name)
            + " must be "
            + needed
            + ", "
            + found
            + (quotes ? "; put it in quotes" : ""));
    return null;
  }

  private static boolean isNothing(Node node) {
    return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
  }

  private static boolean isPlain(Node node) {
    return node.getTag().equals(Tag.MAP) || node.getTag().equals(Tag.SEQ);
  }
}
