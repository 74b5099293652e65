package dev.understudy.contract;

import dev.understudy.text.About;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Text;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a file with one version of a contract holds; {@code docs/reference/contracts.md}. */
record ContractFile(
    @About("Which contract it is, which version, and between whom.") HeadBlock contract,
    @About(
            value = "Scopes to be used further down by YAML anchors.",
            names = "name, for people alone")
        Entries<ScopeBlock> scopes,
    @About(
            value = "What triggers and paths measure: who says it, and from what.",
            names = "name of the metric, such as `vendor.cum-profit-available`")
        Entries<Text> metrics,
    @About(
            value =
                "Models it speaks of that no price book and no route knows: the parties' own, and"
                    + " those to come; each with a word on it.",
            names = "model, or a pattern such as `mai-*`")
        Entries<Text> models,
    @About("Prices that hold under it.") Optional<PricesBlock> prices,
    @About("Shares of revenue.") List<ShareBlock> revenueShare,
    @About("Shares of profit, by stages.") List<ProfitBlock> profitParticipation,
    @About("What is to be bought at the least.") List<CommitmentBlock> commitments,
    @About("What is bought by the hour.") List<CapacityBlock> capacity,
    @About("Who alone may host, resell or supply.") List<ExclusivityBlock> exclusivity,
    @About("Rights of first refusal.") List<RofrBlock> rofr,
    @About("What changes the contract when it happens.") List<TriggerBlock> triggers,
    @About("What may be used, and until when.") List<LicenseBlock> licenses,
    @About("What may be done with what is sent and answered.") Optional<DataUseBlock> dataUse,
    @About("Where it may be served.") Optional<RegionsBlock> regions,
    @About("How long before something it must be said.") NoticeBlock notice,
    @About("What happens when somebody else takes the party over.")
        Optional<ControlBlock> changeOfControl,
    @About("Whether it may be handed on.") Optional<AssignmentBlock> assignment,
    @About("Most-favoured price.") Optional<FavourBlock> mfn,
    @About("Service levels and their credits.") Optional<SlaBlock> sla,
    @About("How it ends.") Optional<ExitBlock> exit,
    @About("Who may look into the books.") Optional<AuditBlock> audit,
    @About("Shares that are to be reached in time.") List<PathBlock> paths) {

  record HeadBlock(
      @About("Its name, the same in all versions: small letters, digits, dashes, dots.") Text id,
      @About(value = "Counted from 1.", min = 1, max = 9_999) Integer version,
      @About(value = "The version it takes the place of.", min = 1, max = 9_999)
          Optional<Integer> supersedes,
      @About("Who signed.") List<PartyBlock> parties,
      @About("From when to when; a version ends when the next one begins.") TermBlock term,
      @About("The law it is under.") Optional<Text> governingLaw,
      @About("The currency of its amounts, such as USD.") Text currency,
      @About("How statements round.") RoundingBlock rounding,
      @About("The text it was made from.") SourceBlock source) {}

  record PartyBlock(
      @About("Its name in this file.") Text id,
      @About(value = "What it is.", choices = "roles") Text role,
      @About("Names or kinds of vendors of the settings that are this party's, as patterns.")
          List<Text> vendors,
      @About("Legal entity identifier, 20 letters and digits.") Optional<Text> lei,
      @About("Two letters.") Optional<Text> country) {}

  record TermBlock(
      @About("First day, or instant.") Text from,
      @About(value = "First day, or instant, after it.", byDefault = "no end") Optional<Text> to,
      @About(value = "auto or none.", byDefault = "none", choices = "renewals")
          Optional<Text> renewal,
      @About(value = "So many days before the end a renewal is stopped.", max = 3_650)
          Optional<Integer> renewalNoticeDays) {}

  record RoundingBlock(
      @About(value = "A way of rounding of Java's RoundingMode.", byDefault = "HALF_EVEN")
          Optional<Text> mode,
      @About(value = "Decimals.", byDefault = "those of the currency", max = 12)
          Optional<Integer> scale) {}

  record SourceBlock(
      @About("What the document is called, or its address.") Optional<Text> document,
      @About("SHA-256 of the document, 64 hexadecimal digits.") Optional<Text> sha256,
      @About(value = "contract, press or memory.", byDefault = "contract", choices = "witnesses")
          Optional<Text> witness,
      @About(value = "Where each clause stands.", names = "id of the clause")
          Entries<ClauseBlock> clauses) {}

  record ClauseBlock(
      @About("Such as §4.2.") Optional<Text> section,
      @About("Its words.") Optional<Text> text,
      @About("SHA-256 of its words, stripped at both ends.") Optional<Text> sha256,
      @About(
              value = "contract, press or memory.",
              byDefault = "as the document",
              choices = "witnesses")
          Optional<Text> witness) {}

  record ScopeBlock(
      @About("What is sold, as patterns on the key's tag `product`.") List<Text> products,
      @About("Such as api, app, internal, resale: patterns on the key's tag `channel`.")
          List<Text> channels,
      @About("Patterns for models.") List<Text> models,
      @About("Patterns for vendors or their kinds.") List<Text> vendors,
      @About("Such as eu or us-east.") List<Text> regions,
      @About("Patterns on the key's tag `segment`.") List<Text> segments,
      @About("Patterns for organisations, teams, and the key's tag `customer`.")
          List<Text> customers,
      @About("Patterns on the tag `use`.") List<Text> uses) {}

  record WindowBlock(
      @About(value = "First day, or instant.", byDefault = "the term's") Optional<Text> from,
      @About(value = "First day, or instant, after it.", byDefault = "the term's")
          Optional<Text> to) {}

  record PricesBlock(@About("The price book in the settings that holds these prices.") Text book) {}

  record ShareBlock(
      @About("Its name.") Text id,
      @About("Party.") Text payer,
      @About("Party.") Text payee,
      @About(value = "gross or net.", byDefault = "net", choices = "bases") Optional<Text> base,
      @About("tax, refunds, credits, chargebacks, third-party-fees.") List<Text> deduct,
      @About("Which sales.") ScopeBlock scope,
      @About(value = "marginal or whole.", byDefault = "marginal", choices = "schedules")
          Optional<Text> schedule,
      @About(value = "contract-year or lifetime.", byDefault = "lifetime", choices = "spans")
          Optional<Text> accumulate,
      @About("One after the other; the last has no end.") List<TierBlock> tiers,
      @About("What is paid at the least.") Optional<GuaranteeBlock> minimumGuarantee,
      @About("What is paid at the most.") Optional<CapBlock> cap,
      @About(value = "Whether credit notes take back.", byDefault = "true")
          Optional<Boolean> clawback,
      @About("Trigger whose effect ends it.") Optional<Text> until,
      @About(value = "Days until a statement is due.", byDefault = "30", max = 365)
          Optional<Integer> dueDays,
      @About(value = "From when to when, within the term.") WindowBlock window) {}

  record TierBlock(
      @About("Its end; none for the last.") Optional<Decimal> to,
      @About("Such as 0.2.") Decimal rate) {}

  record GuaranteeBlock(
      @About("A contract year.") Decimal amount,
      @About(value = "Whether it is set off against later shares.", byDefault = "true")
          Optional<Boolean> recoupable) {}

  record CapBlock(
      @About("In the contract's currency.") Decimal amount,
      @About(value = "contract-year or lifetime.", byDefault = "lifetime", choices = "spans")
          Optional<Text> over,
      @About(value = "Whether what is left of a year is added to the next.", byDefault = "false")
          Optional<Boolean> carry) {}

  record ProfitBlock(
      @About("Its name.") Text id,
      @About("Party.") Text holder,
      @About("One after the other; the last has no end.") List<StageBlock> stages,
      @About("What is paid at the most.") Optional<ProfitCapBlock> cap,
      @About("Name of what happens when the cap is reached.") Optional<Text> onCap) {}

  record StageBlock(
      @About("Ends when so much was paid; none for the last.") Optional<Decimal> untilPaid,
      @About("Such as 0.49.") Decimal rate) {}

  record ProfitCapBlock(
      @About("In the contract's currency.") Decimal amount,
      @About("Growth a year, such as 0.2.") Optional<Decimal> growth) {}

  record CommitmentBlock(
      @About("Its name.") Text id,
      @About("Party that promised.") Text debtor,
      @About("Party it was promised to.") Text creditor,
      @About(value = "spend, usage or capacity.", choices = "commitments") Text kind,
      @About("How much over the whole window; of capacity, how many units in every hour of it.")
          Decimal amount,
      @About(value = "Currency, or Tokens, PTU, GSU, MU, GW.") Text unit,
      @About("From when to when.") WindowBlock over,
      @About("So much a month at the least; of capacity, so many units in every hour of it.")
          Optional<Decimal> floorPerMonth,
      @About(value = "contracted or list.", byDefault = "contracted", choices = "counts")
          Optional<Text> counts,
      @About("What counts for it.") ScopeBlock eligible,
      @About(value = "pay, roll or forfeit.", byDefault = "pay", choices = "shortfalls")
          Optional<Text> shortfall,
      @About("How much rolls on.") Optional<RolloverBlock> rollover,
      @About("What is paid before.") Optional<PrepayBlock> prepay,
      @About(
              "What one token costs that was promised and not used, or one unit of capacity for an"
                  + " hour; for what is promised in money there is none.")
          Optional<Decimal> price) {}

  record RolloverBlock(
      @About("Percent of the commitment.") Decimal maxPercent,
      @About(value = "For so many months.", min = 1, max = 120) Integer months) {}

  record PrepayBlock(
      @About("Percent of the commitment.") Decimal percent, @About("Day.") Text at) {}

  record CapacityBlock(
      @About("Its name.") Text id,
      @About("Party.") Text host,
      @About("Patterns for models or deployments it serves.") List<Text> models,
      @About("Where.") Optional<Text> region,
      @About("How many.") Decimal units,
      @About("Such as PTU.") Text unit,
      @About("For one unit and hour.") Decimal pricePerUnitHour,
      @About("From when to when.") WindowBlock window,
      @About("The right of first refusal it is under.") Optional<Text> heldBy,
      @About("What a unit takes.") Optional<ThroughputBlock> throughput,
      @About("Where more than that goes.") Optional<SpillBlock> spillOver) {}

  record ThroughputBlock(
      @About("Input tokens a minute of one unit.") Decimal inputTokensPerMinute,
      @About("How many input tokens one output token counts.") Decimal outputWeight,
      @About(value = "How many a cached one counts.", byDefault = "0")
          Optional<Decimal> cachedWeight) {}

  record SpillBlock(
      @About("Targets, such as `azure/gpt-5`.") List<Text> to,
      @About("At most this share of the calls of the last hour, from 0 to 1.")
          Optional<Decimal> maxShare,
      @About("At most so many times the price inside, by the price books.")
          Optional<Decimal> priceCap) {}

  record ExclusivityBlock(
      @About("Its name.") Text id,
      @About("Party.") Text grantor,
      @About("Party.") Text beneficiary,
      @About(
              value = "exclusive, sole, preferred-first or non-exclusive.",
              choices = "exclusivities")
          Text kind,
      @About(value = "hosting, resale or supply.", choices = "subjects") Text of,
      @About("What it is about.") ScopeBlock scope,
      @About("From when to when.") WindowBlock window,
      @About("When it does not hold.") List<CarveOutBlock> carveOuts,
      @About("For preferred-first: how long after its launch a model is the beneficiary's.")
          Optional<LaunchBlock> firstLaunch) {}

  record CarveOutBlock(
      @About("Its name, for records.") Optional<Text> name,
      @About("While this party's service is out.") Optional<Text> outageOf,
      @About(value = "Once that has lasted so long.", byDefault = "15m")
          Optional<Duration> longerThan,
      @About(value = "So long after its return others may still be asked.", byDefault = "none")
          Optional<Duration> drain,
      @About("For these calls.") ScopeBlock scope) {}

  record LaunchBlock(@About(value = "Days.", min = 1, max = 3_650) Integer days) {}

  record RofrBlock(
      @About("Its name.") Text id,
      @About("Party that may match.") Text holder,
      @About("Party that must offer.") Text grantor,
      @About(value = "capacity, resale or acquisition.", choices = "offers") Text of,
      @About("What it is about.") ScopeBlock scope,
      @About("From when to when.") WindowBlock window,
      @About(value = "So many days for an answer.", min = 1, max = 365) Integer noticeDays,
      @About("How an offer is matched.") MatchBlock match,
      @About(value = "waived or lapsed.", byDefault = "waived", choices = "silences")
          Optional<Text> silence,
      @About(value = "Whether other terms are a new offer.", byDefault = "true")
          Optional<Boolean> recheckIfTermsChange) {}

  record MatchBlock(
      @About(value = "Percent above the offer that count as matched.", byDefault = "0")
          Optional<Decimal> priceTolerancePercent,
      @About(value = "Whether a part may be taken.", byDefault = "false") Optional<Boolean> partial,
      @About("Units at the least.") Optional<Decimal> minUnits) {}

  record TriggerBlock(
      @About("Its id.") Text id,
      @About("What people call it.") Optional<Text> name,
      @About("When it is met.") ConditionBlock condition,
      @About("Who verifies.") VerificationBlock verification,
      @About(value = "Whether a dispute holds the effects up.", byDefault = "true")
          Optional<Boolean> disputeHoldsEffects,
      @About(value = "Days until effects.", byDefault = "0", max = 3_650)
          Optional<Integer> effectiveAfterDays,
      @About("What changes.") List<EffectBlock> effects,
      @About(value = "Whether it ends when its condition does.", byDefault = "false")
          Optional<Boolean> reversible) {}

  record ConditionBlock(
      @About("All of these.") List<ConditionBlock> all,
      @About("One of these.") List<ConditionBlock> any,
      @About("A body of a party, such as `openai.board`.") Optional<Text> declaredBy,
      @About("By which measure it declares.") Optional<Text> standard,
      @About("A metric of this file.") Optional<Text> metric,
      @About(value = "Such as \">=\".", byDefault = ">=", choices = "comparisons")
          Optional<Text> op,
      @About("Threshold.") Optional<Decimal> value,
      @About("Of the threshold.") Optional<Text> currency) {}

  record VerificationBlock(
      @About(
              value = "none, counterparty or expert-panel.",
              byDefault = "none",
              choices = "verifiers")
          Optional<Text> by,
      @About("For counterparty: which party.") Optional<Text> party,
      @About("For expert-panel: who decides.") Optional<PanelBlock> panel,
      @About(value = "Within so many days.", byDefault = "60", min = 1, max = 3_650)
          Optional<Integer> days) {}

  record PanelBlock(
      @About(value = "Members.", min = 1, max = 99) Integer members,
      @About(value = "Votes that decide.", min = 1, max = 99) Integer quorum) {}

  record EffectBlock(
      @About("A clause that ends, such as `revenue-share.rs-1`.") Optional<Text> end,
      @About("A clause that stays.") Optional<Text> keep,
      @About("For keep: until when.") Optional<Text> until,
      @About(value = "What becomes something else.", names = "such as `exclusivity.ex-1`")
          Entries<Text> set,
      @About("Targets that may not be asked any more.") Optional<DenyBlock> deny) {}

  record DenyBlock(
      @About("Patterns for models.") List<Text> models,
      @About("Patterns for vendors or kinds.") List<Text> vendors) {}

  record LicenseBlock(
      @About("Its id.") Text id,
      @About(value = "models, weights, products or research.", choices = "licensed") Text of,
      @About("Party that gives it.") Text licensor,
      @About("Party that has it.") Text licensee,
      @About("What it is about.") ScopeBlock scope,
      @About(value = "Whether nobody else has it.", byDefault = "false")
          Optional<Boolean> exclusive,
      @About(value = "First day, or instant, after it.", byDefault = "the term's")
          Optional<Text> until,
      @About(value = "Whether it may be given on.", byDefault = "false")
          Optional<Boolean> sublicense,
      @About(value = "Whether on one's own machines.", byDefault = "false")
          Optional<Boolean> onPremises,
      @About("Who keeps a copy, and when it is given out.") Optional<EscrowBlock> escrow) {}

  record EscrowBlock(
      @About("Who keeps it.") Text agent,
      @About("When it is given out, such as insolvency, once it is told.") List<Text> releaseOn) {}

  record DataUseBlock(
      @About("Of what it holds; everything served by the vendors of its parties if left out.")
          ScopeBlock scope,
      @About(value = "Whether what is sent may be trained on.", byDefault = "false")
          Optional<Boolean> inputsTrain,
      @About(value = "Whether answers may train a competing model.", byDefault = "true")
          Optional<Boolean> outputsTrainCompeting,
      @About(value = "Days that what is sent is kept.", max = 36_500)
          Optional<Integer> retentionDays,
      @About(value = "Whether people read it.", byDefault = "false") Optional<Boolean> humanReview,
      @About("When others may be let in.") Optional<Text> subprocessors,
      @About("Regions in which it is processed and kept.") List<Text> residency) {}

  record RegionsBlock(
      @About("Of what it holds.") ScopeBlock scope,
      @About("Nowhere else.") List<Text> allow,
      @About("Not there.") List<Text> deny,
      @About(
              "Segments and countries that are not served, by the key's tags `segment` and `country`.")
          List<Text> exportControl) {}

  record NoticeBlock(
      @About(value = "Days before it ends.", names = "party", max = 3_650)
          Entries<Integer> termination,
      @About(value = "Days before a price changes.", max = 3_650) Optional<Integer> priceChange,
      @About(value = "Days before a model goes.", max = 3_650) Optional<Integer> modelRetirement,
      @About(value = "Days before a subprocessor comes.", max = 3_650)
          Optional<Integer> subprocessor,
      @About(value = "calendar or business.", byDefault = "calendar", choices = "calendars")
          Optional<Text> calendar,
      @About(value = "Days until what was sent counts as received.", byDefault = "0", max = 60)
          Optional<Integer> deemedReceiptDays,
      @About(
              value = "Whether an end on a day off moves to the next business day.",
              byDefault = "true")
          Optional<Boolean> endsOnBusinessDay,
      @About("Days off beside Saturdays and Sundays.") List<Text> holidays) {}

  record ControlBlock(
      @About("Party.") Text of,
      @About("Who must not take it over.") List<Text> competitors,
      @About(value = "Days in which the contract may be ended.", byDefault = "60", max = 3_650)
          Optional<Integer> terminateRightDays,
      @About(value = "Months in which prices stay.", byDefault = "0", max = 120)
          Optional<Integer> priceLockMonths,
      @About(value = "Whether escrow is given out.", byDefault = "false")
          Optional<Boolean> escrowRelease) {}

  record AssignmentBlock(@About("Whether the other party must agree.") Boolean requiresConsent) {}

  record FavourBlock(
      @About("What it is about.") ScopeBlock scope,
      @About(value = "credit.", byDefault = "credit") Optional<Text> remedy) {}

  record SlaBlock(
      @About("Such as 0.999.") Decimal availability,
      @About("What is credited.") List<CreditBlock> credits,
      @About(value = "95 of 100 calls answer within so many milliseconds.", min = 1)
          Optional<Integer> latencyP95Ms,
      @About("What does not count, such as maintenance, once it is told when that was.")
          List<Text> exclude) {}

  record CreditBlock(
      @About("Below this availability.") Decimal below,
      @About("Of the month's bill.") Decimal percent) {}

  record ExitBlock(
      @About(value = "Months that it goes on.", max = 120) Optional<Integer> transitionMonths,
      @About(value = "Whether one is helped.", byDefault = "false") Optional<Boolean> assistance,
      @About("How data is given back.") Optional<ReturnBlock> dataReturn,
      @About(value = "Whether deletion is certified.", byDefault = "false")
          Optional<Boolean> deletionCertificate,
      @About("What access costs meanwhile.") Optional<Text> continuedAccessPrice) {}

  record ReturnBlock(
      @About("Such as JSON Lines.") Text format,
      @About(value = "Within so many days.", max = 3_650) Integer days) {}

  record AuditBlock(
      @About("Who.") List<Text> by,
      @About("How often.") Optional<Text> frequency,
      @About(value = "Whether together with others.", byDefault = "false")
          Optional<Boolean> pooled) {}

  record PathBlock(
      @About("Its id.") Text id,
      @About("Party whose share is to fall.") Text awayFrom,
      @About("What of the traffic it is about.") ScopeBlock scope,
      @About("From when to when.") WindowBlock window,
      @About("Share elsewhere at its beginning, such as 0.") Decimal start,
      @About("Share elsewhere at its end, such as 0.75.") Decimal end,
      @About(value = "Whether it is a term of the contract, or a goal.", byDefault = "false")
          Optional<Boolean> binding) {}
}
