package dev.understudy.app.settings;

import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Headers that a person adds to requests. */
final class HeaderFields {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[!-~](?:[ -~\\t]*[!-~])?");

  /** Headers that say how the message itself is sent, which is not for settings to decide. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "connection",
          "content-length",
          "content-type",
          "content-encoding",
          "transfer-encoding",
          "accept-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection");

  private HeaderFields() {}

  /** Names in lower case; what cannot be sent is reported. */
  static Map<String, String> read(Entries<Text> said, Problems problems) {
    var headers = new LinkedHashMap<String, String>();
    for (var entry : said.all()) {
      Text name = entry.name();
      String folded = name.value().toLowerCase(Locale.ROOT);
      String quoted = Nearness.quoted(name.value());
      if (!NAME.matcher(name.value()).matches()) {
        problems.add(name.place(), quoted + " is not the name of a header");
      } else if (RESERVED.contains(folded)) {
        problems.add(name.place(), "the header " + quoted + " cannot be set here");
      } else if (!VALUE.matcher(entry.value().value()).matches()) {
        problems.add(
            entry.value().place(),
            "the header " + quoted + " is empty, or holds characters that cannot stand in one");
      } else if (headers.put(folded, entry.value().value()) != null) {
        problems.add(name.place(), "the header " + quoted + " is there twice");
      }
    }
    return headers;
  }
}
