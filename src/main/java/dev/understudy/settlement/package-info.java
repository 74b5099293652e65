/** What contracts come to for what was used and sold: statements, invoices, and their booking. */
@NullMarked
package dev.understudy.settlement;

import org.jspecify.annotations.NullMarked;
