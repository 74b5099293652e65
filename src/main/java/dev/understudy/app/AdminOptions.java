package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * How a command reaches the gateway that it asks; a mixin of every such command, which picocli
 * fills.
 */
final class AdminOptions {
  private static final int TOKEN_FILE_MAX = 4_096;

  private final Map<String, String> environment;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      description = "The operators' door of the gateway; http://127.0.0.1:8081.")
  private String admin = "http://127.0.0.1:8081";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file that holds the admin token; else UNDERSTUDY_ADMIN_TOKEN holds it.")
  private Optional<Path> tokenFile = Optional.empty();

  AdminOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What a command does with the gateway. */
  @FunctionalInterface
  interface Work {
    void with(AdminClient gateway) throws AdminClient.NoAnswer;
  }

  /** Does it; what goes wrong is one line on standard error, and exit code 1. */
  int run(CommandLine line, Work work) {
    String problem;
    try {
      work.with(new AdminClient(address(), token()));
      line.getOut().flush();
      return 0;
    } catch (AdminClient.NoAnswer | IOException | IllegalArgumentException e) {
      problem = e.getMessage();
    }
    line.getOut().flush();
    line.getErr().println(problem);
    line.getErr().flush();
    return 1;
  }

  private URI address() {
    try {
      URI uri = new URI(admin.contains("://") ? admin : "http://" + admin);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new IllegalArgumentException("--admin must be an address such as http://127.0.0.1:8081");
  }

  private Optional<Secret> token() throws IOException {
    String held = environment.getOrDefault(AdminToken.VARIABLE, "").strip();
    if (tokenFile.isPresent()) {
      try (var in = Files.newInputStream(tokenFile.get())) {
        held = new String(in.readNBytes(TOKEN_FILE_MAX), StandardCharsets.UTF_8).strip();
      } catch (IOException e) {
        throw new IOException("the token file " + tokenFile.get() + " cannot be read", e);
      }
      if (held.isEmpty()) {
        throw new IOException("the token file " + tokenFile.get() + " is empty");
      }
    }
    if (!held.matches("[!-~]*")) {
      throw new IllegalArgumentException("the admin token holds characters that no token has");
    }
    return held.isEmpty() ? Optional.empty() : Optional.of(new Secret(held));
  }
}
