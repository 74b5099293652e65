package dev.understudy.vendor;

import dev.understudy.text.About;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Entries;
import dev.understudy.text.Text;
import java.util.List;
import java.util.Optional;

/** What {@code catalogue.yaml} holds. */
record CatalogueFile(
    @About("how protocols are spoken by their authors") Entries<Protocol> protocols,
    @About("the kinds of vendors") Entries<KindBlock> kinds) {

  record Protocol(
      @About("what a url ends with beyond the root") Optional<Text> ending,
      @About("endings that are taken off a url") List<Text> tolerated,
      @About("how a key is sent") Text auth,
      @About("paths by operation") Paths paths,
      @About("fixed headers") Entries<Text> headers,
      @About("whether bodies name the model") Optional<Boolean> modelInBody,
      @About("whether bodies say that they want a stream") Optional<Boolean> streamInBody,
      @About("the dialect of the headers that say what is left") Optional<Text> limitHeaders,
      @About("where this is documented") Text source) {}

  record KindBlock(
      @About("as people write it") Text title,
      @About("other names") List<Text> aliases,
      @About("usual address") Optional<Text> url,
      @About("addresses by location") Entries<Text> urlAt,
      @About("variable that holds the address") Optional<Text> urlVariable,
      @About("what the url ends with beyond the root") Optional<Text> ending,
      @About("endings that are taken off a url") List<Text> tolerated,
      @About("what a url without a path is given") Optional<Text> bare,
      @About("how a key is sent") Optional<Text> auth,
      @About("variables that hold a key") List<Text> keyVariables,
      @About("whether a key may be left out") Optional<Boolean> keyOptional,
      @About("variables that hold a region") List<Text> regionVariables,
      @About("variables that hold a project") List<Text> projectVariables,
      @About("variables that hold a location") List<Text> locationVariables,
      @About("usual location") Optional<Text> location,
      @About("protocols, that for translation first") Entries<SpeechBlock> protocols,
      @About("how names of models begin") List<Text> modelPrefixes,
      @About("whether customers give its models their names") Optional<Boolean> ownNames,
      @About("what models lack whose names begin so") Entries<List<Text>> lacks,
      @About("the dialect of the headers that say what is left") Optional<Text> limitHeaders,
      @About("how tokens count against limits, the first that fits") List<CountingBlock> counting,
      @About("where this is documented") Text source) {}

  record CountingBlock(
      @About("models that are counted so") List<Text> models,
      @About("how often an output token counts") Optional<Text> output,
      @About("how much a cached input token counts") Optional<Text> cached,
      @About("whether max_tokens is set aside until the answer is there")
          Optional<Boolean> holdsMax) {}

  record SpeechBlock(
      @About("whether it is used unless asked for") Optional<Boolean> usual,
      @About("paths by operation") Optional<Paths> paths,
      @About("paths by operation, with an api-version") Optional<Paths> datedPaths,
      @About("fixed headers") Entries<Text> headers,
      @About("whether the protocol's own fixed headers are left out")
          Optional<Boolean> plainHeaders,
      @About("how usage is counted") Optional<Text> usage,
      @About("departures from the protocol") List<Text> quirks,
      @About("those of them that no page or recording was seen to show") List<Text> fromMemory,
      @About("whether bodies name the model") Optional<Boolean> modelInBody,
      @About("whether bodies say that they want a stream") Optional<Boolean> streamInBody,
      @About("members to add to bodies, as JSON") Entries<Text> added,
      @About("how streams are wrapped") Optional<Text> framing,
      @About("models that are spoken to this way") List<Text> models,
      @About("largest body") Optional<ByteCount> bodyMax) {}

  record Paths(
      @About("answer in one piece") Text chat,
      @About("answer piece by piece") Optional<Text> chatStream,
      @About("count tokens") Optional<Text> countTokens) {}
}
