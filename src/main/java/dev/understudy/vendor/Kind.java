package dev.understudy.vendor;

import dev.understudy.chat.Feature;
import dev.understudy.chat.ProtocolName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the catalogue knows about one kind of vendor.
 *
 * @param name as settings spell it, such as {@code azure-openai}
 * @param title as people write it
 * @param aliases other names for it
 * @param url its usual address, in which {@code {region}} and {@code {location}} may stand
 * @param urlAt addresses of particular locations
 * @param urlVariable the environment variable that usually holds its address
 * @param ending what its address ends with beyond the server's root
 * @param tolerated what people add to its address, to be taken off
 * @param bare what an address without a path is given
 * @param door how it lets us in
 * @param keyVariables the environment variables that usually hold its key; the first that is set
 *     counts
 * @param keyOptional whether it usually needs no key
 * @param places what else must be known about where it is
 * @param speech the protocols it speaks, the one for translation first
 * @param modelPrefixes how the names of its models begin, in lower case
 * @param ownNames whether its models have the names that each customer gives them
 * @param lacks what its models are known not to have, by how their names begin, the first that fits
 * @param limitHeaders the dialect of the headers in which it says what is left; {@code none} if it
 *     does not
 * @param counting how tokens count against its limits; the first that fits a model holds
 * @param source the page of its documentation that says so
 */
public record Kind(
    String name,
    String title,
    List<String> aliases,
    Optional<String> url,
    Map<String, String> urlAt,
    Optional<String> urlVariable,
    String ending,
    List<String> tolerated,
    Optional<String> bare,
    Door door,
    List<String> keyVariables,
    boolean keyOptional,
    List<PlaceName> places,
    List<Speech> speech,
    List<String> modelPrefixes,
    boolean ownNames,
    Map<String, Set<Feature>> lacks,
    String limitHeaders,
    List<Counting> counting,
    String source) {
  /** The kind of vendors that are in no catalogue. */
  public static final String CUSTOM = "custom";

  public Kind {
    aliases = List.copyOf(aliases);
    urlAt = Map.copyOf(urlAt);
    tolerated = List.copyOf(tolerated);
    keyVariables = List.copyOf(keyVariables);
    places = List.copyOf(places);
    speech = List.copyOf(speech);
    modelPrefixes = List.copyOf(modelPrefixes);
    lacks = Collections.unmodifiableMap(new LinkedHashMap<>(lacks));
    counting = List.copyOf(counting);
  }

  /** The protocols it is spoken to in, unless the settings choose others. */
  public List<ProtocolName> usualProtocols() {
    return speech.stream().filter(Speech::usual).map(Speech::protocol).toList();
  }

  /** All protocols it speaks. */
  public List<ProtocolName> protocols() {
    return speech.stream().map(Speech::protocol).toList();
  }

  /** The environment variables whose presence says that it is in use. */
  public List<String> switchVariables() {
    var variables = new ArrayList<>(keyVariables);
    if (door == Door.AWS) {
      variables.add("AWS_ACCESS_KEY_ID");
    } else if (door == Door.GOOGLE) {
      variables.add("GOOGLE_APPLICATION_CREDENTIALS");
    }
    return variables;
  }

  public Optional<Speech> speech(ProtocolName protocol) {
    return speech.stream().filter(s -> s.protocol().equals(protocol)).findFirst();
  }

  /**
   * A part of the address that differs from one customer to another.
   *
   * @param name {@code region}, {@code project} or {@code location}
   * @param variables the environment variables that usually hold it
   * @param usual what it is when nobody says
   */
  public record PlaceName(String name, List<String> variables, Optional<String> usual) {
    public PlaceName {
      variables = List.copyOf(variables);
    }
  }
}
