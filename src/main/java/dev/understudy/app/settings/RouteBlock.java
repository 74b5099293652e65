package dev.understudy.app.settings;

import dev.understudy.text.About;
import dev.understudy.text.Anything;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a file, or an operator, says of one route. */
record RouteBlock(
    @About("Who answers, as `vendor/model`; short for one target of the first priority.")
        Optional<Text> serve,
    @About("Who is tried next, in this order: `vendor/model`, or the name of another route.")
        List<Text> fallback,
    @About("Who answers, where there is more to say ([routes](routes.md)).")
        List<TargetBlock> targets,
    @About(
            value = "How one of several targets of the same priority is chosen.",
            byDefault = "weighted",
            choices = "balances")
        Optional<Text> balance,
    @About(
            value = "What keeps calls together at one target, for its prompt cache.",
            byDefault = "auto where targets are weighted, else none",
            choices = "affinities")
        Optional<Text> affinity,
    @About("Where answers may come from; `eu` holds `eu-west-1`. Empty: from anywhere.")
        List<Text> regions,
    @About("How long its targets are waited for.") WaitsBlock timeouts,
    @About(
            value =
                "How long a stream's head without content is held back, so that another target"
                    + " can still answer.",
            byDefault = "5s")
        Optional<Duration> hold,
    @About(
            value =
                "Whether the next target goes on with a text that breaks off in the middle"
                    + " ([continuation](continuation.md)).",
            byDefault = "text",
            choices = "continuations")
        Optional<Text> continuation,
    @About(value = "So often for one call.", byDefault = "3", min = 1, max = 10)
        Optional<Integer> continuations,
    @About("How often it tries.") RetriesBlock retries,
    @About("When a second target is asked although the first has not failed.") HedgeBlock hedge,
    @About(
            "Lets calls wait until one of the targets has room again, instead of refusing them"
                + " with 429.")
        Optional<QueueBlock> queue,
    @About("By which router `balance: gain` chooses ([gain](gain.md)).") Optional<GainBlock> gain,
    @About(
            "Has the answer of the first targets scored, and asks the others where it is not good"
                + " enough ([council and cascade](compare.md#cascade)).")
        Optional<CascadeBlock> cascade,
    @About("Has a second model check answers ([council](compare.md#council)).")
        Optional<CouncilBlock> council) {

  record TargetBlock(
      @About("The target, as `vendor/model`.") Text target,
      @About(value = "Its share among targets of one priority.", byDefault = "1")
          Optional<Decimal> weight,
      @About(
              value = "Targets of the lowest number are asked first.",
              byDefault = "1",
              min = 1,
              max = 100)
          Optional<Integer> priority,
      @About("Which requests it is for.") WhenBlock when,
      @About(value = "Where it answers.", byDefault = "the vendor's region or location")
          Optional<Text> region,
      @About(
              value = "Features that its model has, whatever the catalogue says.",
              choices = "features")
          List<Text> can,
      @About(
              value =
                  "Features that its model does not have; requests that ask for one pass it by.",
              choices = "features")
          List<Text> cannot,
      @About(
              value =
                  "Members of requests to it, in the words of its vendor's protocol; dots lead into"
                      + " blocks, as in `generationConfig.temperature`.",
              names = "path of the member")
          Entries<Anything> set,
      @About("Paths of members that are taken out of requests to it.") List<Text> drop,
      @About("How long it is waited for.") WaitsBlock timeouts) {}

  record WhenBlock(
      @About("Names of keys, one of which is used.") List<Text> callers,
      @About("Teams, to one of which the key belongs.") List<Text> teams,
      @About("Tags of the key or of `x-understudy-tags`, one of which is there.") List<Text> tags,
      @About(value = "Features, all of which are asked for.", choices = "features") List<Text> with,
      @About(value = "Features, none of which is asked for.", choices = "features")
          List<Text> without,
      @About("The smallest body.") Optional<ByteCount> bytesMin,
      @About("The largest body.") Optional<ByteCount> bytesMax,
      @About(value = "The fewest tokens, at four bytes each.", max = 100_000_000)
          Optional<Integer> tokensMin,
      @About(value = "The most tokens, at four bytes each.", max = 100_000_000)
          Optional<Integer> tokensMax,
      @About("Where the request is to be answered, by `x-understudy-region`.")
          List<Text> regions) {}

  record WaitsBlock(
      @About(value = "For the connection, TLS included.", byDefault = "as for the vendor")
          Optional<Duration> connect,
      @About(
              value = "Until the first byte of the answer's content.",
              byDefault = "as for the vendor")
          Optional<Duration> firstToken,
      @About(value = "Between two pieces of an answer.", byDefault = "as for the vendor")
          Optional<Duration> idle,
      @About(value = "For the whole attempt.", byDefault = "as for the vendor")
          Optional<Duration> total) {}

  record RetriesBlock(
      @About(
              value = "All attempts of one call together; they go round the targets.",
              byDefault = "each target once",
              min = 1,
              max = 20)
          Optional<Integer> attempts,
      @About(
              value =
                  "How many tries that burden who suffers already are allowed for each call: tries"
                      + " of a target that failed in the same call, of one that is out, and hedges.",
              byDefault = "0.2")
          Optional<Decimal> share,
      @About(value = "So many of them may be saved up.", byDefault = "50", max = 100_000)
          Optional<Integer> burst,
      @About(
              value = "How long to wait before a target is tried again; doubled each time.",
              byDefault = "250ms")
          Optional<Duration> backoff,
      @About(
              value =
                  "How long at most; a vendor that asks for more time by `Retry-After` is not tried"
                      + " again in the call.",
              byDefault = "5s")
          Optional<Duration> backoffMax) {}

  record HedgeBlock(
      @About("When nothing has come for so long.") Optional<Duration> after,
      @About(
              "When nothing has come for longer than this share of its last answers took, such as"
                  + " 0.95.")
          Optional<Decimal> quantile) {}

  record QueueBlock(
      @About(value = "How many calls may wait at once.", byDefault = "200", min = 1, max = 10_000)
          Optional<Integer> max,
      @About(value = "How long each may wait.", byDefault = "20s") Optional<Duration> deadline) {}

  record CascadeBlock(
      @About(value = "An answer that scores less is asked for again, 0 to 1.", byDefault = "0.5")
          Optional<Decimal> threshold,
      @About("Who scores, as `vendor/model`; without, the form of an answer is scored.")
          Optional<Text> judge) {}

  record CouncilBlock(
      @About("Who checks, as `vendor/model`.") Text checker,
      @About(
              value = "Which answers are checked: `always`, or `sampled` by chance.",
              byDefault = "always",
              choices = "samplings")
          Optional<Text> on,
      @About(value = "The share that is checked where they are sampled.", byDefault = "0.1")
          Optional<Decimal> share,
      @About(
              value =
                  "What follows an objection: `annotate` tells the caller in a header, `retry` asks"
                      + " another target, `replace` lets the checker answer.",
              byDefault = "annotate",
              choices = "actions")
          Optional<Text> action) {}

  record GainBlock(
      @About(
              "The file of `understudy router train`. The first target of the route is its cheap one,"
                  + " the second its strong one.")
          Text router,
      @About(
              "The strong target is asked where the estimated gain is above this. One of threshold,"
                  + " share and value-per-point is needed.")
          Optional<Decimal> threshold,
      @About(
              "The share of requests that go to the strong target, 0 to 1, were they like those the"
                  + " router learned from.")
          Optional<Decimal> share,
      @About(
              "What a hundredth of quality is worth on one request, in the currency of the prices:"
                  + " the strong target is asked where its gain is worth what it costs more.")
          Optional<Decimal> valuePerPoint,
      @About(
              value =
                  "Whether a router serves that `understudy router check` has not qualified, or at"
                      + " other targets than it learned from.",
              byDefault = "false")
          Optional<Boolean> unproven) {}
}
