/** Who owes whom: debits and credits that balance, are never changed, and are chained by hashes. */
@NullMarked
package dev.understudy.ledger;

import org.jspecify.annotations.NullMarked;
