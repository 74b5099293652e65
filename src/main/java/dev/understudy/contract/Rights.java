package dev.understudy.contract;

import dev.understudy.access.Glob;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what.
 *
 * @param denied targets that effects of triggers put out of reach
 * @param metrics the names that triggers may measure
 */
public record Rights(
    List<Exclusivity> exclusivities,
    List<FirstRefusal> refusals,
    List<Trigger> triggers,
    List<License> licenses,
    Optional<DataUse> dataUse,
    Optional<RegionRule> regions,
    List<Denial> denied,
    List<String> metrics) {
  public Rights {
    exclusivities = List.copyOf(exclusivities);
    refusals = List.copyOf(refusals);
    triggers = List.copyOf(triggers);
    licenses = List.copyOf(licenses);
    denied = List.copyOf(denied);
    metrics = List.copyOf(metrics);
  }

  /**
   * Targets that may not be asked.
   *
   * @param trigger whose effect it is
   */
  public record Denial(String trigger, List<Glob> models, List<Glob> vendors) {
    public Denial {
      models = List.copyOf(models);
      vendors = List.copyOf(vendors);
    }
  }
}
