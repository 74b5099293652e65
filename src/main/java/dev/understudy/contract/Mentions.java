package dev.understudy.contract;

import dev.understudy.access.Glob;
import dev.understudy.text.Place;
import java.util.List;

/**
 * The names a version says of what stands outside of it, each with its place.
 *
 * @param models patterns for models
 * @param deployments patterns for models or deployments of one's own that bought capacity serves
 * @param vendors patterns for vendors of the settings or their kinds
 * @param declared models the version itself declares: the parties' own, and those to come
 */
public record Mentions(
    List<Mention> models, List<Mention> deployments, List<Mention> vendors, List<Glob> declared) {
  /** A pattern, and where it stands. */
  public record Mention(Glob glob, Place place) {}

  public Mentions {
    models = List.copyOf(models);
    deployments = List.copyOf(deployments);
    vendors = List.copyOf(vendors);
    declared = List.copyOf(declared);
  }
}
