package dev.understudy.access;

/** Teams that belong together, such as a company or a customer. */
public record Organisation(String name, Terms terms) {
  public Organisation {
    Names.check("an organisation's", name);
  }
}
