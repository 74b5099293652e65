package dev.understudy.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** How single values are written. */
final class Scalars {
  static final String DURATION = "a duration of at most 24h, such as 500ms, 5s or 2m";
  static final String DECIMAL = "a decimal number, such as 3 or 0.25";
  static final String BYTES = "a number of bytes, such as 65536, 64KiB or 64MiB";

  private static final Pattern WITH_UNIT = Pattern.compile("([0-9]{1,12})([A-Za-z]*)");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DECIMALS = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
  private static final Duration DURATION_MAX = Duration.ofHours(24);
  private static final Set<Tag> KNOWN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);

  private Scalars() {}

  static boolean isKnown(Tag tag) {
    return KNOWN.contains(tag);
  }

  static boolean isLeaf(Class<?> type) {
    return type == Text.class
        || type == ByteCount.class
        || type == Decimal.class
        || type == Measure.class
        || type == Anything.class;
  }

  static Optional<Boolean> flag(String written) {
    return switch (written) {
      case "true", "True", "TRUE" -> Optional.of(true);
      case "false", "False", "FALSE" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  static Optional<Integer> whole(String written, long min, long max) {
    if (!WHOLE.matcher(written).matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(written);
    return number < min || number > max ? Optional.empty() : Optional.of((int) number);
  }

  /** Neither exponents nor endless digits: what people write on a price list. */
  static Optional<BigDecimal> decimal(String written) {
    return DECIMALS.matcher(written).matches()
        ? Optional.of(new BigDecimal(written))
        : Optional.empty();
  }

  static Optional<Duration> duration(String written) {
    Matcher matcher = WITH_UNIT.matcher(written);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    Optional<Duration> duration =
        switch (matcher.group(2)) {
          case "ms" -> Optional.of(Duration.ofMillis(amount));
          case "s" -> Optional.of(Duration.ofSeconds(amount));
          case "m" -> Optional.of(Duration.ofMinutes(amount));
          case "h" -> Optional.of(Duration.ofHours(amount));
          default -> Optional.empty();
        };
    return duration.filter(d -> d.isPositive() && d.compareTo(DURATION_MAX) <= 0);
  }

  static Optional<ByteCount> bytes(String written) {
    Matcher matcher = WITH_UNIT.matcher(written);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    Optional<Integer> shift =
        switch (matcher.group(2)) {
          case "", "B" -> Optional.of(0);
          case "KiB" -> Optional.of(10);
          case "MiB" -> Optional.of(20);
          case "GiB" -> Optional.of(30);
          default -> Optional.empty();
        };
    return shift
        .filter(s -> amount > 0 && amount <= Long.MAX_VALUE >> 30)
        .map(s -> new ByteCount(amount << s));
  }

  static String kind(Node node) {
    if (node instanceof MappingNode && node.getTag().equals(Tag.MAP)) {
      return "a block";
    }
    if (node instanceof SequenceNode && node.getTag().equals(Tag.SEQ)) {
      return "a list";
    }
    if (node.getTag().equals(Tag.STR)) {
      return "this text";
    }
    if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT)) {
      return "a number";
    }
    if (node.getTag().equals(Tag.BOOL)) {
      return "true or false";
    }
    return "something with a tag";
  }
}
