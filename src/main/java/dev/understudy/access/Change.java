package dev.understudy.access;

/** One step from a directory to the next. */
public sealed interface Change {
  /** An organisation is made or made anew. */
  record PutOrganisation(Organisation organisation) implements Change {}

  /** An organisation without teams is gone. */
  record RemoveOrganisation(String name) implements Change {}

  /** A team is made or made anew. */
  record PutTeam(Team team) implements Change {}

  /** A team without keys is gone. */
  record RemoveTeam(String name) implements Change {}

  /** A key is made or made anew, with all its secrets. */
  record PutKey(VirtualKey key) implements Change {}

  /** A key is forgotten. */
  record RemoveKey(String id) implements Change {}
}
