package dev.understudy.access;

/** Keys that belong together; its name is unique among all organisations. */
public record Team(String name, String organisation, Terms terms) {
  public Team {
    Names.check("a team's", name);
    Names.check("an organisation's", organisation);
  }
}
