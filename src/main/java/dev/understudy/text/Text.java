package dev.understudy.text;

import java.util.List;

/**
 * A text from a file, with its variables filled in.
 *
 * @param place where it stands
 * @param written as the file has it, variables by name: fit for messages unless the field is secret
 * @param value as it counts; never for messages, it may come from a secret variable
 * @param variables the names of the variables in it, in order
 */
public record Text(Place place, String written, String value, List<String> variables) {
  public Text {
    variables = List.copyOf(variables);
  }

  /** Neither as written nor as it counts: even a key may be written out. */
  @Override
  public String toString() {
    return "text at " + place;
  }
}
