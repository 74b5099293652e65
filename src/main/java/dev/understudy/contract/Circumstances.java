package dev.understudy.contract;

import dev.understudy.contract.Happening.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of the world rules depend on, at an instant.
 *
 * @param now the instant
 * @param vendors the kinds of the vendors in our settings, by their names
 * @param outages vendors that are out, or were of late, by their names
 * @param launches when models were launched, and whether the beneficiary declined them
 * @param offers what stands under rights of first refusal, by contract and clause
 */
public record Circumstances(
    Instant now,
    Map<String, String> vendors,
    Map<String, Outage> outages,
    List<Launch> launches,
    Map<String, List<Offer>> offers) {
  /** An outage not seen for so long counts as over: who saw it may be gone itself. */
  static final Duration OUTAGE_LEASE = Duration.ofMinutes(10);

  public Circumstances {
    vendors = Map.copyOf(vendors);
    outages = Map.copyOf(outages);
    launches = List.copyOf(launches);
    offers = Map.copyOf(offers);
  }

  /** A time in which a vendor's service was out; {@code ended} is empty while it is. */
  public record Outage(Instant since, Optional<Instant> ended) {}

  /** A model's launch; the key of {@code contract} and {@code clause} says under which clause. */
  public record Launch(
      String contract, String clause, String model, Instant at, Optional<Instant> declined) {}

  /** Nothing out of the ordinary. */
  public static Circumstances usual(Instant now, Map<String, String> vendors) {
    return new Circumstances(now, vendors, Map.of(), List.of(), Map.of());
  }

  /** What a log of what happened comes to. */
  public static Circumstances of(
      Instant now, Map<String, String> vendors, ContractBook book, List<Logged> log) {
    var happened = new ArrayList<Happening>();
    for (Logged one : log) {
      if (!one.what().at().isAfter(now)) {
        happened.add(one.what());
      }
    }
    var offers = new HashMap<String, List<Offer>>();
    for (ContractVersion version : book.at(now)) {
      for (FirstRefusal right : version.rights().refusals()) {
        offers.put(
            key(version.contract(), right.id()),
            Offer.under(
                right,
                version.contract(),
                version.duties().notice(),
                happened,
                now.atZone(ZoneOffset.UTC).toLocalDate()));
      }
    }
    return new Circumstances(now, vendors, outages(happened, now), launches(happened), offers);
  }

  /** What stands under a right of first refusal. */
  public List<Offer> offers(String contract, String clause) {
    return offers.getOrDefault(key(contract, clause), List.of());
  }

  static String key(String contract, String clause) {
    return contract + " " + clause;
  }

  private static Map<String, Outage> outages(List<Happening> happened, Instant now) {
    record Seen(Instant since, Instant last, Optional<Instant> ended) {}
    // By vendor and witness: one who never saw it out cannot say that it is back.
    var seen = new HashMap<String, Map<String, Seen>>();
    for (Happening one : happened) {
      Map<String, Seen> witnesses =
          seen.computeIfAbsent(one.detail("vendor"), _ -> new HashMap<>());
      String witness = one.detail("witness");
      if (one.kind() == Kind.OUTAGE) {
        witnesses.put(
            witness, new Seen(Instant.parse(one.detail("since")), one.at(), Optional.empty()));
      } else if (one.kind() == Kind.RETURN) {
        if (witness.isEmpty()) {
          // An operator's word ends it for all.
          witnesses.replaceAll((_, s) -> new Seen(s.since, s.last, Optional.of(one.at())));
        } else {
          witnesses.computeIfPresent(
              witness, (_, s) -> new Seen(s.since, s.last, Optional.of(one.at())));
        }
      }
    }
    var outages = new HashMap<String, Outage>();
    seen.forEach((vendor, witnesses) -> {
      for (var entry : witnesses.entrySet()) {
        Seen one = entry.getValue();
        Instant lease = one.last.plus(OUTAGE_LEASE);
        // What an operator says holds until an operator says otherwise.
        Optional<Instant> ended =
            one.ended.isEmpty() && !entry.getKey().isEmpty() && lease.isBefore(now)
                ? Optional.of(one.last)
                : one.ended;
        outages.merge(vendor, new Outage(one.since, ended), Circumstances::longer);
      }
    });
    return outages;
  }

  private static Outage longer(Outage a, Outage b) {
    if (a.ended().isEmpty() != b.ended().isEmpty()) {
      return a.ended().isEmpty() ? a : b;
    }
    if (a.ended().isEmpty()) {
      return a.since().isBefore(b.since()) ? a : b;
    }
    return a.ended().get().isAfter(b.ended().get()) ? a : b;
  }

  private static List<Launch> launches(List<Happening> happened) {
    var launches = new ArrayList<Launch>();
    for (Happening one : happened) {
      if (one.kind() == Kind.LAUNCH) {
        launches.add(
            new Launch(
                one.contract(), one.clause(), one.detail("model"), one.at(), Optional.empty()));
      } else if (one.kind() == Kind.DECLINE) {
        boolean known = false;
        for (int i = 0; i < launches.size(); i++) {
          Launch launch = launches.get(i);
          if (launch.model().equals(one.detail("model"))
              && launch.contract().equals(one.contract())) {
            launches.set(
                i,
                new Launch(
                    launch.contract(),
                    launch.clause(),
                    launch.model(),
                    launch.at(),
                    Optional.of(one.at())));
            known = true;
          }
        }
        if (!known) {
          launches.add(
              new Launch(
                  one.contract(),
                  one.clause(),
                  one.detail("model"),
                  one.at(),
                  Optional.of(one.at())));
        }
      }
    }
    return launches;
  }

  /**
   * Since when, and until when, all of a party's vendors are out together; empty if they are not,
   * or if none of them is in our settings.
   */
  Optional<Outage> outageOf(Party party) {
    Optional<Outage> all = Optional.empty();
    for (Map.Entry<String, String> vendor : vendors.entrySet()) {
      if (!party.serves(vendor.getKey(), vendor.getValue())) {
        continue;
      }
      Outage one = outages.get(vendor.getKey());
      if (one == null) {
        return Optional.empty();
      }
      all = Optional.of(all.map(so -> both(so, one)).orElse(one));
    }
    return all;
  }

  private static Outage both(Outage a, Outage b) {
    Instant since = a.since().isAfter(b.since()) ? a.since() : b.since();
    Optional<Instant> ended = a.ended();
    if (ended.isEmpty() || (b.ended().isPresent() && b.ended().get().isBefore(ended.get()))) {
      ended = b.ended().isPresent() ? b.ended() : ended;
    }
    return new Outage(since, ended);
  }
}
