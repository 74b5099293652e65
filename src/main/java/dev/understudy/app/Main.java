package dev.understudy.app;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;

/**
 * Where the program begins. It names no class of the command line's reader, so that a start loads
 * none of them.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    Map<String, String> environment = System.getenv();
    Optional<Serving> serving = Serving.plain(arguments);
    System.exit(
        serving.isPresent()
            ? serving
                .get()
                .run(environment, new PrintWriter(System.err, false, System.err.charset()))
            : Commands.run(environment, arguments));
  }
}
