package dev.understudy.app.settings;

import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Door;
import dev.understudy.vendor.HeaderKey;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.NoCredential;
import dev.understudy.vendor.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the keys of one vendor: in its block, or in the variables that usually hold them. */
final class KeyReader {
  private static final String NONE = "none";

  private final Map<String, String> environment;
  private final Problems problems;
  private final boolean whole;
  private final CloudKeyReader clouds;
  private final List<String> sources = new ArrayList<>();

  KeyReader(
      CloudKeyReader clouds, Map<String, String> environment, Problems problems, boolean whole) {
    this.clouds = clouds;
    this.whole = whole;
    this.environment = environment;
    this.problems = problems;
  }

  /** What the keys were taken from, in words without the keys. */
  List<String> sources() {
    return sources;
  }

  /**
   * The vendor's credentials; none if something is wrong, which has been reported.
   *
   * @param region where AWS signatures are for; empty if there is none
   */
  List<Credential> credentials(Text name, Kind kind, VendorBlock said, String region) {
    said.key()
        .filter(key -> !said.keys().isEmpty())
        .ifPresent(key -> problems.add(key.place(), "set either key or keys, not both"));
    if (said.key().isPresent() && said.key().get().written().equals(NONE)) {
      sources.add(NONE);
      return List.of(new NoCredential());
    }
    var written = new ArrayList<>(said.keys());
    said.key().ifPresent(written::addFirst);
    if (!written.isEmpty()) {
      return written(kind.door(), written);
    }
    // Keys that the block names go before a token that only happens to be in the environment.
    if ((kind.door() == Door.AWS && (said.accessKey().isPresent() || said.secretKey().isPresent()))
        || (kind.door() == Door.GOOGLE && said.credentials().isPresent())) {
      return cloud(name, kind, said, region);
    }
    for (String variable : kind.keyVariables()) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isEmpty()) {
        return key(kind.door(), variable, value, name.place(), variable);
      }
    }
    if (kind.door() == Door.AWS || kind.door() == Door.GOOGLE) {
      return cloud(name, kind, said, region);
    }
    if (kind.keyOptional()) {
      sources.add(NONE);
      return List.of(new NoCredential());
    }
    return missing(name, kind);
  }

  private List<Credential> cloud(Text name, Kind kind, VendorBlock said, String region) {
    int before = problems.total();
    Optional<CloudKeyReader.Found> found =
        switch (kind.door()) {
          case AWS -> region.isEmpty() ? Optional.empty() : clouds.aws(name, said, region);
          case GOOGLE -> clouds.google(name, said);
          case BEARER, X_API_KEY, X_GOOG_API_KEY, API_KEY -> Optional.empty();
        };
    if (found.isPresent()) {
      sources.add(found.get().source());
      return List.of(found.get().credential());
    }
    boolean explained = problems.total() > before || (kind.door() == Door.AWS && region.isEmpty());
    return explained ? List.of() : missing(name, kind);
  }

  private List<Credential> written(Door door, List<Text> keys) {
    var credentials = new ArrayList<Credential>();
    var seen = new HashSet<Secret>();
    boolean sound = true;
    for (Text key : keys) {
      String label =
          key.variables().isEmpty()
              ? (keys.size() == 1 ? "key" : "key-" + (credentials.size() + 1))
              : String.join("+", key.variables());
      String source = key.variables().isEmpty() ? "written in the file" : label;
      if (key.written().equals(NONE)) {
        problems.add(key.place(), "none cannot stand among keys");
        sound = false;
      } else if (!seen.add(new Secret(key.value()))) {
        problems.add(key.place(), "the same key is there twice");
        sound = false;
      } else {
        List<Credential> made = key(door, label, key.value(), key.place(), "key");
        sources.set(sources.size() - 1, source);
        sound = sound && !made.isEmpty();
        credentials.addAll(made);
      }
    }
    return sound ? credentials : List.of();
  }

  private List<Credential> key(Door door, String label, String value, Place place, String field) {
    sources.add(label);
    try {
      return List.of(new HeaderKey(label, door.header(), door.prefix(), value));
    } catch (IllegalArgumentException e) {
      problems.add(
          place,
          value.isEmpty()
              ? field + " is empty"
              : field + " holds white space, control or non-ASCII characters");
      return List.of();
    }
  }

  private List<Credential> missing(Text name, Kind kind) {
    String quoted = Nearness.quoted(name.value());
    if (!whole) {
      return List.of();
    }
    problems.add(
        name.place(),
        kind.switchVariables().isEmpty()
            ? "vendor " + quoted + " has no key: set key to \"${VARIABLE}\", or to none"
            : "vendor %s has no key: set %s, or key here, or key: none"
                .formatted(quoted, String.join(" or ", kind.switchVariables())));
    return List.of();
  }
}
