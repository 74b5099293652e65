/**
 * Our records, what vendors' replies said a call cost, and vendors' bills, held against each other
 * day by day: each difference is explained or listed as unexplained.
 */
@NullMarked
package dev.understudy.settlement.reconciliation;

import org.jspecify.annotations.NullMarked;
