/**
 * Finished calls on disk, from before their last byte goes out until they are in the store: the
 * calls' path appends to a file that is mapped into memory, a thread of its own carries on from
 * there.
 */
@NullMarked
package dev.understudy.journal;

import org.jspecify.annotations.NullMarked;
