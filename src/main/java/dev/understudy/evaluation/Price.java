package dev.understudy.evaluation;

import java.math.BigDecimal;

/**
 * The most that an answer may cost, in the currency of its price book.
 *
 * @param most above zero
 */
public record Price(BigDecimal most) implements Measure {}
