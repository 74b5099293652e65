package dev.understudy.protocol.openaichat;

import dev.understudy.json.Figures;
import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@code usage} object as it is asked about, by paths such as {@code holder.member}. */
sealed interface UsageObject {
  /** Whether there is anything but null. */
  boolean says(String path);

  /** A whole number from zero up. */
  OptionalLong count(String path);

  /** Any number. */
  Optional<BigDecimal> number(String path);

  Optional<String> text(String name);

  /** The object as JSON without white space. */
  String json();

  /** A plain one, which most are. */
  record Plain(Figures figures) implements UsageObject {
    @Override
    public boolean says(String path) {
      int at = figures.find(path);
      return at >= 0 && !figures.isNull(at);
    }

    @Override
    public OptionalLong count(String path) {
      int at = figures.find(path);
      return at >= 0 && figures.isNumber(at)
          ? OptionalLong.of(figures.number(at))
          : OptionalLong.empty();
    }

    @Override
    public Optional<BigDecimal> number(String path) {
      int at = figures.find(path);
      return at >= 0 && figures.isNumber(at)
          ? Optional.of(BigDecimal.valueOf(figures.number(at)))
          : Optional.empty();
    }

    @Override
    public Optional<String> text(String name) {
      int at = figures.find(name);
      return at >= 0 && figures.isString(at) ? Optional.of(figures.string(at)) : Optional.empty();
    }

    @Override
    public String json() {
      return figures.json();
    }
  }

  /** Any, as a tree. */
  record Tree(ObjectNode usage) implements UsageObject {
    private static final Map<String, String[]> PARTS = new ConcurrentHashMap<>();

    @Override
    public boolean says(String path) {
      JsonNode value = at(path);
      return value != null && !value.isNull();
    }

    @Override
    public OptionalLong count(String path) {
      JsonNode value = at(path);
      if (value == null || !value.isNumber()) {
        return OptionalLong.empty();
      }
      try {
        long count = value.isInt() ? value.intValue() : value.decimalValue().longValueExact();
        return count >= 0 ? OptionalLong.of(count) : OptionalLong.empty();
      } catch (ArithmeticException e) {
        return OptionalLong.empty();
      }
    }

    @Override
    public Optional<BigDecimal> number(String path) {
      JsonNode value = at(path);
      return value != null && value.isNumber()
          ? Optional.of(value.decimalValue())
          : Optional.empty();
    }

    @Override
    public Optional<String> text(String name) {
      JsonNode value = usage.get(name);
      return value != null && value.isString()
          ? Optional.of(value.stringValue())
          : Optional.empty();
    }

    @Override
    public String json() {
      return Json.text(usage);
    }

    private @Nullable JsonNode at(String path) {
      JsonNode value = usage;
      // The paths are few and their own: each is cut once.
      for (String name : PARTS.computeIfAbsent(path, whole -> whole.split("\\.", -1))) {
        value = value.get(name);
        if (value == null) {
          return null;
        }
      }
      return value;
    }
  }
}
