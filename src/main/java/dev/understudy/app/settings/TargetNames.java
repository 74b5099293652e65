package dev.understudy.app.settings;

import dev.understudy.routing.Lacking;
import dev.understudy.routing.Target;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the targets that texts name, and what their models are known to lack. */
final class TargetNames {
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s]{1,200}");

  private final Catalogue catalogue;
  private final Problems problems;
  private final Vendors vendors;
  private final Set<String> unusable;
  private final Map<String, String> known;

  /**
   * Names of targets at these vendors.
   *
   * @param unusable names of vendors about which a problem was reported already
   * @param sandbox whether vendors in a box answer
   */
  TargetNames(
      Catalogue catalogue,
      Problems problems,
      Vendors vendors,
      Set<String> unusable,
      boolean sandbox) {
    this.catalogue = catalogue;
    this.problems = problems;
    this.vendors = vendors;
    this.unusable = unusable;
    this.known = known(vendors, sandbox);
  }

  /** The vendors' names by every name that leads to them. */
  private Map<String, String> known(Vendors vendors, boolean sandbox) {
    var known = new LinkedHashMap<String, String>();
    vendors.all().forEach(vendor -> known.put(vendor.name(), vendor.name()));
    if (sandbox) {
      Settings.SANDBOX_VENDORS.forEach(name -> known.putIfAbsent(name, name));
    }
    for (Vendor vendor : vendors.all()) {
      catalogue
          .kind(vendor.kind())
          .ifPresent(kind -> {
            known.putIfAbsent(kind.name(), vendor.name());
            kind.aliases().forEach(alias -> known.putIfAbsent(alias, vendor.name()));
          });
    }
    return known;
  }

  /** The target written as {@code vendor/model}; empty if there is none, which is reported. */
  Optional<Target> of(Text text) {
    String value = text.value();
    int slash = value.indexOf('/');
    if (slash <= 0 || slash == value.length() - 1 || !isName(value)) {
      problems.add(
          text.place(),
          Nearness.quoted(text.written()) + " must be written as vendor/model" + suggested(text));
      return Optional.empty();
    }
    String vendor = value.substring(0, slash);
    String name = known.get(vendor);
    if (name != null) {
      return Optional.of(new Target(name, value.substring(slash + 1)));
    }
    if (!unusable.contains(vendor)) {
      // A name that came from a variable stays unsaid.
      String said = text.variables().isEmpty() ? vendor : text.written();
      problems.add(text.place(), "unknown vendor " + Nearness.quoted(said) + remedy(text, vendor));
    }
    return Optional.empty();
  }

  /** For the name of a model alone, the vendor whose models are called like that. */
  private String suggested(Text text) {
    String model = text.written().toLowerCase(Locale.ROOT);
    return catalogue.kinds().stream()
        .filter(kind -> known.containsKey(kind.name()))
        .filter(kind -> kind.modelPrefixes().stream().anyMatch(model::startsWith))
        .findFirst()
        .map(kind -> ", such as " + known.get(kind.name()) + "/" + text.written())
        .orElse("");
  }

  private String remedy(Text text, String vendor) {
    Optional<Kind> kind = catalogue.kind(vendor);
    if (kind.isPresent() && text.variables().isEmpty()) {
      List<String> variables = kind.get().keyVariables();
      return variables.isEmpty()
          ? "; name it under vendors"
          : "; set " + variables.getFirst() + " or name it under vendors";
    }
    return text.variables().isEmpty() ? Nearness.hint(vendor, known.keySet()) : "";
  }

  /** Whether routes and targets may be called so: a text without white space, of some length. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** What models of a vendor are known to lack. */
  Lacking lacking(String vendor) {
    return vendors
        .named(vendor)
        .map(Vendor::kind)
        .or(() -> Optional.of(vendor))
        .flatMap(catalogue::kind)
        .map(TargetNames::lacking)
        .orElse(Lacking.NOTHING);
  }

  static Lacking lacking(Kind kind) {
    var models = new ArrayList<Lacking.Models>();
    kind.lacks()
        .forEach((prefix, features) -> models.add(new Lacking.Models(List.of(prefix), features)));
    return models.isEmpty() ? Lacking.NOTHING : new Lacking(models);
  }
}
