package dev.understudy.sdks;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The vendors' own libraries for Node, each talking its own protocol to every vendors' protocol.
 */
final class NodeSdkTest {
  @Test
  void everyLibraryWithEveryVendor() throws IOException, InterruptedException {
    var script = new ScriptRun("node");
    script.needs("node", "--version");
    script.needs("npm", "--version");
    script.install("package-lock.json", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    try (var box = new Box()) {
      script.check(box, new SdkPage("node"), "node", "sdks.mjs");
    }
  }
}
