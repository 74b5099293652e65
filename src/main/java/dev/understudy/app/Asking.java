package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.json.Json;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that asks a running gateway and prints what it says. */
@Command
abstract class Asking implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin final AdminOptions admin;

  @Option(names = "--json", description = "Print what the gateway says, as JSON.")
  boolean json;

  Asking(Map<String, String> environment) {
    admin = new AdminOptions(environment);
  }

  CommandLine line() {
    return spec.commandLine();
  }

  PrintWriter out() {
    return line().getOut();
  }

  @Override
  public Integer call() {
    return admin.run(line(), this::ask);
  }

  abstract void ask(AdminClient gateway) throws AdminClient.NoAnswer;

  void print(JsonNode answer) {
    out().println(Json.text(answer));
  }

  /** A key with its text: the text alone on standard output, so that it can be taken from there. */
  void printIssued(JsonNode issued, String how) {
    if (json) {
      print(issued);
      return;
    }
    out().println(DirectoryWords.text(issued, "key"));
    out().flush();
    PrintWriter err = line().getErr();
    err.println(
        "key %s (%s) of team %s %s; it is shown this once"
            .formatted(
                DirectoryWords.text(issued, "id"),
                DirectoryWords.text(issued, "name"),
                DirectoryWords.text(issued, "team"),
                how));
    err.flush();
  }
}
