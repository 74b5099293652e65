package dev.understudy.app.settings;

import dev.understudy.access.Callers;
import dev.understudy.access.Digest;
import dev.understudy.text.Entries;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.Secret;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads who may come in: callers by their keys, operators by their tokens. */
final class AccessReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern KEY = Pattern.compile("[!-~]*");
  private static final int KEY_LENGTH_MIN = 16;
  private static final int KEY_LENGTH_MAX = 4_096;

  private final Problems problems;

  AccessReader(Problems problems) {
    this.problems = problems;
  }

  Callers callers(Entries<Text> said) {
    var keys = new LinkedHashMap<String, String>();
    var owners = new HashMap<Secret, String>();
    for (var entry : said.all()) {
      String name = entry.name().value();
      Text key = entry.value();
      int length = key.value().length();
      if (!NAME.matcher(name).matches()) {
        problems.add(
            entry.name().place(),
            "a caller's name is up to 64 letters, digits, dots, dashes and underscores");
      } else if (length < KEY_LENGTH_MIN || length > KEY_LENGTH_MAX) {
        problems.add(
            key.place(),
            "the key of %s must have from %d to %d characters"
                .formatted(name, KEY_LENGTH_MIN, KEY_LENGTH_MAX));
      } else if (!KEY.matcher(key.value()).matches()) {
        problems.add(
            key.place(),
            "the key of " + name + " holds white space, control or non-ASCII characters");
      } else {
        String owner = owners.putIfAbsent(new Secret(key.value()), name);
        if (owner != null) {
          problems.add(key.place(), "the key of " + name + " is that of " + owner + " too");
        }
        keys.put(name, key.value());
      }
    }
    return keys.isEmpty() ? Callers.NONE : new Callers(keys);
  }

  Optional<Secret> adminToken(Text said) {
    if (said.value().length() < KEY_LENGTH_MIN || !KEY.matcher(said.value()).matches()) {
      problems.add(
          said.place(),
          "admin-token must have %d visible ASCII characters or more".formatted(KEY_LENGTH_MIN));
      return Optional.empty();
    }
    return Optional.of(new Secret(said.value()));
  }

  Map<String, Digest> operators(Entries<Text> said) {
    var operators = new LinkedHashMap<String, Digest>();
    for (var entry : said.all()) {
      if (!OperatorName.fits(entry.name().value())) {
        problems.add(entry.name().place(), OperatorName.RULE);
      } else if (!entry.value().value().matches("[0-9a-f]{64}")) {
        problems.add(
            entry.value().place(),
            "must be the SHA-256 of a token, as understudy admin-token --for NAME prints it; never the token");
      } else if (operators.containsValue(Digest.ofHex(entry.value().value()))) {
        problems.add(entry.value().place(), "another operator has this token too");
      } else {
        operators.put(entry.name().value(), Digest.ofHex(entry.value().value()));
      }
    }
    return operators;
  }
}
