package dev.understudy.text;

/**
 * Whatever somebody wrote: text, a number, true or false, nothing, a list or a block.
 *
 * @param json the same as JSON, variables filled in
 */
public record Anything(Place place, String json) {
  /** Not what it says, which may come from a secret variable. */
  @Override
  public String toString() {
    return "a value at " + place;
  }
}
