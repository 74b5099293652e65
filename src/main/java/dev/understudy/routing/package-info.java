/** Which targets answer a call. */
@NullMarked
package dev.understudy.routing;

import org.jspecify.annotations.NullMarked;
