/**
 * A learned estimate of what a stronger model gains on a request over a cheaper one: trained on
 * outcomes of both, kept in one small file, asked in microseconds, without any network.
 */
@NullMarked
package dev.understudy.gain;

import org.jspecify.annotations.NullMarked;
