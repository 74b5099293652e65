package dev.understudy.text;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Fills variables in, written as a dollar sign with the name in braces; two dollars mean none. */
final class Variables {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Map<String, String> held;

  Variables(Map<String, String> held) {
    this.held = held;
  }

  /**
   * A text with its variables filled in; what they hold is never looked at again. Empty if
   * something is wrong, which has been reported.
   */
  Optional<Text> fill(Place place, String written, Problems problems) {
    var value = new StringBuilder();
    var names = new ArrayList<String>();
    boolean whole = true;
    int at = 0;
    while (at < written.length()) {
      int dollar = written.indexOf("${", at);
      if (dollar < 0) {
        break;
      }
      if (dollar > at && written.charAt(dollar - 1) == '$') {
        value.append(written, at, dollar - 1).append("${");
        at = dollar + 2;
        continue;
      }
      value.append(written, at, dollar);
      int end = written.indexOf('}', dollar);
      String name = end < 0 ? "" : written.substring(dollar + 2, end);
      if (!NAME.matcher(name).matches()) {
        // What stands between the braces may be anything, so it is not repeated.
        problems.add(
            place, "${ must be followed by a variable's name and }; write $${ for the characters");
        return Optional.empty();
      }
      String content = held.get(name);
      if (content == null) {
        problems.add(place, "variable " + name + " is not set");
        whole = false;
      } else {
        value.append(content);
        names.add(name);
      }
      at = end + 1;
    }
    value.append(written, at, written.length());
    return whole
        ? Optional.of(new Text(place, written, value.toString(), names))
        : Optional.empty();
  }
}
