package dev.understudy.text;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a setting means, for the reference page and the schema, and within which bounds it holds.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface About {
  /** A sentence or two for the reference page. */
  String value();

  /** What holds when it is not set, as a person would write it; empty if nothing does. */
  String byDefault() default "";

  /** What the names of an open block stand for. */
  String names() default "";

  /** The name of a list of what may be written; empty if anything may. */
  String choices() default "";

  /** The least whole number. */
  long min() default 0;

  /** The greatest whole number. */
  long max() default Long.MAX_VALUE;
}
