package dev.understudy.app.settings;

import dev.understudy.capacity.HeaderDialect;
import dev.understudy.chat.Feature;
import dev.understudy.contract.ContractChoices;
import dev.understudy.contract.ContractReader;
import dev.understudy.json.Json;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.Continuing;
import dev.understudy.routing.Review;
import dev.understudy.text.About;
import dev.understudy.text.Anything;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Measure;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import dev.understudy.vendor.Catalogue;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Describes settings as a JSON Schema, so that editors complete and check them. */
public final class SettingsSchema {
  private static final String VARIABLE = "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}";

  private SettingsSchema() {}

  /** The schema as indented JSON, with a line end. */
  public static String text() {
    return text("Settings of Understudy", SettingsFile.class);
  }

  /** The schema of files with contracts. */
  public static String contracts() {
    return text("A version of a contract, for Understudy", ContractReader.shape());
  }

  private static String text(String title, Class<?> shape) {
    ObjectNode schema = Json.object();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", title);
    schema.setAll(block(shape));
    return schema.toPrettyString() + "\n";
  }

  private static ObjectNode block(Class<?> shape) {
    ObjectNode block = Json.object();
    // A block whose fields are all left out may be left empty altogether.
    boolean empty = true;
    ObjectNode properties = Json.object();
    ArrayNode required = Json.array();
    for (RecordComponent component : shape.getRecordComponents()) {
      About about = component.getAnnotation(About.class);
      ObjectNode property = value(component.getGenericType(), about);
      property.put("description", description(about));
      properties.set(YamlReader.fieldName(component), property);
      if (component.getType() == Text.class) {
        required.add(YamlReader.fieldName(component));
        empty = false;
      }
    }
    if (empty) {
      block.set("type", Json.array().add("object").add("null"));
    } else {
      block.put("type", "object");
    }
    block.put("additionalProperties", false);
    block.set("properties", properties);
    if (!required.isEmpty()) {
      block.set("required", required);
    }
    return block;
  }

  private static ObjectNode value(Type type, About about) {
    if (type instanceof ParameterizedType generic) {
      Type inner = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return value(inner, about);
      }
      ObjectNode many = Json.object();
      if (generic.getRawType() == List.class) {
        many.put("type", "array");
        // Conditions hold conditions: within themselves they may be anything.
        many.set("items", isRecursive(inner) ? Json.object() : value(inner, about));
        return many;
      }
      if (generic.getRawType() == Entries.class) {
        many.set("type", Json.array().add("object").add("null"));
        many.set("additionalProperties", value(inner, about));
        return many;
      }
    }
    if (type == Text.class) {
      return text(about);
    }
    if (type == Boolean.class) {
      return either("boolean", VARIABLE);
    }
    if (type == Integer.class) {
      ObjectNode whole = either("integer", VARIABLE);
      whole.put("minimum", about.min());
      whole.put("maximum", Math.min(about.max(), Integer.MAX_VALUE));
      return whole;
    }
    if (type == Duration.class) {
      ObjectNode duration = Json.object();
      duration.put("type", "string");
      duration.put("pattern", "^([0-9]+(ms|s|m|h)|" + VARIABLE + ")$");
      return duration;
    }
    if (type == Anything.class) {
      return Json.object();
    }
    if (type == Measure.class) {
      ObjectNode measure = Json.object();
      measure.set("type", Json.array().add("number").add("string"));
      return measure;
    }
    if (type == Decimal.class) {
      return either("number", "-?[0-9]+([.][0-9]+)?|" + VARIABLE);
    }
    if (type == ByteCount.class) {
      return either("integer", "[0-9]+(B|KiB|MiB|GiB)?|" + VARIABLE);
    }
    return block((Class<?>) type);
  }

  private static ObjectNode text(About about) {
    ObjectNode text = Json.object();
    text.put("type", "string");
    List<String> choices = choices(about);
    if (!choices.isEmpty()) {
      // A variable may stand for a choice, so the choices are suggested and not imposed.
      ArrayNode anyOf = text.putArray("anyOf");
      ArrayNode values = anyOf.addObject().putArray("enum");
      choices.forEach(values::add);
      anyOf.addObject().put("pattern", VARIABLE);
    }
    return text;
  }

  private static ObjectNode either(String type, String pattern) {
    ObjectNode either = Json.object();
    either.set("type", Json.array().add(type).add("string"));
    either.put("pattern", "^(" + pattern + ")$");
    return either;
  }

  private static String description(About about) {
    return about.byDefault().isEmpty()
        ? about.value()
        : about.value() + " Default: " + about.byDefault() + ".";
  }

  /** Whether a block's lists hold blocks of its own kind. */
  private static boolean isRecursive(Type type) {
    return type instanceof Class<?> shape
        && shape.isRecord()
        && Arrays.stream(shape.getRecordComponents())
            .anyMatch(component ->
                component.getGenericType() instanceof ParameterizedType generic
                    && generic.getActualTypeArguments()[0] == shape);
  }

  /** What may be written for a setting; nothing where anything may. */
  static List<String> choices(About about) {
    return switch (about.choices()) {
      case "when-full" -> List.of("serve", "refuse");
      case "kinds" ->
          Catalogue.load().kinds().stream()
              .flatMap(kind -> Stream.concat(Stream.of(kind.name()), kind.aliases().stream()))
              .toList();
      case "protocols" ->
          Catalogue.load().protocols().stream().map(protocol -> protocol.text()).toList();
      case "samplings" -> List.of("always", "sampled");
      case "actions" -> Arrays.stream(Review.Action.values()).map(Review.Action::text).toList();
      case "balances" -> Arrays.stream(Balance.values()).map(Balance::text).toList();
      case "affinities" -> Arrays.stream(Affinity.values()).map(Affinity::text).toList();
      case "continuations" ->
          Arrays.stream(Continuing.What.values()).map(Continuing.What::text).toList();
      case "features" -> Arrays.stream(Feature.values()).map(Feature::text).toList();
      case "limit-headers" -> HeaderDialect.ALL.stream().map(dialect -> dialect.name()).toList();
      case "beyond" -> List.of("refuse", "charge");
      default -> ContractChoices.of(about.choices());
    };
  }
}
