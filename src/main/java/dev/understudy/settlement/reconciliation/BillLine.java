package dev.understudy.settlement.reconciliation;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One line of a vendor's bill.
 *
 * @param name as the vendor has it
 * @param model in the vendor's words; empty where the line is for no model
 * @param tier the class of service, such as {@code batch}; empty where it is not said
 * @param amount as the vendor states it, in whole units of the currency
 * @param decimals how many decimals the vendor wrote, of whole units
 * @param quantity what was counted, where the line says it
 */
public record BillLine(
    LocalDate day,
    String name,
    String model,
    Meter meter,
    String tier,
    Money amount,
    int decimals,
    Optional<BigDecimal> quantity) {}
