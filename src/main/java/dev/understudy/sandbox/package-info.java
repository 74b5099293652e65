/**
 * Vendors in a box: real HTTP servers on loopback that speak the vendors' protocols, so that the
 * product runs and is tested without keys. What they send is written here independently of {@code
 * protocol}, because a mistake that both shared would cancel out.
 */
@NullMarked
package dev.understudy.sandbox;

import org.jspecify.annotations.NullMarked;
