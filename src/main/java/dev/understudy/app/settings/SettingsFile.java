package dev.understudy.app.settings;

import dev.understudy.text.About;
import dev.understudy.text.ByteCount;
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
                "Keys of callers, each at least 16 characters, of the team `default`; others are"
                    + " made with `understudy keys create`. Without any, only callers on the same"
                    + " machine are let in.",
            names = "name of the caller, for records")
        Entries<Text> keys,
    @About("Where to listen.") ServerBlock server,
    @About("Where keys and records are kept.") StoreBlock store,
    @About("Bounds on what callers send.") LimitsBlock limits,
    @About("What is written to the log.") LogBlock log,
    @About("Where traces go.") TelemetryBlock telemetry,
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
              "A file with certificates to trust beside the usual ones, PEM; relative to the"
                  + " settings file.")
          Optional<Text> ca,
      @About(value = "Whether it is on.", byDefault = "true") Optional<Boolean> enabled) {}

  record TimeoutsBlock(
      @About(value = "For the connection, TLS included.", byDefault = "5s")
          Optional<Duration> connect,
      @About(value = "Until the first byte of the answer's content.", byDefault = "120s")
          Optional<Duration> firstToken,
      @About(value = "Between two pieces of an answer.", byDefault = "120s")
          Optional<Duration> idle,
      @About(value = "For the whole attempt.", byDefault = "30m") Optional<Duration> total) {}

  record RouteBlock(
      @About("Who answers, as `vendor/model`.") Text serve,
      @About("Who is tried next, in this order, while nothing has been answered yet.")
          List<Text> fallback) {}

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
          Optional<Text> adminToken) {}

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
          Optional<Integer> calls) {}

  record LogBlock(
      @About(value = "Whether what is said in calls is logged too.", byDefault = "false")
          Optional<Boolean> prompts) {}

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
          Optional<Text> service) {}
}
