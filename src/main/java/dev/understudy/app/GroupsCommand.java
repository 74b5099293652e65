package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.json.Json;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Manages teams, or organisations, at a running gateway. */
@Command(mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class GroupsCommand {
  /** What is managed. */
  private enum Kind {
    TEAM("team", "/admin/teams", "teams"),
    ORGANISATION("organisation", "/admin/organisations", "organisations");

    private final String one;
    private final String path;
    private final String list;

    Kind(String one, String path, String list) {
      this.one = one;
      this.path = path;
      this.list = list;
    }

    String path(String name) {
      return path + "/" + AdminClient.segment(name);
    }
  }

  private GroupsCommand() {}

  /** {@code understudy teams}. */
  static CommandLine teams(Map<String, String> environment) {
    return line(
        "teams",
        "Create, list, change and remove teams, to which keys belong.",
        Kind.TEAM,
        new CreateTeam(environment),
        environment);
  }

  /** {@code understudy orgs}. */
  static CommandLine organisations(Map<String, String> environment) {
    return line(
        "orgs",
        "Create, list, change and remove organisations, to which teams belong.",
        Kind.ORGANISATION,
        new Create(environment, Kind.ORGANISATION),
        environment);
  }

  private static CommandLine line(
      String name, String description, Kind kind, Create create, Map<String, String> environment) {
    var line =
        new CommandLine(new GroupsCommand())
            .addSubcommand("create", create)
            .addSubcommand("list", new ListThem(environment, kind))
            .addSubcommand("show", new Show(environment, kind))
            .addSubcommand("set", new SetTerms(environment, kind))
            .addSubcommand("remove", new Remove(environment, kind));
    line.getCommandSpec().name(name).usageMessage().description(description);
    return line;
  }

  /** Prints one of them. */
  private static void print(JsonNode one, Asking asking) {
    if (asking.json) {
      asking.print(one);
      return;
    }
    DirectoryWords.line(asking.out(), "name", DirectoryWords.text(one, "name"));
    DirectoryWords.line(asking.out(), "of", DirectoryWords.text(one, "organisation"));
    DirectoryWords.terms(one, asking.out());
  }

  @Command(
      description = "Create one, with what it may use.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static class Create extends Asking {
    private final Kind kind;

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Mixin private TermsOptions terms = new TermsOptions();

    Create(Map<String, String> environment, Kind kind) {
      super(environment);
      this.kind = kind;
    }

    /** Adds to what is asked for. */
    void add(ObjectNode request) {}

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      ObjectNode request = Json.object().put("name", name);
      add(request);
      terms.into(request, line());
      GroupsCommand.print(gateway.send("POST", kind.path, request), this);
    }
  }

  @Command(
      description = "Create a team, with what it may use.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class CreateTeam extends Create {
    @Option(names = "--org", paramLabel = "NAME", description = "Its organisation; default.")
    private Optional<String> organisation = Optional.empty();

    CreateTeam(Map<String, String> environment) {
      super(environment, Kind.TEAM);
    }

    @Override
    void add(ObjectNode request) {
      organisation.ifPresent(it -> request.put("organisation", it));
    }
  }

  @Command(description = "List all.", mixinStandardHelpOptions = true)
  private static final class ListThem extends Asking {
    private final Kind kind;

    ListThem(Map<String, String> environment, Kind kind) {
      super(environment);
      this.kind = kind;
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode page = gateway.get(kind.path);
      if (json) {
        print(page);
        return;
      }
      boolean teams = kind == Kind.TEAM;
      var table =
          teams
              ? new Table("TEAM", "ORGANISATION", "LIMITS", "MAY USE")
              : new Table("ORGANISATION", "LIMITS", "MAY USE");
      for (JsonNode one : page.path(kind.list)) {
        String name = DirectoryWords.text(one, "name");
        String limits = DirectoryWords.limits(one);
        String reach = DirectoryWords.reach(one);
        if (teams) {
          table.row(name, DirectoryWords.text(one, "organisation"), limits, reach);
        } else {
          table.row(name, limits, reach);
        }
      }
      table.print(out());
    }
  }

  @Command(description = "Show one.", mixinStandardHelpOptions = true)
  private static final class Show extends Asking {
    private final Kind kind;

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    Show(Map<String, String> environment, Kind kind) {
      super(environment);
      this.kind = kind;
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      GroupsCommand.print(gateway.get(kind.path(name)), this);
    }
  }

  @Command(
      description = "Change what one may use; what is not named stays.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class SetTerms extends Asking {
    private final Kind kind;

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Mixin private TermsOptions terms = new TermsOptions();

    SetTerms(Map<String, String> environment, Kind kind) {
      super(environment);
      this.kind = kind;
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      ObjectNode request = Json.object();
      terms.into(request, line());
      GroupsCommand.print(gateway.send("PATCH", kind.path(name), request), this);
    }
  }

  @Command(description = "Remove one that is empty.", mixinStandardHelpOptions = true)
  private static final class Remove extends Asking {
    private final Kind kind;

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    Remove(Map<String, String> environment, Kind kind) {
      super(environment);
      this.kind = kind;
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      gateway.send("DELETE", kind.path(name));
      out().println("%s %s is removed".formatted(kind.one, name));
    }
  }
}
