package dev.understudy.app.settings;

import dev.understudy.text.Entries;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.TokenExchange;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes all vendors that a file names or the environment switches on. */
final class VendorsReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final Catalogue catalogue;
  private final Path file;
  private final Map<String, String> environment;
  private final TokenExchange tokens;
  private final Problems problems;
  private final List<String> notes;
  private final Set<String> unusable = new LinkedHashSet<>();
  private final Map<String, Settings.Origin> origins = new LinkedHashMap<>();
  private final Map<String, List<ModelCapacity>> capacity = new LinkedHashMap<>();

  /** A reader that adds to problems what must be mended, to notes what should be known. */
  VendorsReader(
      Catalogue catalogue,
      Path file,
      Map<String, String> environment,
      TokenExchange tokens,
      Problems problems,
      List<String> notes) {
    this.catalogue = catalogue;
    this.file = file;
    this.environment = environment;
    this.tokens = tokens;
    this.problems = problems;
    this.notes = notes;
  }

  /** All that can be made; a name that comes to nothing is {@link #unusable}. */
  Vendors vendors(Entries<VendorBlock> said) {
    var found = new ArrayList<Vendor>();
    unusable.addAll(said.broken());
    var taken = new LinkedHashSet<>(unusable);
    for (var entry : said.all()) {
      Text name = entry.name();
      taken.add(name.value());
      if (!NAME.matcher(name.value()).matches()) {
        problems.add(
            name.place(),
            "a vendor's name is up to 64 letters, digits, dots, dashes and underscores");
        unusable.add(name.value());
      } else if (!entry.value().enabled().orElse(true)) {
        notes.add("vendor " + name.value() + " is switched off");
      } else {
        var reader = new VendorReader(catalogue, file, environment, tokens, problems);
        boolean whole = !said.broken().contains(name.value());
        Optional<Vendor> vendor = reader.vendor(name, entry.value(), whole);
        vendor.ifPresentOrElse(found::add, () -> unusable.add(name.value()));
        origins.put(name.value(), new Settings.Origin(true, reader.keySources()));
        capacity.put(name.value(), new CapacityReader(problems).read(entry.value().capacity()));
      }
    }
    for (Kind kind : catalogue.kinds()) {
      if (!taken.contains(kind.name()) && kind.aliases().stream().noneMatch(taken::contains)) {
        switchedOn(kind).ifPresent(found::add);
      }
    }
    return new Vendors(found);
  }

  /** A vendor that no block names, if its usual environment variable is set. */
  private Optional<Vendor> switchedOn(Kind kind) {
    Optional<String> variable = VendorReader.switchedOnBy(kind, environment);
    if (variable.isEmpty()) {
      return Optional.empty();
    }
    // A variable may be there for another program, so what is wrong is a note and no problem.
    var faults = new Problems();
    var reader = new VendorReader(catalogue, file, environment, tokens, faults);
    var place = new Place(kind.name(), 1, 1);
    var name = new Text(place, kind.name(), kind.name(), List.of());
    Optional<Vendor> vendor = reader.vendor(name, VendorReader.NOTHING_SAID, true);
    if (vendor.isEmpty()) {
      String why = String.join("; ", faults.lines()).replace(place + ": ", "");
      notes.add("vendor " + kind.name() + " is off although " + variable.get() + " is set: " + why);
      return Optional.empty();
    }
    origins.put(kind.name(), new Settings.Origin(false, reader.keySources()));
    return vendor;
  }

  /** Where vendors answer, as far as the file or the environment says. */
  Map<String, String> regions(Entries<VendorBlock> said, Vendors vendors) {
    var regions = new LinkedHashMap<String, String>();
    for (Vendor vendor : vendors.all()) {
      for (Kind.PlaceName place :
          catalogue.kind(vendor.kind()).map(Kind::places).orElse(List.of())) {
        if (!place.name().equals("project")) {
          place.variables().stream()
              .flatMap(variable -> VendorReader.held(environment, variable).stream())
              .findFirst()
              .or(place::usual)
              .ifPresent(where -> regions.put(vendor.name(), where));
        }
      }
    }
    for (var entry : said.all()) {
      entry
          .value()
          .region()
          .or(() -> entry.value().location())
          .ifPresent(where -> regions.put(entry.name().value(), where.value()));
    }
    return regions;
  }

  /** Names of vendors about which a problem was reported. */
  Set<String> unusable() {
    return unusable;
  }

  Map<String, Settings.Origin> origins() {
    return origins;
  }

  Map<String, List<ModelCapacity>> capacity() {
    return capacity;
  }
}
