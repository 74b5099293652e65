package dev.understudy.app.settings;

import dev.understudy.text.About;
import dev.understudy.text.Entries;
import dev.understudy.text.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a file says of one vendor. */
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
    @About(value = "Vertex AI: the location.", byDefault = "from GOOGLE_CLOUD_LOCATION, or global")
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
    @About(value = "Whether it is on.", byDefault = "true") Optional<Boolean> enabled) {

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
}
