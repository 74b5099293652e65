package dev.understudy.contract;

import dev.understudy.text.Place;

/**
 * Where a clause comes from.
 *
 * @param place in our file
 * @param section in the document, such as {@code §4.2}; empty if not said
 * @param sha256 of the clause's words; empty if not said
 * @param witness how far it is to be trusted
 */
public record Origin(Place place, String section, String sha256, Witness witness) {
  /** Who says that it was agreed. */
  public enum Witness {
    /** The contract itself. */
    CONTRACT,
    /** The press, or a company's own announcement. */
    PRESS,
    /** Nobody wrote it down. */
    MEMORY
  }
}
