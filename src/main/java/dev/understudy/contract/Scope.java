package dev.understudy.contract;

import dev.understudy.access.Glob;
import dev.understudy.routing.Conditions;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a term is about. A list that is empty is of no importance; of a list one must match.
 *
 * @param products what is sold
 * @param channels by which way: {@code api}, {@code app}, {@code internal}, {@code resale}
 * @param models patterns for the names of models
 * @param vendors patterns for the names or kinds of vendors in the settings
 * @param regions where it is served; {@code eu} holds {@code eu-west-1}
 * @param segments kinds of customers
 * @param customers organisations, teams or customers
 * @param uses what answers are for
 */
public record Scope(
    List<Glob> products,
    List<Glob> channels,
    List<Glob> models,
    List<Glob> vendors,
    List<String> regions,
    List<Glob> segments,
    List<Glob> customers,
    List<Glob> uses) {
  /** Everything. */
  public static final Scope ANY =
      new Scope(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  public Scope {
    products = List.copyOf(products);
    channels = List.copyOf(channels);
    models = List.copyOf(models);
    vendors = List.copyOf(vendors);
    regions = List.copyOf(regions);
    segments = List.copyOf(segments);
    customers = List.copyOf(customers);
    uses = List.copyOf(uses);
  }

  /** The same for other channels. */
  public Scope withChannels(List<Glob> others) {
    return new Scope(products, others, models, vendors, regions, segments, customers, uses);
  }

  /** Whether a subject is within; what is not known of it counts as within. For what restricts. */
  public boolean matches(Subject subject) {
    return matchesTarget(subject.vendor(), subject.kind(), subject.model())
        && matchesRest(subject, true);
  }

  /** Whether a subject is surely within: what is not known counts as outside. For what loosens. */
  public boolean matchesSurely(Subject subject) {
    return (models.isEmpty() || !subject.model().isEmpty())
        && (vendors.isEmpty() || !subject.vendor().isEmpty() || !subject.kind().isEmpty())
        && matchesTarget(subject.vendor(), subject.kind(), subject.model())
        && matchesRest(subject, false);
  }

  /** What of it concerns the target alone, so that it can be decided before a call. */
  boolean matchesTarget(String vendor, String kind, String model) {
    return isModel(model) && isVendor(vendor, kind);
  }

  private boolean isModel(String model) {
    if (models.isEmpty() || model.isEmpty()) {
      return true;
    }
    // Vendors of many developers' models write the developer before a slash.
    return any(models, model) || any(models, model.substring(model.lastIndexOf('/') + 1));
  }

  private boolean isVendor(String vendor, String kind) {
    return vendors.isEmpty()
        || (vendor.isEmpty() && kind.isEmpty())
        || any(vendors, vendor)
        || any(vendors, kind);
  }

  /** What of it concerns the call. */
  boolean matchesRest(Subject subject, boolean unsaid) {
    return one(products, subject.product(), unsaid)
        && one(channels, subject.channel(), unsaid)
        && one(segments, subject.segment(), unsaid)
        && isIn(subject.region(), unsaid)
        && some(customers, subject.customers(), unsaid)
        && some(uses, subject.uses(), unsaid);
  }

  /** Whether it looks at what the tags of keys say. */
  public boolean isOfTags() {
    return !(products.isEmpty()
        && channels.isEmpty()
        && segments.isEmpty()
        && customers.isEmpty()
        && uses.isEmpty());
  }

  /** Whether capacity is within: all models it serves, where it says which, and its region. */
  public boolean takes(MoneyTerms.CapacityClause capacity) {
    return (models.isEmpty()
            || capacity.models().isEmpty()
            || capacity.models().stream().allMatch(glob -> isModel(glob.text())))
        && isIn(capacity.region(), true);
  }

  /** Whether nothing of it depends on the call. */
  boolean isOfTargetAlone() {
    return products.isEmpty()
        && channels.isEmpty()
        && segments.isEmpty()
        && regions.isEmpty()
        && customers.isEmpty()
        && uses.isEmpty();
  }

  private boolean isIn(String region, boolean unsaid) {
    if (regions.isEmpty()) {
      return true;
    }
    if (region.isEmpty()) {
      return unsaid;
    }
    for (String wanted : regions) {
      if (Conditions.isIn(region, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean one(List<Glob> wanted, String value, boolean unsaid) {
    return wanted.isEmpty() || (value.isEmpty() ? unsaid : any(wanted, value));
  }

  private static boolean some(List<Glob> wanted, Set<String> values, boolean unsaid) {
    if (wanted.isEmpty()) {
      return true;
    }
    if (values.isEmpty()) {
      return unsaid;
    }
    for (String value : values) {
      if (any(wanted, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean any(Collection<Glob> globs, String name) {
    for (Glob glob : globs) {
      if (glob.matches(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether something may be within both. Two patterns are taken to meet when one fits the other's
   * text; a false alarm is possible, a missed one only where both have stars in the middle.
   */
  public boolean mayMeet(Scope other) {
    return meet(products, other.products)
        && meet(channels, other.channels)
        && meet(models, other.models)
        && meet(vendors, other.vendors)
        && (regions.isEmpty()
            || other.regions.isEmpty()
            || regions.stream()
                .anyMatch(a ->
                    other.regions.stream()
                        .anyMatch(b -> Conditions.isIn(a, b) || Conditions.isIn(b, a))))
        && meet(segments, other.segments)
        && meet(customers, other.customers)
        && meet(uses, other.uses);
  }

  /** Whether two lists of patterns have something in common. */
  static boolean meet(List<Glob> some, List<Glob> others) {
    return some.isEmpty()
        || others.isEmpty()
        || some.stream().anyMatch(a -> others.stream().anyMatch(b -> meet(a, b)));
  }

  private static boolean meet(Glob a, Glob b) {
    return a.matches(b.text())
        || b.matches(a.text())
        || a.matches(b.text().replace("*", ""))
        || b.matches(a.text().replace("*", ""));
  }
}
