package dev.understudy.text;

import java.math.BigDecimal;

/** A decimal number from a file, exactly as written, and where it stands. */
public record Decimal(Place place, BigDecimal value) {}
