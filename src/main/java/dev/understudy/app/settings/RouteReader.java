package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.RouteBlock;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import dev.understudy.text.Entries;
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

/** Makes routes of what a file says about them. */
final class RouteReader {
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s]{1,200}");

  private final Catalogue catalogue;
  private final Problems problems;

  RouteReader(Catalogue catalogue, Problems problems) {
    this.catalogue = catalogue;
    this.problems = problems;
  }

  /**
   * Reads all.
   *
   * @param unusable names of vendors about which a problem was reported already
   */
  List<Route> routes(
      Entries<RouteBlock> said, Vendors vendors, Set<String> unusable, boolean sandbox) {
    Map<String, String> known = known(vendors, sandbox);
    var routes = new ArrayList<Route>();
    for (var entry : said.all()) {
      Text name = entry.name();
      if (!NAME.matcher(name.value()).matches()) {
        problems.add(name.place(), "a route's name is up to 200 characters without white space");
        continue;
      }
      var targets = new ArrayList<Target>();
      var texts = new ArrayList<Text>();
      texts.add(entry.value().serve());
      texts.addAll(entry.value().fallback());
      for (Text text : texts) {
        Optional<Target> target = target(text, known, unusable);
        if (target.isPresent() && targets.contains(target.get())) {
          problems.add(
              text.place(),
              Nearness.quoted(text.written())
                  + (targets.getFirst().equals(target.get())
                      ? " is what the route serves already"
                      : " is there twice"));
        } else {
          target.ifPresent(targets::add);
        }
      }
      if (!targets.isEmpty()) {
        routes.add(new Route(name.value(), targets.getFirst(), targets.subList(1, targets.size())));
      }
    }
    return routes;
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

  private Optional<Target> target(Text text, Map<String, String> known, Set<String> unusable) {
    String value = text.value();
    int slash = value.indexOf('/');
    if (slash <= 0 || slash == value.length() - 1 || !NAME.matcher(value).matches()) {
      problems.add(
          text.place(),
          Nearness.quoted(text.written())
              + " must be written as vendor/model"
              + suggested(text, known));
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
      problems.add(
          text.place(), "unknown vendor " + Nearness.quoted(said) + remedy(text, vendor, known));
    }
    return Optional.empty();
  }

  /** For the name of a model alone, the vendor whose models are called like that. */
  private String suggested(Text text, Map<String, String> known) {
    String model = text.written().toLowerCase(Locale.ROOT);
    return catalogue.kinds().stream()
        .filter(kind -> known.containsKey(kind.name()))
        .filter(kind -> kind.modelPrefixes().stream().anyMatch(model::startsWith))
        .findFirst()
        .map(kind -> ", such as " + known.get(kind.name()) + "/" + text.written())
        .orElse("");
  }

  private String remedy(Text text, String vendor, Map<String, String> known) {
    Optional<Kind> kind = catalogue.kind(vendor);
    if (kind.isPresent() && text.variables().isEmpty()) {
      List<String> variables = kind.get().keyVariables();
      return variables.isEmpty()
          ? "; name it under vendors"
          : "; set " + variables.getFirst() + " or name it under vendors";
    }
    return text.variables().isEmpty() ? Nearness.hint(vendor, known.keySet()) : "";
  }
}
