package dev.understudy.app.settings;

import dev.understudy.text.About;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Measure;
import dev.understudy.text.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a file, or an operator, says of one rollout. */
record RolloutBlock(
    @About("The route on which the candidate is to take over.") Text route,
    @About("Who is to take over, as `vendor/model`.") Text candidate,
    @About(
            "The candidate's share in each stage, ascending, such as `5%`; `shadow` is the stage in"
                + " which it serves nobody. By default `[shadow, 1%, 5%, 25%, 50%, 100%]`.")
        List<Measure> stages,
    @About(
            value =
                "How much worse the candidate may be, by metric: `errors`, `refusals`, `format`,"
                    + " `quality`, `latency`, `first-token`, `cost`. By default errors, refusals,"
                    + " format, latency, and with a suite quality.",
            names = "name of the metric")
        Entries<GuardrailBlock> guardrails,
    @About(
            value =
                "The chance of ever rolling back a candidate that is as good as tolerated, and that"
                    + " of ever promoting one that is worse by a margin.",
            byDefault = "0.05")
        Optional<Decimal> alpha,
    @About(
            value =
                "The largest share for a candidate that has not been shown to be within every"
                    + " margin.",
            byDefault = "5%")
        Optional<Measure> unproven,
    @About(
            value =
                "So many of the candidate's calls, or pairs in the shadow, a stage lasts at the"
                    + " least.",
            byDefault = "200",
            min = 1,
            max = 1_000_000)
        Optional<Integer> calls,
    @About(value = "So long a stage lasts at the least.", byDefault = "10m")
        Optional<Duration> time,
    @About(
            value = "Which steps up wait for a person: `none`, `promotion` or `each`.",
            byDefault = "none")
        Optional<Text> approval,
    @About(
            value = "What stays with one of the two: a `conversation` or a `user`.",
            byDefault = "conversation")
        Optional<Text> sticky,
    @About("The copies of calls that the candidate is given beside the incumbent.")
        ShadowBlock shadow,
    @About(
            value =
                "The share of calls that the old incumbent is given beside the candidate after a"
                    + " promotion, so that it stays proven.",
            byDefault = "1%")
        Optional<Measure> rehearsal,
    @About(
            "A suite whose `checks` judge the answers of a pair; relative to the settings file"
                + " ([qualification](qualification.md)).")
        Optional<Text> suite,
    @About(
            value =
                "What becomes of requests that need what the candidate's model lacks and the"
                    + " incumbent's has: `refuse` to begin, or let them `pass` it by.",
            byDefault = "refuse")
        Optional<Text> lacking,
    @About("Without this certificate of qualification the rollout does not begin.")
        Optional<CertificateBlock> certificate) {

  record GuardrailBlock(
      @About(
              value =
                  "It advances only once shown to be worse by less: points for shares and scores, a"
                      + " ratio for times and cost, such as `2%`.",
              byDefault = "1% errors, 2% refusals and format, 3% quality, 25% else")
          Optional<Measure> margin,
      @About(value = "It is rolled back once shown to be worse by more.", byDefault = "the margin")
          Optional<Measure> tolerates,
      @About(value = "Which quantile of times and cost.", byDefault = "0.95, of cost 0.5")
          Optional<Decimal> quantile,
      @About(
              value =
                  "What is never accepted, and acts at once: a share such as `20%`, a duration at"
                      + " the quantile such as `8s`, the mean cost of a call such as `0.05`.",
              byDefault = "20% for errors, else none")
          Optional<Measure> limit,
      @About(
              value = "Over so many of the candidate's last calls the limit is looked at.",
              byDefault = "50",
              min = 1,
              max = 1_000)
          Optional<Integer> window) {}

  record ShadowBlock(
      @About(value = "The share of the incumbent's calls that are copied.", byDefault = "10%")
          Optional<Measure> share,
      @About(value = "Copies under way at once.", byDefault = "8", min = 1, max = 1_000)
          Optional<Integer> atOnce,
      @About(
              value = "Copies that wait; what is more is not copied.",
              byDefault = "100",
              min = 1,
              max = 10_000)
          Optional<Integer> waiting,
      @About(
              value =
                  "What copies and their judges may cost in a day of UTC on all gateways together,"
                      + " in the currency of the price books.",
              byDefault = "50")
          Optional<Decimal> costPerDay) {}

  record CertificateBlock(
      @About(value = "The suite's name or hash.", byDefault = "any suite") Optional<Text> suite,
      @About(value = "How old it may be, in days.", byDefault = "90", min = 1, max = 3_650)
          Optional<Integer> days) {}
}
