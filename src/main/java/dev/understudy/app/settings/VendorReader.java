package dev.understudy.app.settings;

import dev.understudy.app.settings.VendorBlock.TimeoutsBlock;
import dev.understudy.chat.ProtocolName;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.BaseUrl;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Door;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Speech;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.TokenExchange;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.VendorSpec;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes one vendor of what a file says about it, the catalogue knows and the environment holds. */
final class VendorReader {
  /** The block of a vendor that is only named. */
  static final VendorBlock NOTHING_SAID = nothingSaid();

  private static final Pattern PLACE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:-]{0,79}");

  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/%:@!$&'()*+,;=?-]{0,499}");

  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

  private final Catalogue catalogue;
  private final Path file;
  private final Map<String, String> environment;
  private final Problems problems;
  private final CloudKeyReader clouds;
  private final List<String> keySources = new ArrayList<>();
  private boolean broken;
  private boolean whole = true;

  VendorReader(
      Catalogue catalogue,
      Path file,
      Map<String, String> environment,
      TokenExchange tokens,
      Problems problems) {
    this.catalogue = catalogue;
    this.file = file;
    this.environment = environment;
    this.problems = problems;
    this.clouds = new CloudKeyReader(file, environment, tokens, problems);
  }

  /** The variable whose presence switches a vendor on that no block names. */
  static Optional<String> switchedOnBy(Kind kind, Map<String, String> environment) {
    return kind.switchVariables().stream()
        .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
        .findFirst();
  }

  /**
   * The vendor; empty if something is wrong, which has been reported.
   *
   * @param whole false: something in the block could not be read, so nothing is called missing
   */
  Optional<Vendor> vendor(Text name, VendorBlock said, boolean whole) {
    this.whole = whole;
    Optional<List<ProtocolName>> chosen = protocols(said);
    Optional<Kind> found = kind(name, said, chosen.orElse(List.of()));
    if (found.isEmpty() || chosen.isEmpty()) {
      return Optional.empty();
    }
    Kind kind = found.get();
    List<ProtocolName> protocols = chosen.get().isEmpty() ? kind.usualProtocols() : chosen.get();
    for (ProtocolName protocol : protocols) {
      if (said.url().isEmpty() && !kind.protocols().contains(protocol)) {
        wrong(
            said.protocol().or(() -> said.protocols().stream().findFirst()).orElse(name).place(),
            "%s does not speak %s; it speaks %s"
                .formatted(kind.title(), protocol, joined(kind.protocols())));
      }
    }
    Map<String, String> places = places(name, kind, said, protocols);
    var keys = new KeyReader(clouds, environment, problems, whole);
    List<Credential> credentials =
        keys.credentials(name, kind, said, places.getOrDefault("region", ""));
    keySources.addAll(keys.sources());
    refuseOtherClouds(name, kind, said);
    var trusted = new TrustReader(file, problems);
    List<X509Certificate> trust = said.ca().map(trusted::certificates).orElse(List.of());
    Optional<BaseUrl> url = url(name, kind, said, places);
    Map<String, String> headers = HeaderFields.read(said.headers(), problems);
    Optional<String> version = apiVersion(name, kind, said);
    Optional<String> probe = probe(said);
    if (broken || url.isEmpty() || credentials.isEmpty() || !trusted.isSound()) {
      return Optional.empty();
    }
    if (!trust.isEmpty() && !url.get().tls()) {
      said.ca().ifPresent(ca -> wrong(ca.place(), "ca is of no use with an http url"));
    }
    var spec =
        new VendorSpec(
            name.value(),
            kind,
            protocols,
            url.get(),
            credentials,
            headers,
            places,
            version,
            timeouts(said.timeouts()),
            trust);
    return Optional.of(spec.vendor(catalogue).withProbe(probe));
  }

  /** What the keys were taken from, in words without the keys. */
  List<String> keySources() {
    return keySources;
  }

  private Optional<Kind> kind(Text name, VendorBlock said, List<ProtocolName> protocols) {
    if (said.kind().isPresent()) {
      Text given = said.kind().get();
      Optional<Kind> kind = catalogue.kind(given.value());
      if (kind.isEmpty()) {
        wrong(
            given.place(),
            "unknown kind "
                + Nearness.quoted(given.written())
                + Nearness.hint(given.written(), kindNames()));
      }
      return kind;
    }
    Optional<Kind> kind = catalogue.kind(name.value());
    if (kind.isPresent()) {
      return kind;
    }
    if (!protocols.isEmpty()) {
      return Optional.of(catalogue.custom(protocols));
    }
    if (said.protocol().isEmpty() && said.protocols().isEmpty()) {
      missing(
          name.place(),
          Nearness.quoted(name.value())
              + " is no kind of vendor that is known; give it a kind, or a protocol and a url"
              + Nearness.hint(name.value(), kindNames()));
    }
    return Optional.empty();
  }

  private List<String> kindNames() {
    var names = new ArrayList<String>();
    for (Kind kind : catalogue.kinds()) {
      names.add(kind.name());
      names.addAll(kind.aliases());
    }
    return names;
  }

  /** The protocols that the block chooses, none if it leaves that to the catalogue. */
  private Optional<List<ProtocolName>> protocols(VendorBlock said) {
    var texts = new ArrayList<>(said.protocols());
    if (said.protocol().isPresent()) {
      if (!texts.isEmpty()) {
        wrong(said.protocol().get().place(), "set either protocol or protocols, not both");
      }
      texts.addFirst(said.protocol().get());
    }
    var known = catalogue.protocols().stream().map(ProtocolName::text).toList();
    var chosen = new ArrayList<ProtocolName>();
    for (Text text : texts) {
      String quoted = Nearness.quoted(text.written());
      var protocol = new ProtocolName(text.value());
      if (!known.contains(text.value())) {
        String near = Nearness.hint(text.written(), known);
        wrong(
            text.place(),
            "unknown protocol "
                + quoted
                + (near.isEmpty() ? "; known: " + String.join(", ", known) : near));
      } else if (chosen.contains(protocol)) {
        wrong(text.place(), "the protocol " + quoted + " is there twice");
      } else {
        chosen.add(protocol);
      }
    }
    return chosen.size() == texts.size() ? Optional.of(chosen) : Optional.empty();
  }

  private Optional<BaseUrl> url(
      Text name, Kind kind, VendorBlock said, Map<String, String> places) {
    if (said.url().isPresent()) {
      return url(said.url().get().place(), "url", said.url().get().value());
    }
    Optional<String> held = kind.urlVariable().flatMap(variable -> held(environment, variable));
    if (held.isPresent()) {
      return url(name.place(), kind.urlVariable().orElse(""), held.get());
    }
    if (kind.url().isEmpty()) {
      missing(
          name.place(),
          "url is missing"
              + kind.urlVariable().map(variable -> ": set it here or in " + variable).orElse(""));
      return Optional.empty();
    }
    String location = places.getOrDefault("location", "");
    String usual = kind.urlAt().getOrDefault(location, kind.url().get());
    for (var place : places.entrySet()) {
      usual = usual.replace("{" + place.getKey() + "}", place.getValue());
    }
    // A place that is missing has been reported.
    return usual.indexOf('{') >= 0 ? Optional.empty() : url(name.place(), "url", usual);
  }

  private Optional<BaseUrl> url(Place place, String field, String value) {
    try {
      return Optional.of(BaseUrl.of(value));
    } catch (IllegalArgumentException e) {
      wrong(place, field + " " + e.getMessage());
      return Optional.empty();
    }
  }

  private Map<String, String> places(
      Text name, Kind kind, VendorBlock said, List<ProtocolName> protocols) {
    var places = new LinkedHashMap<String, String>();
    Map<String, Optional<Text>> given =
        Map.of("region", said.region(), "project", said.project(), "location", said.location());
    var wanted = kind.places().stream().map(Kind.PlaceName::name).toList();
    given.forEach((field, text) -> {
      if (text.isPresent() && !wanted.contains(field)) {
        wrong(text.get().place(), field + " is of no use to " + kindOf(name, kind));
      }
    });
    for (Kind.PlaceName place : kind.places()) {
      Optional<Text> text = given.getOrDefault(place.name(), Optional.empty());
      Optional<String> value =
          text.map(Text::value)
              .or(() ->
                  place.variables().stream()
                      .flatMap(v -> held(environment, v).stream())
                      .findFirst())
              .or(() ->
                  place.name().equals("project") ? clouds.projectOfKeyFile(said) : Optional.empty())
              .or(place::usual);
      if (value.isPresent() && isPlaceName(place.name(), value.get())) {
        places.put(place.name(), value.get());
      } else if (value.isPresent()) {
        wrong(
            text.orElse(name).place(),
            place.name()
                + (place.name().equals("project")
                    ? " may hold letters, digits, dots, colons and dashes only"
                    : " may hold small letters, digits and dashes only"));
      } else if (isNeeded(place.name(), kind, said, protocols)) {
        missing(
            name.place(),
            place.name() + " is missing: set it here or in " + place.variables().getFirst());
      }
    }
    return places;
  }

  private void refuseOtherClouds(Text name, Kind kind, VendorBlock said) {
    if (kind.door() != Door.AWS) {
      clouds.refuse(
          List.of(said.accessKey(), said.secretKey(), said.sessionToken()),
          List.of("access-key", "secret-key", "session-token"),
          kindOf(name, kind));
    }
    if (kind.door() != Door.GOOGLE) {
      clouds.refuse(List.of(said.credentials()), List.of("credentials"), kindOf(name, kind));
    }
  }

  private static boolean isPlaceName(String place, String value) {
    return (place.equals("project") ? PLACE_NAME : REGION).matcher(value).matches();
  }

  private boolean isNeeded(
      String place, Kind kind, VendorBlock said, List<ProtocolName> protocols) {
    String mark = "{" + place + "}";
    if (place.equals("region") && said.key().isEmpty() && said.keys().isEmpty()) {
      return true; // signatures are for a region
    }
    boolean inUrl = said.url().isEmpty() && kind.url().orElse("").contains(mark);
    return inUrl
        || protocols.stream()
            .flatMap(protocol -> kind.speech(protocol).stream())
            .map(Speech::paths)
            .anyMatch(paths -> paths.values().stream().anyMatch(path -> path.contains(mark)));
  }

  private Optional<String> apiVersion(Text name, Kind kind, VendorBlock said) {
    boolean known = kind.speech().stream().anyMatch(s -> !s.datedPaths().isEmpty());
    said.apiVersion()
        .ifPresent(text -> {
          if (!known) {
            wrong(text.place(), "api-version is of no use to " + kindOf(name, kind));
          } else if (!PLACE_NAME.matcher(text.value()).matches()) {
            wrong(
                text.place(), "api-version may hold letters, digits, dots, colons and dashes only");
          }
        });
    return said.apiVersion().map(Text::value);
  }

  private Optional<String> probe(VendorBlock said) {
    said.probe()
        .filter(path -> !PATH.matcher(path.value()).matches())
        .ifPresent(path ->
            wrong(
                path.place(), "probe is a path with a slash at its beginning, such as /v1/models"));
    return said.probe().map(Text::value);
  }

  private static Timeouts timeouts(TimeoutsBlock said) {
    return new Timeouts(
        said.connect().orElse(Timeouts.DEFAULT.connect()),
        said.firstToken().orElse(Timeouts.DEFAULT.firstToken()),
        said.idle().orElse(Timeouts.DEFAULT.idle()),
        said.total().orElse(Timeouts.DEFAULT.total()));
  }

  /** What a variable holds; empty if that is nothing. */
  static Optional<String> held(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
  }

  private void wrong(Place place, String message) {
    broken = true;
    problems.add(place, message);
  }

  private static String kindOf(Text name, Kind kind) {
    return kind.name().equals(Kind.CUSTOM)
        ? "vendor " + Nearness.quoted(name.value())
        : kind.title();
  }

  private void missing(Place place, String message) {
    broken = true;
    if (whole) {
      problems.add(place, message);
    }
  }

  private static String joined(List<ProtocolName> protocols) {
    return String.join(", ", protocols.stream().map(ProtocolName::text).toList());
  }

  private static VendorBlock nothingSaid() {
    Optional<Text> nothing = Optional.empty();
    return new VendorBlock(
        nothing,
        nothing,
        nothing,
        List.of(),
        nothing,
        List.of(),
        new Entries<>(List.of(), Set.of()),
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        new TimeoutsBlock(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        new Entries<>(List.of(), Set.of()),
        nothing,
        nothing,
        Optional.empty());
  }
}
