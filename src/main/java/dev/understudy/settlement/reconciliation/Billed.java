package dev.understudy.settlement.reconciliation;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * The lines of one day, name, model, meter and class of service, put together.
 *
 * @param amount in whole units of the currency
 * @param decimals the most that any of them is written with
 * @param lines how many they are
 * @param quantity empty unless all of them state one
 */
record Billed(
    String name,
    String model,
    Meter meter,
    String tier,
    BigDecimal amount,
    int decimals,
    int lines,
    Optional<BigDecimal> quantity) {}
