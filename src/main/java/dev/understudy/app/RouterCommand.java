package dev.understudy.app;

import dev.understudy.gain.BadOutcomes;
import dev.understudy.gain.GainModel;
import dev.understudy.gain.GainTrainer;
import dev.understudy.gain.Outcome;
import dev.understudy.gain.Outcomes;
import dev.understudy.gain.Proof;
import dev.understudy.gain.RouterCheck;
import dev.understudy.gain.RouterFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Learns, shows and checks what sends each request to a cheap or a strong target. */
@Command(
    name = "router",
    description = "Learn, show and check what sends each request to a cheap or a strong target.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RouterCommand {
  /** Of chance it is 0.5. */
  private static final double TELLING_AREA = 0.52;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What may fail for reasons that a person can mend. */
  private interface Work {
    int run() throws IOException, BadOutcomes;
  }

  @Command(
      name = "train",
      description = {
        "Learn a router from outcomes of a cheap and a strong target on the same prompts.",
        "Lines or a table with prompt, cheap and strong (scores 0 to 1, or true and false), and"
            + " where known domain, cheap_cost and strong_cost; or the runs of understudy qualify,"
            + " the candidate being the cheap target."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int train(
      @Option(
              names = "--outcomes",
              paramLabel = "FILE",
              description = "JSON Lines, or a table ending in .csv; may be given several times.")
          List<Path> outcomes,
      @Option(
              names = "--run",
              paramLabel = "RUN",
              description = "A run of understudy qualify, by name or folder; likewise.")
          List<String> runs,
      @Option(names = "--data", paramLabel = "DIR", description = "Where runs are kept; ./data.")
          Optional<Path> data,
      @Option(
              names = "--cheap",
              paramLabel = "TARGET",
              required = true,
              description = "The cheap target, as vendor/model.")
          String cheap,
      @Option(
              names = "--strong",
              paramLabel = "TARGET",
              required = true,
              description = "The strong target, as vendor/model.")
          String strong,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              required = true,
              description = "Where to put the router.")
          Path out,
      @Option(
              names = "--seed",
              paramLabel = "N",
              defaultValue = "1",
              description = "Of all chance in it; ${DEFAULT-VALUE}.")
          long seed) {
    var files = new ArrayList<Path>(outcomes == null ? List.of() : outcomes);
    for (String run : runs == null ? List.<String>of() : runs) {
      Path folder = Path.of(run);
      Path named = data.orElse(Path.of("data")).resolve("qualify").resolve(run);
      files.add((Files.isDirectory(folder) ? folder : named).resolve("items.jsonl"));
    }
    if (files.isEmpty()) {
      throw new ParameterException(line("train"), "--outcomes FILE or --run RUN is needed");
    }
    if (cheap.equals(strong)) {
      throw new ParameterException(
          line("train"), "cheap and strong target are one and the same: " + cheap);
    }
    return mended(() -> {
      var all = new ArrayList<Outcome>();
      int unjudged = 0;
      for (Path file : files) {
        Outcomes.Read read = Outcomes.read(file);
        all.addAll(read.outcomes());
        unjudged += read.unjudged();
      }
      if (unjudged > 0) {
        out("%d items were not judged on both sides, and are left out".formatted(unjudged));
      }
      RouterFile made = RouterFile.write(GainTrainer.train(all, cheap, strong, seed), out);
      lines(made).forEach(this::out);
      if (made.model().about().area() < TELLING_AREA) {
        out("warning    it tells these prompts apart hardly better than chance does");
      }
      out("file       %s, %d KiB".formatted(out, Files.size(out) >> 10));
      return 0;
    });
  }

  @Command(
      name = "show",
      description = "Show what a router is made of, and whether it may serve.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "ROUTER", description = "The file of understudy router train.")
          Path file) {
    return mended(() -> {
      lines(RouterFile.read(file)).forEach(this::out);
      return 0;
    });
  }

  @Command(
      name = "explain",
      description = "Say what gain is expected on a prompt, and why.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int explain(
      @Parameters(index = "0", paramLabel = "ROUTER", description = "The router's file.") Path file,
      @Parameters(index = "1", paramLabel = "PROMPT", description = "What a person would say.")
          String prompt,
      @Option(
              names = "--domain",
              paramLabel = "NAME",
              defaultValue = "",
              description = "What the prompt belongs to.")
          String domain,
      @Option(
              names = "--reasons",
              paramLabel = "N",
              defaultValue = "10",
              description = "How many reasons, 1 to 100; ${DEFAULT-VALUE}.")
          int reasons) {
    if (reasons < 1 || reasons > 100) {
      throw new ParameterException(line("explain"), "--reasons is 1 to 100");
    }
    return mended(() -> {
      GainModel model = RouterFile.read(file).model();
      if (!domain.isEmpty() && !model.domains().contains(domain)) {
        out("domain \"%s\" was not among those it learned from".formatted(domain));
      }
      GainModel.Explanation explained = model.explain(prompt, domain, reasons);
      out(
          String.format(
              Locale.ROOT,
              "expected gain of %s over %s: %.3f",
              model.about().strong(),
              model.about().cheap(),
              explained.gain()));
      for (GainModel.Reason reason : explained.reasons()) {
        out(String.format(Locale.ROOT, "%+.4f  %s", reason.effect(), reason.what()));
      }
      return 0;
    });
  }

  @Command(
      name = "check",
      description = {
        "Check whether a router at one threshold is no worse than its strong target alone, by more"
            + " than a margin, on outcomes that it did not learn from. What comes of it is kept in"
            + " the router's file.",
        "Exit code: 0 qualified, 1 error, 2 usage, 3 rejected, 4 undecided."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  int check(
      @Parameters(paramLabel = "ROUTER", description = "The router's file.") Path file,
      @Option(
              names = "--outcomes",
              paramLabel = "FILE",
              required = true,
              description = "Outcomes as for train, of other prompts.")
          Path outcomes,
      @Option(
              names = "--threshold",
              paramLabel = "GAIN",
              description = "Requests with a higher estimate go to the strong target.")
          Optional<Double> threshold,
      @Option(
              names = "--share",
              paramLabel = "S",
              description = "Or the share of requests that is to go there, 0 to 1.")
          Optional<Double> share,
      @Option(
              names = "--margin",
              paramLabel = "M",
              defaultValue = "0.03",
              description = "How much worse it may be, 0 to 1; ${DEFAULT-VALUE}.")
          double margin,
      @Option(
              names = "--alpha",
              paramLabel = "A",
              defaultValue = "0.05",
              description = "The accepted chance of a wrong verdict; ${DEFAULT-VALUE}.")
          double alpha,
      @Option(names = "--dry-run", description = "Keep nothing in the router's file.")
          boolean dryRun) {
    if (threshold.isPresent() == share.isPresent()
        || !(threshold.orElse(0.0) >= -2 && threshold.orElse(0.0) <= 2)
        || !(share.orElse(0.0) >= 0 && share.orElse(0.0) <= 1)) {
      throw new ParameterException(
          line("check"), "one of --threshold, -2 to 2, and --share, 0 to 1, is needed");
    }
    if (!(margin > 0 && margin < 1) || !(alpha > 0 && alpha < 0.5)) {
      throw new ParameterException(
          line("check"), "--margin is more than 0 and less than 1, --alpha less than 0.5");
    }
    return mended(() -> {
      RouterFile router = RouterFile.read(file);
      Outcomes.Read read = Outcomes.read(outcomes);
      RouterCheck check =
          RouterCheck.of(
              router.model(),
              router.digest(),
              read.outcomes(),
              RouterFile.digest(Files.readAllBytes(outcomes)),
              threshold.orElseGet(() -> router.model().thresholdFor(share.orElse(1.0))),
              margin,
              alpha,
              Instant.now());
      if (check.learned() > 0) {
        out(
            "%d outcomes are left out: the router learned from their prompts"
                .formatted(check.learned()));
      }
      if (check.repeated() > 0) {
        out(
            "%d outcomes repeat a prompt: they count as one case with it"
                .formatted(check.repeated()));
      }
      proof(check.proof()).forEach(this::out);
      check
          .area()
          .ifPresent(area ->
              out(String.format(Locale.ROOT, "area       %.3f (APGR; 0.500 is chance)", area)));
      check
          .saving()
          .ifPresent(saving ->
              out(
                  String.format(
                      Locale.ROOT,
                      "saving     %.1f %% of the strong target's cost (95 %%: %.1f to %.1f)",
                      100 * saving.share(),
                      100 * saving.interval().lower(),
                      100 * saving.interval().upper())));
      if (!dryRun) {
        router.with(check.proof(), file);
      }
      return switch (check.proof().verdict()) {
        case QUALIFIED -> 0;
        case REJECTED -> Qualify.REJECTED;
        case UNDECIDED -> Qualify.UNDECIDED;
      };
    });
  }

  private static List<String> lines(RouterFile router) {
    GainModel.About about = router.model().about();
    var lines = new ArrayList<String>();
    lines.add("router     " + about.cheap() + " or " + about.strong());
    lines.add(
        String.format(
            Locale.ROOT,
            "learned    from %d outcomes; mean scores %.4f and %.4f; seed %d",
            about.outcomes(),
            about.cheapMean(),
            about.strongMean(),
            about.seed()));
    lines.add(
        String.format(
            Locale.ROOT,
            "area       %.3f over prompts left out in turn (APGR; 0.500 is chance)",
            about.area()));
    var thresholds = new StringBuilder("shares    ");
    for (int percent : new int[] {10, 20, 30, 50, 70, 90}) {
      thresholds.append(
          String.format(
              Locale.ROOT, " %d %%: %.3f ", percent, router.model().thresholdFor(percent / 100.0)));
    }
    lines.add(thresholds.toString().stripTrailing() + " (threshold for a share of strong calls)");
    List<String> domains = router.model().domains();
    if (!domains.equals(List.of(""))) {
      String some = String.join(", ", domains.subList(0, Math.min(10, domains.size())));
      lines.add(
          "domains    %d: %s%s".formatted(domains.size(), some, domains.size() > 10 ? ", …" : ""));
    }
    lines.add("digest     " + router.digest());
    if (router.proof().isPresent()) {
      lines.addAll(proof(router.proof().get()));
    } else {
      lines.add("proof      none: understudy router check makes one, and routes ask for it");
    }
    return lines;
  }

  private static List<String> proof(Proof proof) {
    return List.of(
        String.format(
            Locale.ROOT,
            "proof      %s at threshold %.4f, with %.1f %% of %d calls to the strong target",
            proof.verdict().name().toLowerCase(Locale.ROOT),
            proof.threshold(),
            100 * proof.strongShare(),
            proof.cases()),
        String.format(
            Locale.ROOT,
            "quality    %.4f, the strong target alone %.4f; difference %.4f to %.4f, margin %.4f,"
                + " alpha %.3f",
            proof.router(),
            proof.strong(),
            proof.lower(),
            proof.upper(),
            proof.margin(),
            proof.alpha()));
  }

  private picocli.CommandLine line(String subcommand) {
    return spec.commandLine().getSubcommands().getOrDefault(subcommand, spec.commandLine());
  }

  private void out(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private int mended(Work work) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return work.run();
    } catch (NoSuchFileException e) {
      err.println("there is no file " + e.getFile());
    } catch (FileSystemException e) {
      String why = e.getReason();
      err.println(e.getFile() + " cannot be used" + (why == null ? "" : ": " + why));
    } catch (IOException | BadOutcomes | IllegalArgumentException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }
}
