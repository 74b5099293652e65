package dev.understudy.sdks;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The vendors' own libraries for Python, each talking its own protocol to every vendors' protocol.
 */
final class PythonSdkTest {
  @Test
  void everyLibraryWithEveryVendor() throws IOException, InterruptedException {
    var script = new ScriptRun("python");
    script.needs(
        "python3", "-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 10)");
    script.install(
        "requirements.txt",
        "sh",
        "-c",
        "python3 -m venv --clear env && env/bin/python -m pip install --quiet --only-binary :all:"
            + " --no-deps --disable-pip-version-check -r requirements.txt");
    try (var box = new Box()) {
      script.check(box, new SdkPage("python"), "env/bin/python", "sdks.py");
    }
  }
}
