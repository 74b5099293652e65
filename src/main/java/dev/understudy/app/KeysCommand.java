package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Manages the keys of callers at a running gateway. */
@Command(
    name = "keys",
    description = "Create, list, change, rotate and revoke the keys of callers.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class KeysCommand {
  private static final int PAGE = 1_000;

  private final Map<String, String> environment;

  KeysCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The command with all that is below it. */
  CommandLine line() {
    return new CommandLine(this)
        .addSubcommand(new Create(environment))
        .addSubcommand(new ListThem(environment))
        .addSubcommand(new Show(environment))
        .addSubcommand(new SetTerms(environment))
        .addSubcommand(new Rotate(environment))
        .addSubcommand(new Revoke(environment))
        .addSubcommand(new Forget(environment));
  }

  private static String path(String key) {
    return "/admin/keys/" + AdminClient.segment(key);
  }

  private static void tags(List<String> said, ObjectNode request, CommandLine line) {
    if (said.isEmpty()) {
      return;
    }
    if (said.equals(List.of("none"))) {
      request.putNull("tags");
      return;
    }
    ObjectNode tags = request.putObject("tags");
    for (String tag : said) {
      int mark = tag.indexOf('=');
      if (mark == 0) {
        throw new ParameterException(line, "--tag must be NAME or NAME=VALUE");
      }
      tags.put(mark < 0 ? tag : tag.substring(0, mark), mark < 0 ? "" : tag.substring(mark + 1));
    }
  }

  @Command(
      name = "create",
      description = "Create a key; its text is shown this once.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Create extends Asking {
    @Option(names = "--team", paramLabel = "TEAM", description = "Whose key it is; default.")
    private Optional<String> team = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "Its name; else its id.")
    private Optional<String> name = Optional.empty();

    @Option(
        names = "--expires",
        paramLabel = "WHEN",
        description = "90d, 2027-01-31 or 2027-01-31T12:00:00Z; else never.")
    private Optional<String> expires = Optional.empty();

    @Option(
        names = "--tag",
        paramLabel = "NAME[=VALUE]",
        description = "For routes and for sharing costs out.")
    private List<String> tags = List.of();

    @Mixin private TermsOptions terms = new TermsOptions();

    Create(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      ObjectNode request = Json.object();
      team.ifPresent(it -> request.put("team", it));
      name.ifPresent(it -> request.put("name", it));
      expires.ifPresent(it -> request.put("expires", it));
      tags(tags, request, line());
      terms.into(request, line());
      JsonNode issued = gateway.send("POST", "/admin/keys", request);
      printIssued(
          issued,
          issued.has("expires_at")
              ? "expires " + DirectoryWords.moment(issued, "expires_at")
              : "never expires");
    }
  }

  @Command(name = "list", description = "List the keys.", mixinStandardHelpOptions = true)
  private static final class ListThem extends Asking {
    @Option(names = "--team", paramLabel = "TEAM", description = "Those of one team.")
    private Optional<String> team = Optional.empty();

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "Those that are active, expired or revoked.")
    private Optional<String> state = Optional.empty();

    ListThem(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      var table = new Table("KEY", "NAME", "TEAM", "STATE", "EXPIRES (UTC)", "LIMITS");
      String narrowed =
          team.map(it -> "&team=" + AdminClient.segment(it)).orElse("")
              + state.map(it -> "&state=" + AdminClient.segment(it)).orElse("");
      String after = "";
      var all = Json.array();
      JsonNode page;
      do {
        page = gateway.get("/admin/keys?limit=" + PAGE + "&after=" + after + narrowed);
        for (JsonNode key : page.path("keys")) {
          all.add(key);
          table.row(
              DirectoryWords.text(key, "id"),
              DirectoryWords.text(key, "name"),
              DirectoryWords.text(key, "team"),
              DirectoryWords.text(key, "state"),
              DirectoryWords.moment(key, "expires_at"),
              DirectoryWords.limits(key));
        }
        after = DirectoryWords.text(page, "next");
      } while (!after.isEmpty());
      if (json) {
        ObjectNode whole = Json.object();
        whole.set("keys", all);
        whole.set("settings_keys", page.path("settings_keys"));
        print(whole);
        return;
      }
      if (narrowed.isEmpty()) {
        for (JsonNode name : page.path("settings_keys")) {
          table.row("(settings)", name.asString(), "default", "active", "", "");
        }
      }
      table.print(out());
    }
  }

  @Command(name = "show", description = "Show one key.", mixinStandardHelpOptions = true)
  private static final class Show extends Asking {
    @Parameters(paramLabel = "KEY", description = "Its id, its name, or team/name.")
    private String key = "";

    Show(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode shown = gateway.get(path(key));
      if (json) {
        print(shown);
      } else {
        DirectoryWords.key(shown, out());
      }
    }
  }

  @Command(
      name = "set",
      description = "Change a key; what is not named stays.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class SetTerms extends Asking {
    @Parameters(paramLabel = "KEY", description = "Its id, its name, or team/name.")
    private String key = "";

    @Option(names = "--name", paramLabel = "NAME", description = "Another name.")
    private Optional<String> name = Optional.empty();

    @Option(
        names = "--expires",
        paramLabel = "WHEN",
        description = "90d, 2027-01-31, 2027-01-31T12:00:00Z, or never.")
    private Optional<String> expires = Optional.empty();

    @Option(
        names = "--tag",
        paramLabel = "NAME[=VALUE]",
        description = "Set a tag; none takes all away.")
    private List<String> tags = List.of();

    @Mixin private TermsOptions terms = new TermsOptions();

    SetTerms(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      ObjectNode request = Json.object();
      name.ifPresent(it -> request.put("name", it));
      expires.ifPresent(it -> {
        if (it.equals("never")) {
          request.putNull("expires");
        } else {
          request.put("expires", it);
        }
      });
      tags(tags, request, line());
      terms.into(request, line());
      JsonNode shown = gateway.send("PATCH", path(key), request);
      if (json) {
        print(shown);
      } else {
        DirectoryWords.key(shown, out());
      }
    }
  }

  @Command(
      name = "rotate",
      description = "Give a key another secret; its text is shown this once.",
      mixinStandardHelpOptions = true)
  private static final class Rotate extends Asking {
    @Parameters(paramLabel = "KEY", description = "Its id, its name, or team/name.")
    private String key = "";

    @Option(
        names = "--overlap",
        paramLabel = "SPAN",
        description = "How long the secret before is still taken; 24h.")
    private Optional<String> overlap = Optional.empty();

    Rotate(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      ObjectNode request = Json.object();
      overlap.ifPresent(it -> request.put("overlap", it));
      JsonNode issued = gateway.send("POST", path(key) + "/rotate", request);
      var still = new ArrayList<String>();
      for (JsonNode secret : issued.path("secrets")) {
        if (secret.has("taken_until")) {
          still.add(
              "%s is taken until %s"
                  .formatted(
                      DirectoryWords.text(secret, "prefix"),
                      DirectoryWords.moment(secret, "taken_until")));
        }
      }
      printIssued(
          issued, still.isEmpty() ? "has a new secret" : "rotated, " + String.join(", ", still));
    }
  }

  @Command(
      name = "revoke",
      description = "End a key at once, with all its secrets.",
      mixinStandardHelpOptions = true)
  private static final class Revoke extends Asking {
    @Parameters(paramLabel = "KEY", description = "Its id, its name, or team/name.")
    private String key = "";

    Revoke(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode shown = gateway.send("POST", path(key) + "/revoke", Json.object());
      if (json) {
        print(shown);
      } else {
        out()
            .println(
                "key %s (%s) of team %s is revoked"
                    .formatted(
                        DirectoryWords.text(shown, "id"),
                        DirectoryWords.text(shown, "name"),
                        DirectoryWords.text(shown, "team")));
      }
    }
  }

  @Command(
      name = "forget",
      description = "Drop the record of a key that is expired or revoked.",
      mixinStandardHelpOptions = true)
  private static final class Forget extends Asking {
    @Parameters(paramLabel = "KEY", description = "Its id, its name, or team/name.")
    private String key = "";

    Forget(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      gateway.send("DELETE", path(key));
      out().println("key " + key + " is forgotten");
    }
  }
}
