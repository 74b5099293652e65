package dev.understudy.app;

import picocli.CommandLine.Command;

/** Walks through a start once, so that the JVM can write down what a start needs. */
@Command(
    name = "train",
    description = "Record what a start needs, for the JVM's ahead-of-time cache.",
    hidden = true)
final class Train implements Runnable {

  @Override
  public void run() {
    var usage = Main.commandLine().getUsageMessage();
    if (usage.isEmpty()) {
      throw new IllegalStateException("the command line describes no commands");
    }
  }
}
