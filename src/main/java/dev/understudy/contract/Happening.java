package dev.understudy.contract;

import dev.understudy.text.Days;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that happened and bears on contracts: a declaration, a notice, an outage.
 *
 * @param kind what it was
 * @param contract the contract it is about; empty for what concerns all
 * @param clause the clause it is about; empty if none
 * @param at when it happened
 * @param details what else there is to say of it, by the names of its kind
 */
public record Happening(
    Kind kind, String contract, String clause, Instant at, SortedMap<String, String> details) {
  /** A text longer than this is a document, and its digest is enough. */
  public static final int TEXT_MAX = 2_000;

  /** What may happen. */
  public enum Kind {
    /** A vendor's service is out, seen by a witness. */
    OUTAGE(false, "vendor since", "witness evidence"),
    /** It is back. */
    RETURN(false, "vendor", "witness evidence"),
    /** A model was launched at the beneficiary's. */
    LAUNCH(true, "model", "evidence"),
    /** The beneficiary declined a model, in writing. */
    DECLINE(true, "model evidence", ""),
    /** A metric was reported; it counts once another person approves. */
    METRIC(true, "metric value", "currency evidence"),
    /** A body declared; it counts once another person approves. */
    DECLARE(true, "body", "evidence"),
    /** Another person approves what was declared and reported so far. */
    APPROVE(true, "", "evidence"),
    /** One who verifies votes: yes or no. */
    VERIFY(true, "member vote", "evidence"),
    /** A party disputes a trigger, or an offer. */
    DISPUTE(true, "reason", "offer evidence"),
    /** A dispute is over: {@code stands} yes or no. */
    SETTLE(true, "stands", "offer evidence"),
    /** A trigger took effect, and made a version. */
    EFFECT(true, "version", "of"),
    /** A third party offers something under a right of first refusal. */
    OFFER(true, "offer third units price", "targets capacity months evidence"),
    /** The holder was given notice of an offer. */
    NOTICE(true, "offer", "evidence"),
    /** The holder answers: how many units it takes, 0 for none. */
    ANSWER(true, "offer units", "price evidence"),
    /** The terms of an offer changed. */
    CHANGE(true, "offer", "units price evidence"),
    /** Somebody took a party over. */
    TAKEOVER(true, "party acquirer", "evidence"),
    /** A time in which a service level does not count. */
    EXCLUDE(true, "reason since until", "vendor evidence"),
    /** What an escrow agent keeps of a licence is to be given out. */
    RELEASE(true, "event", "evidence"),
    /** A renewal was stopped. */
    NO_RENEWAL(true, "party", "evidence");

    private final boolean ofContract;
    private final String needed;
    private final String also;

    Kind(boolean ofContract, String needed, String also) {
      this.ofContract = ofContract;
      this.needed = needed;
      this.also = also;
    }

    private List<String> needed() {
      return needed.isEmpty() ? List.of() : List.of(needed.split(" "));
    }

    private List<String> also() {
      return also.isEmpty() ? List.of() : List.of(also.split(" "));
    }

    /** As records spell it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All words there are. */
    public static String words() {
      var words = new ArrayList<String>();
      for (Kind kind : values()) {
        words.add(kind.word());
      }
      return String.join(", ", words);
    }

    /** The kind of a word. */
    public static Optional<Kind> of(String word) {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  public Happening {
    at = at.truncatedTo(ChronoUnit.MILLIS);
    details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
  }

  /** One with details in pairs: a name, its value. */
  public static Happening of(
      Kind kind, String contract, String clause, Instant at, String... pairs) {
    var details = new TreeMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      details.put(pairs[i], pairs[i + 1]);
    }
    return new Happening(kind, contract, clause, at, details);
  }

  /** A detail; empty if it is not there. */
  public String detail(String name) {
    return details.getOrDefault(name, "");
  }

  /** A detail that is a number; {@link #faults} has made sure of it. */
  public BigDecimal number(String name) {
    return new BigDecimal(detail(name));
  }

  /** A day. */
  LocalDate day() {
    return at.atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** What is wrong with it in itself, in words; empty if nothing is. */
  public List<String> faults() {
    var faults = new ArrayList<String>();
    if (kind.ofContract && contract.isEmpty()) {
      faults.add("say which contract");
    }
    for (String name : kind.needed()) {
      if (detail(name).isBlank()) {
        faults.add("say " + name);
      }
    }
    for (Map.Entry<String, String> one : details.entrySet()) {
      String name = one.getKey();
      if (!kind.needed().contains(name) && !kind.also().contains(name)) {
        faults.add("%s has no %s".formatted(kind.word(), name));
      } else if (one.getValue().length() > TEXT_MAX) {
        faults.add("%s has more than %d characters".formatted(name, TEXT_MAX));
      } else {
        faultOf(name, one.getValue()).ifPresent(faults::add);
      }
    }
    return faults;
  }

  private static Optional<String> faultOf(String name, String value) {
    return switch (name) {
      case "value" ->
          value.matches("-?[0-9]{1,30}(\\.[0-9]{1,18})?")
              ? Optional.empty()
              : Optional.of("value must be a plain decimal number");
      case "units", "price" ->
          value.matches("[0-9]{1,18}(\\.[0-9]{1,18})?")
              ? Optional.empty()
              : Optional.of(name + " must be a decimal number, 0 or more");
      case "vote", "stands" ->
          value.equals("yes") || value.equals("no")
              ? Optional.empty()
              : Optional.of(name + " must be yes or no");
      case "since", "until" -> {
        try {
          Days.moment(value);
          yield Optional.empty();
        } catch (DateTimeParseException e) {
          yield Optional.of(name + " must be an instant, such as 2026-08-31T16:00:00Z");
        } catch (IllegalArgumentException e) {
          yield Optional.of(name + ": " + e.getMessage());
        }
      }
      default -> Optional.empty();
    };
  }
}
