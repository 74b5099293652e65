package dev.understudy.app;

import dev.understudy.access.Callers;
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
    List<String> sandboxed = running.sandboxed();
    boolean onlySandbox =
        !sandboxed.isEmpty() && sandboxed.size() == settings.vendors().all().size();
    if (onlySandbox) {
      lines.add(
          "no vendor's key is set, so sandbox vendors answer, and say so in every answer: "
              + String.join(", ", sandboxed));
      lines.add("set a key such as OPENAI_API_KEY, or write understudy.yaml, for the real ones");
    } else if (!sandboxed.isEmpty()) {
      lines.add(
          "sandbox vendors, as the settings wish, which say so in every answer: "
              + String.join(", ", sandboxed));
    }
    lines.addAll(SettingsSummary.lines(settings));
    String callers = "http://" + address(settings.server().host(), running.gateway().port());
    if (onlySandbox) {
      lines.add(
          "try: curl %s/v1/chat/completions -d %s"
              .formatted(
                  callers,
                  "'{\"model\":\"openai/gpt-5.1\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}'"));
    }
    Callers keys = running.keyring().callers();
    lines.add(
        keys.isEmpty()
            ? "no key is there, so only callers on this machine are let in; make one with understudy keys create"
            : "keys: %d".formatted(keys.size()));
    running
        .freshToken()
        .ifPresent(token -> {
          lines.add("admin token, shown this once: " + token.reveal());
          lines.add(
              "keep it in UNDERSTUDY_ADMIN_TOKEN, or make another with understudy admin-token --reset");
        });
    lines.add("operators at http://" + address(settings.server().adminHost(), running.adminPort()));
    lines.add("ready: callers at " + callers);
    return lines;
  }

  /** A host and a port as they stand in an address of this machine. */
  static String address(String host, int port) {
    String shown = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    return (shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown) + ":" + port;
  }
}
