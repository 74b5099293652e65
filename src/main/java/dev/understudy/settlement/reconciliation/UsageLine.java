package dev.understudy.settlement.reconciliation;

import java.math.BigDecimal;
import java.time.LocalDate;

/** What a vendor's usage API counted: tokens of one model and meter on one day. */
public record UsageLine(
    LocalDate day, String model, Meter meter, String tier, BigDecimal quantity) {}
