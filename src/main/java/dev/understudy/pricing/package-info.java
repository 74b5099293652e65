/** What a token costs, since when: price books as dated data, and the cost of a usage by them. */
@NullMarked
package dev.understudy.pricing;

import org.jspecify.annotations.NullMarked;
