package dev.understudy.contract;

import java.util.List;

/**
 * Where it may be served.
 *
 * @param allow nowhere else; empty: anywhere
 * @param deny not there
 * @param exportControl segments and countries of customers that may not be served at all
 */
public record RegionRule(
    Scope scope, List<String> allow, List<String> deny, List<String> exportControl) {
  public RegionRule {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    exportControl = List.copyOf(exportControl);
  }

  /** Whether a segment or a country is not to be served; one that is not known is. */
  boolean controls(String name) {
    return exportControl.stream().anyMatch(name::equalsIgnoreCase);
  }
}
