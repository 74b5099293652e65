package dev.understudy.vendor;

import dev.understudy.chat.Feature;
import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.UsageConvention;
import dev.understudy.text.Entries;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All kinds of vendors that are known by name, read from {@code catalogue.yaml}. */
public final class Catalogue {
  private static final String RESOURCE = "catalogue.yaml";

  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<ProtocolName, Standard> standards = new LinkedHashMap<>();

  private record Standard(Speech speech, List<String> tolerated, Door door, String limitHeaders) {}

  private Catalogue(CatalogueFile file) {
    for (var entry : file.protocols().all()) {
      var protocol = new ProtocolName(entry.name().value());
      CatalogueFile.Protocol said = entry.value();
      standards.put(protocol, standard(protocol, said));
    }
    for (var entry : file.kinds().all()) {
      Kind kind = kind(entry.name().value(), entry.value());
      kinds.put(kind.name(), kind);
      kind.aliases().forEach(alias -> aliases.put(alias, kind.name()));
    }
  }

  /** The catalogue that comes with the program, read when it is first asked for. */
  public static Catalogue load() {
    return Loaded.CATALOGUE;
  }

  /** Read once: it never changes while the program runs. */
  private static final class Loaded {
    private static final Catalogue CATALOGUE = read();
  }

  private static Catalogue read() {
    var problems = new Problems();
    try (var in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program was packed without " + RESOURCE);
      }
      Optional<CatalogueFile> file =
          YamlReader.read(CatalogueFile.class, RESOURCE, in.readAllBytes(), Map.of(), problems);
      if (!problems.isEmpty() || file.isEmpty()) {
        throw new IllegalStateException(String.join("\n", problems.lines()));
      }
      return new Catalogue(file.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A kind by its name or an alias. */
  public Optional<Kind> kind(String name) {
    return Optional.ofNullable(kinds.get(aliases.getOrDefault(name, name)));
  }

  public List<Kind> kinds() {
    return List.copyOf(kinds.values());
  }

  /** Every protocol that vendors may speak. */
  public List<ProtocolName> protocols() {
    return List.copyOf(standards.keySet());
  }

  /** How a protocol is spoken by its author. */
  public Speech standard(ProtocolName protocol) {
    return standardOf(protocol).speech();
  }

  /**
   * The kind of a vendor in no catalogue that speaks these protocols, as their authors do.
   *
   * @param protocols not empty; each one of {@link #protocols()}
   */
  public Kind custom(List<ProtocolName> protocols) {
    Standard first = standardOf(protocols.getFirst());
    return new Kind(
        Kind.CUSTOM,
        "Custom",
        List.of(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        first.speech().ending(),
        first.tolerated(),
        Optional.empty(),
        first.door(),
        List.of(),
        false,
        List.of(),
        protocols.stream().map(this::standard).toList(),
        List.of(),
        false,
        Map.of(),
        first.limitHeaders(),
        List.of(),
        "");
  }

  private Standard standardOf(ProtocolName protocol) {
    Standard standard = standards.get(protocol);
    if (standard == null) {
      throw new IllegalArgumentException("the catalogue does not know the protocol " + protocol);
    }
    return standard;
  }

  private static Standard standard(ProtocolName protocol, CatalogueFile.Protocol said) {
    var speech =
        new Speech(
            protocol,
            true,
            said.ending().map(Text::value).orElse(""),
            paths(said.paths()),
            Map.of(),
            headers(said.headers()),
            UsageConvention.STANDARD,
            EnumSet.noneOf(Quirk.class),
            EnumSet.noneOf(Quirk.class),
            new BodyEdits(
                said.modelInBody().orElse(true), said.streamInBody().orElse(true), Map.of()),
            Framing.PLAIN,
            ModelNames.ALL,
            Long.MAX_VALUE);
    return new Standard(
        speech,
        values(said.tolerated()),
        named(Door.class, said.auth()),
        said.limitHeaders().map(Text::value).orElse("none"));
  }

  private static Counting counting(CatalogueFile.CountingBlock said) {
    return new Counting(
        new ModelNames(values(said.models())),
        said.output().map(text -> Double.parseDouble(text.value())).orElse(1.0),
        said.cached().map(text -> Double.parseDouble(text.value())).orElse(1.0),
        said.holdsMax().orElse(false));
  }

  private Kind kind(String name, CatalogueFile.KindBlock said) {
    var speech = new ArrayList<Speech>();
    for (var entry : said.protocols().all()) {
      speech.add(speech(new ProtocolName(entry.name().value()), entry.value()));
    }
    Standard first = standardOf(speech.getFirst().protocol());
    return new Kind(
        name,
        said.title().value(),
        values(said.aliases()),
        said.url().map(Text::value),
        headers(said.urlAt()),
        said.urlVariable().map(Text::value),
        said.ending().map(Text::value).orElse(first.speech().ending()),
        said.tolerated().isEmpty() ? first.tolerated() : values(said.tolerated()),
        said.bare().map(Text::value),
        said.auth().map(auth -> named(Door.class, auth)).orElse(first.door()),
        values(said.keyVariables()),
        said.keyOptional().orElse(false),
        places(said),
        speech,
        values(said.modelPrefixes()),
        said.ownNames().orElse(false),
        lacks(said.lacks()),
        said.limitHeaders().map(Text::value).orElse("none"),
        said.counting().stream().map(Catalogue::counting).toList(),
        said.source().value());
  }

  private static Map<String, Set<Feature>> lacks(Entries<List<Text>> said) {
    var lacks = new LinkedHashMap<String, Set<Feature>>();
    for (var entry : said.all()) {
      var features = EnumSet.noneOf(Feature.class);
      entry.value().forEach(feature -> features.add(named(Feature.class, feature)));
      lacks.put(entry.name().value(), features);
    }
    return lacks;
  }

  private static List<Kind.PlaceName> places(CatalogueFile.KindBlock said) {
    var places = new ArrayList<Kind.PlaceName>();
    if (!said.regionVariables().isEmpty()) {
      places.add(new Kind.PlaceName("region", values(said.regionVariables()), Optional.empty()));
    }
    if (!said.projectVariables().isEmpty()) {
      places.add(new Kind.PlaceName("project", values(said.projectVariables()), Optional.empty()));
    }
    if (!said.locationVariables().isEmpty()) {
      places.add(
          new Kind.PlaceName(
              "location", values(said.locationVariables()), said.location().map(Text::value)));
    }
    return places;
  }

  private Speech speech(ProtocolName protocol, CatalogueFile.SpeechBlock said) {
    Speech standard = standard(protocol);
    Map<Operation, String> paths = said.paths().map(Catalogue::paths).orElse(standard.paths());
    var headers =
        new LinkedHashMap<>(
            said.plainHeaders().orElse(false) ? Map.<String, String>of() : standard.headers());
    headers.putAll(headers(said.headers()));
    return new Speech(
        protocol,
        said.usual().orElse(true),
        standard.ending(),
        paths,
        said.datedPaths().map(Catalogue::paths).orElse(Map.of()),
        headers,
        said.usage()
            .map(usage -> named(UsageConvention.class, usage))
            .orElse(UsageConvention.STANDARD),
        quirks(said.quirks()),
        quirks(said.fromMemory()),
        new BodyEdits(
            said.modelInBody().orElse(standard.edits().modelInBody()),
            said.streamInBody().orElse(standard.edits().streamInBody()),
            headers(said.added())),
        said.framing().map(framing -> named(Framing.class, framing)).orElse(Framing.PLAIN),
        new ModelNames(values(said.models())),
        said.bodyMax().map(max -> max.bytes()).orElse(Long.MAX_VALUE));
  }

  private static Set<Quirk> quirks(List<Text> names) {
    var quirks = EnumSet.noneOf(Quirk.class);
    names.forEach(name -> quirks.add(named(Quirk.class, name)));
    return quirks;
  }

  private static Map<Operation, String> paths(CatalogueFile.Paths said) {
    var paths = new EnumMap<Operation, String>(Operation.class);
    paths.put(Operation.CHAT, said.chat().value());
    paths.put(Operation.CHAT_STREAM, said.chatStream().orElse(said.chat()).value());
    said.countTokens().ifPresent(path -> paths.put(Operation.COUNT_TOKENS, path.value()));
    return paths;
  }

  private static Map<String, String> headers(Entries<Text> said) {
    var headers = new LinkedHashMap<String, String>();
    said.all().forEach(entry -> headers.put(entry.name().value(), entry.value().value()));
    return headers;
  }

  private static List<String> values(List<Text> texts) {
    return texts.stream().map(Text::value).toList();
  }

  private static <E extends Enum<E>> E named(Class<E> type, Text text) {
    return Enum.valueOf(type, text.value().toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
