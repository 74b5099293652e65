/** Who speaks which protocol, where, and with which credential. */
@NullMarked
package dev.understudy.vendor;

import org.jspecify.annotations.NullMarked;
