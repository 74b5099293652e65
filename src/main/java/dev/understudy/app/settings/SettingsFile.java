package dev.understudy.app.settings;

import dev.understudy.text.About;
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
                      + " `rediss://` for TLS, `redis-sentinel://host:26379/0#name` for the one that"
                      + " sentinels know.",
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
