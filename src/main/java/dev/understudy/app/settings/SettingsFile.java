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

/** Every setting there is; a component added here is read, documented and in the schema. */
record SettingsFile(
    @About(
            value =
                "The vendors, by the name callers use for them. A vendor of the catalogue is on"
                    + " without a block when its usual environment variable is set.",
            names = "name of the vendor")
        Entries<VendorBlock> vendors,
    @About(
            value = "Names for callers to ask for, and who answers.",
            names = "name that callers ask for")
        Entries<RouteBlock> routes,
    @About(
            value =
                "Candidates that may be stepped in on a route ([rollouts](rollout.md)); each begins"
                    + " with `understudy rollout start NAME`.",
            names = "name of the rollout")
        Entries<RolloutBlock> rollouts,
    @About("When a target that fails is taken out, and for how long.") BreakersBlock breakers,
    @About(
            value =
                "Keys of callers, each at least 16 characters, of the team `default`; others are"
                    + " made with `understudy keys create`. Without any, only callers on the same"
                    + " machine are let in.",
            names = "name of the caller, for records")
        Entries<Text> keys,
    @About("Where to listen.") ServerBlock server,
    @About("Where keys and records are kept.") StoreBlock store,
    @About("Bounds on what callers send, and how limits of keys, teams and organisations hold.")
        LimitsBlock limits,
    @About("How finished calls are written down and booked; see [the journal](journal.md).")
        JournalBlock journal,
    @About("What is written to the log.") LogBlock log,
    @About("Where traces go.") TelemetryBlock telemetry,
    @About("What tokens cost; see [prices](prices.md).") PricesBlock prices,
    @About(
            "Files with contracts, one version of one contract in each, relative to the settings"
                + " file; see [contracts](contracts.md).")
        List<Text> contracts,
    @About("When contracts are settled and customers invoiced; see [settlement](settlement.md).")
        SettlementBlock settlement,
    @About(
            value =
                "Whether vendors in a box answer: real servers on this machine, which need no key"
                    + " and say that their answers are none.",
            byDefault = "true when no vendor is on, else false")
        Optional<Boolean> sandbox) {

  record VendorBlock(
      @About(
              value = "What it is in the catalogue.",
              byDefault = "the vendor's name",
              choices = "kinds")
          Optional<Text> kind,
      @About(
              value = "Its address, as its own client library takes it.",
              byDefault = "from the catalogue")
          Optional<Text> url,
      @About(
              value = "The one protocol to speak to it.",
              byDefault = "from the catalogue",
              choices = "protocols")
          Optional<Text> protocol,
      @About(
              value =
                  "The protocols to speak to it; requests of other protocols are translated to the"
                      + " first.",
              byDefault = "from the catalogue",
              choices = "protocols")
          List<Text> protocols,
      @About(
              value = "Its key, best as `\"${VARIABLE}\"`; `none` where no key is needed.",
              byDefault = "from its usual environment variable")
          Optional<Text> key,
      @About("Several keys, used in turn.") List<Text> keys,
      @About(value = "Further headers of every request to it.", names = "name of the header")
          Entries<Text> headers,
      @About(value = "Amazon Bedrock: the region.", byDefault = "from AWS_REGION")
          Optional<Text> region,
      @About(
              value = "Vertex AI: the project.",
              byDefault = "from GOOGLE_CLOUD_PROJECT, or the service account's own")
          Optional<Text> project,
      @About(
              value = "Vertex AI: the location.",
              byDefault = "from GOOGLE_CLOUD_LOCATION, or global")
          Optional<Text> location,
      @About(
              value = "Azure OpenAI: the dated version, to use deployments' addresses.",
              byDefault = "none: the v1 address is used")
          Optional<Text> apiVersion,
      @About(value = "Amazon Bedrock: the access key.", byDefault = "from AWS_ACCESS_KEY_ID")
          Optional<Text> accessKey,
      @About(value = "Amazon Bedrock: the secret key.", byDefault = "from AWS_SECRET_ACCESS_KEY")
          Optional<Text> secretKey,
      @About(
              value = "Amazon Bedrock: the session token of temporary keys.",
              byDefault = "from AWS_SESSION_TOKEN")
          Optional<Text> sessionToken,
      @About(
              value = "Vertex AI: the file with the service account's key.",
              byDefault = "from GOOGLE_APPLICATION_CREDENTIALS")
          Optional<Text> credentials,
      @About("How long to wait for it.") TimeoutsBlock timeouts,
      @About(
              value =
                  "What it allows us, for each model or deployment; `*` stands for any text, and the"
                      + " first name that fits holds.",
              names = "name of the model, such as `gpt-5.1` or `*`")
          Entries<CapacityBlock> capacity,
      @About(
              "A file with certificates to trust beside the usual ones, PEM; relative to the"
                  + " settings file.")
          Optional<Text> ca,
      @About(
              value =
                  "A path that is asked by `GET`, with its first key, to see whether it is there while"
                      + " it is out and `breakers.probe` is set, such as `/v1/models`.",
              byDefault = "none: a connection tells")
          Optional<Text> probe,
      @About(value = "Whether it is on.", byDefault = "true") Optional<Boolean> enabled) {}

  record TimeoutsBlock(
      @About(value = "For the connection, TLS included.", byDefault = "5s")
          Optional<Duration> connect,
      @About(value = "Until the first byte of the answer's content.", byDefault = "120s")
          Optional<Duration> firstToken,
      @About(value = "Between two pieces of an answer.", byDefault = "120s")
          Optional<Duration> idle,
      @About(value = "For the whole attempt.", byDefault = "30m") Optional<Duration> total) {}

  record CapacityBlock(
      @About(value = "Calls a minute.", byDefault = "what the vendor says", min = 1)
          Optional<Integer> requests,
      @About(value = "Tokens a minute, in and out.", byDefault = "what the vendor says", min = 1)
          Optional<Integer> tokens,
      @About(value = "Tokens a minute, in.", byDefault = "what the vendor says", min = 1)
          Optional<Integer> inputTokens,
      @About(value = "Tokens a minute, out.", byDefault = "what the vendor says", min = 1)
          Optional<Integer> outputTokens,
      @About(value = "Calls a day.", byDefault = "what the vendor says", min = 1)
          Optional<Integer> requestsPerDay,
      @About(value = "Tokens a day, in and out.", byDefault = "what the vendor says", min = 1)
          Optional<Integer> tokensPerDay,
      @About(
              value = "Calls at the same time.",
              byDefault = "none; one is learned when the vendor has no room",
              min = 1,
              max = 1_000_000)
          Optional<Integer> concurrent,
      @About(
              value = "How often an output token counts against `tokens`, such as `5`.",
              byDefault = "from the catalogue, or 1")
          Optional<Text> outputWeight,
      @About(
              value =
                  "How much an input token counts that is read from the vendor's cache, from `0` to"
                      + " `1`.",
              byDefault = "from the catalogue, or 1")
          Optional<Text> cachedWeight,
      @About(
              value =
                  "Whether the vendor sets all of `max_tokens` aside until the answer is there.",
              byDefault = "from the catalogue, or false")
          Optional<Boolean> holdsMaxTokens,
      @About(
              value = "What batch calls leave to interactive ones, in percent.",
              byDefault = "20",
              min = 0,
              max = 90)
          Optional<Integer> interactiveShare,
      @About(
              value = "The dialect of the headers in which it says what is left.",
              byDefault = "from the catalogue",
              choices = "limit-headers")
          Optional<Text> headers,
      @About("Capacity that is paid for whether it is used or not; it is used first.")
          Optional<ProvisionedBlock> provisioned) {}

  record ProvisionedBlock(
      @About(value = "How many units.", byDefault = "1", min = 1, max = 10_000_000)
          Optional<Integer> units,
      @About(value = "Input tokens a minute that a unit is worth; needed.", min = 1)
          Optional<Integer> tokensPerUnit,
      @About(value = "How often an output token counts, such as `4`.", byDefault = "1")
          Optional<Text> outputWeight,
      @About(
              value = "How much an input token counts that is read from the cache, `0` to `1`.",
              byDefault = "0")
          Optional<Text> cachedWeight,
      @About(
              value = "When it is there: `24x7`, or as `mon-fri 08:00-18:00 Europe/Berlin`.",
              byDefault = "24x7")
          Optional<Text> hours,
      @About(
              value = "From this percentage in use on, new sessions go to the next target.",
              byDefault = "95",
              min = 1,
              max = 100)
          Optional<Integer> spillAt,
      @About(
              value = "Down to this percentage in use, they still do.",
              byDefault = "80",
              min = 1,
              max = 99)
          Optional<Integer> backAt,
      @About(
              value =
                  "What the vendor does with what goes beyond it: `refuse` it, or `charge` it at its"
                      + " usual price.",
              byDefault = "refuse",
              choices = "beyond")
          Optional<Text> beyond) {}

  record QueueBlock(
      @About(value = "How many calls may wait at once.", byDefault = "200", min = 1, max = 10_000)
          Optional<Integer> max,
      @About(value = "How long each may wait.", byDefault = "20s") Optional<Duration> deadline) {}

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
          Optional<CouncilBlock> council) {}

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

  record BreakersBlock(
      @About(
              value = "So many failures in a row take a target out.",
              byDefault = "5",
              min = 1,
              max = 1_000_000)
          Optional<Integer> consecutive,
      @About(value = "Or this share of failures within the window.", byDefault = "0.5")
          Optional<Decimal> failures,
      @About(
              value = "So many calls are needed before a share counts.",
              byDefault = "20",
              min = 1,
              max = 1_000_000)
          Optional<Integer> calls,
      @About(value = "After this time the past counts a third.", byDefault = "30s")
          Optional<Duration> window,
      @About("A first content later than this is slow.") Optional<Duration> slowAfter,
      @About(value = "This share of slow answers takes a target out too.", byDefault = "0.5")
          Optional<Decimal> slow,
      @About(
              value =
                  "For how long a target is out at least, before a call probes it; the longer it has"
                      + " been gone the longer.",
              byDefault = "2s")
          Optional<Duration> out,
      @About(value = "For how long at most.", byDefault = "2m") Optional<Duration> outMax,
      @About(
              "How often targets that are out are looked at, to bring them back sooner: by a"
                  + " connection, or by what their vendor's `probe` says. Without it, only calls"
                  + " tell.")
          Optional<Duration> probe) {}

  record ServerBlock(
      @About(value = "The address to listen at; `0.0.0.0` for all.", byDefault = "127.0.0.1")
          Optional<Text> host,
      @About(value = "The callers' port.", byDefault = "8080", min = 0, max = 65_535)
          Optional<Integer> port,
      @About(value = "The address at which operators are served.", byDefault = "127.0.0.1")
          Optional<Text> adminHost,
      @About(value = "The operators' port.", byDefault = "8081", min = 0, max = 65_535)
          Optional<Integer> adminPort,
      @About(
              value =
                  "The token that operators show, at least 16 characters, best as"
                      + " `\"${VARIABLE}\"`.",
              byDefault =
                  "from UNDERSTUDY_ADMIN_TOKEN; else one is made up at the first start and shown"
                      + " once")
          Optional<Text> adminToken,
      @About(
              value =
                  "Persons with tokens of their own, for what two must agree on: the SHA-256 of"
                      + " each token, as `understudy admin-token --for NAME` prints it.",
              names = "name of the person")
          Entries<Text> operators) {}

  record StoreBlock(
      @About(
              value =
                  "A PostgreSQL database that several gateways share, such as"
                      + " `postgres://host:5432/database?sslmode=verify-full`.",
              byDefault = "an SQLite file in the data folder")
          Optional<Text> url,
      @About(value = "Who connects to it.", byDefault = "from the address") Optional<Text> user,
      @About(value = "The password, best as `\"${VARIABLE}\"`.", byDefault = "from the address")
          Optional<Text> password,
      @About(
              value = "How many connections there may be at once.",
              byDefault = "8",
              min = 2,
              max = 200)
          Optional<Integer> connections) {}

  record LimitsBlock(
      @About(value = "The largest body of a request.", byDefault = "64MiB")
          Optional<ByteCount> body,
      @About(value = "The largest head of a request.", byDefault = "32KiB")
          Optional<ByteCount> headers,
      @About(
              value = "How many calls are served at once.",
              byDefault = "10000",
              min = 1,
              max = 1_000_000)
          Optional<Integer> calls,
      @About(
              value = "Where budgets' days and months begin and end, such as `Europe/Berlin`.",
              byDefault = "UTC")
          Optional<Text> zone,
      @About(
              value =
                  "What one unit of a currency costs in US dollars, for budgets and price books that"
                      + " are in it.",
              names = "currency as ISO 4217 has it, such as `EUR`")
          Entries<CurrencyBlock> currencies,
      @About("Where replicas share their callers' limits; without an address, nowhere.")
          RedisBlock redis) {}

  record CurrencyBlock(
      @About("US dollars for one unit of it.") Decimal usd,
      @About("The day for which that was true, such as `2026-11-01`.") Text on) {}

  record RedisBlock(
      @About(
              value =
                  "The Redis or Valkey, such as `redis://user:${REDIS_PASSWORD}@host:6379/0`;"
                      + " `rediss://` for TLS.",
              byDefault = "limits are not shared")
          Optional<Text> url,
      @About(value = "What all its keys begin with.", byDefault = "understudy:")
          Optional<Text> prefix,
      @About(
              value =
                  "For how long what a killed replica had reserved stays away from the others; from"
                      + " 2s to 5m.",
              byDefault = "10s")
          Optional<Duration> lease,
      @About(
              value =
                  "By how many replicas limits are divided while Redis is lost, where fewer were"
                      + " seen.",
              byDefault = "as many as were seen",
              min = 1,
              max = 10_000)
          Optional<Integer> replicas,
      @About(
              value =
                  "With `rediss://`, a file with the certificates to trust, PEM; relative to the"
                      + " settings file.",
              byDefault = "the usual ones")
          Optional<Text> ca) {}

  record JournalBlock(
      @About(
              value =
                  "A folder of this gateway's own where calls wait for the store, relative to the"
                      + " settings file.",
              byDefault = "`journal` in the data folder")
          Optional<Text> folder,
      @About(
              value =
                  "How much of the last calls a loss of power may take, from 1ms to 10s; a kill of"
                      + " the process takes none.",
              byDefault = "100ms")
          Optional<Duration> window,
      @About(
              value =
                  "Whether the last bytes of an answer wait until the disk has the call, so that a"
                      + " loss of power takes none either.",
              byDefault = "false")
          Optional<Boolean> strict,
      @About(
              value =
                  "How much may wait on disk while the store is away, at least 16MiB; operators are"
                      + " warned at 70 % of it.",
              byDefault = "4GiB")
          Optional<ByteCount> waitingMax,
      @About(
              value =
                  "What happens when no more can be written down, because of that bound or a full"
                      + " disk: `serve` goes on, and only the log tells of these calls; `refuse`"
                      + " refuses calls with 503.",
              byDefault = "serve",
              choices = "when-full")
          Optional<Text> whenFull,
      @About(
              value = "For how many days the records of calls are kept; 0 for not at all.",
              byDefault = "30",
              min = 0,
              max = 36_500)
          Optional<Integer> exchangesDays,
      @About(
              value =
                  "For how many days attempts are kept one by one; what whole hours came to, and the"
                      + " ledger, are never forgotten.",
              byDefault = "400",
              min = 7,
              max = 36_500)
          Optional<Integer> attemptsDays) {}

  record LogBlock(
      @About(
              value =
                  "Whether what is said in calls is in log lines and recent calls too; what looks"
                      + " like a key is left out.",
              byDefault = "false")
          Optional<Boolean> prompts) {}

  record SettlementBlock(
      @About(
              value =
                  "From this day of a month on, in UTC, the month before is settled, and the months"
                      + " before that are looked at again.",
              byDefault = "by hand only",
              min = 1,
              max = 28)
          Optional<Integer> day,
      @About(
              value = "How many months that are over are looked at.",
              byDefault = "12",
              min = 1,
              max = 120)
          Optional<Integer> months,
      @About(
              value = "The party of contracts that is this company.",
              byDefault = "the only party without vendors")
          Optional<Text> as,
      @About(value = "The folder for files to send.", byDefault = "settlement in the data folder")
          Optional<Text> out,
      @About(
              value = "The file that says who is invoiced, and how, relative to the settings file.",
              byDefault = "no invoices")
          Optional<Text> tariffs) {}

  record PricesBlock(
      @About(
              "Files with price books of one's own, such as negotiated ones, relative to the"
                  + " settings file; they come before the list that is shipped.")
          List<Text> books) {}

  record TelemetryBlock(
      @About(
              value = "The address of an OpenTelemetry collector that speaks OTLP over HTTP.",
              byDefault = "from OTEL_EXPORTER_OTLP_ENDPOINT; without one, no traces are sent")
          Optional<Text> otlp,
      @About(value = "Further headers for the collector.", names = "name of the header")
          Entries<Text> headers,
      @About(
              value = "The name under which traces appear.",
              byDefault = "from OTEL_SERVICE_NAME, or understudy")
          Optional<Text> service,
      @About(
              value =
                  "Whether what is said in calls is in spans too; what looks like a key is left"
                      + " out.",
              byDefault = "false")
          Optional<Boolean> prompts,
      @About(
              value =
                  "How much of either side of a call is kept, here and by `log.prompts`; at most"
                      + " 16KiB.",
              byDefault = "8KiB")
          Optional<ByteCount> promptsMax) {}
}
