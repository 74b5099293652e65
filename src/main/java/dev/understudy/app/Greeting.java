package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.app.settings.SettingsSummary;
import java.util.ArrayList;
import java.util.List;

/** The first lines that an operator sees. */
final class Greeting {
  private Greeting() {}

  static List<String> lines(Running running) {
    Settings settings = running.settings();
    var lines = new ArrayList<String>();
    lines.add("understudy " + Version.number());
    if (settings.sandbox()) {
      lines.add(
          "no vendor's key is set, so sandbox vendors answer, and say so in every answer: "
              + String.join(", ", Settings.SANDBOX_VENDORS));
      lines.add("set a key such as OPENAI_API_KEY, or write understudy.yaml, for the real ones");
    }
    lines.addAll(SettingsSummary.lines(settings));
    lines.add(
        "ready: callers at http://" + address(settings.server().host(), running.gateway().port()));
    return lines;
  }

  private static String address(String host, int port) {
    String shown = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    return (shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown) + ":" + port;
  }
}
