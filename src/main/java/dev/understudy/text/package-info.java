/** Reading what people write: settings in YAML with the place of every mistake, and near names. */
@NullMarked
package dev.understudy.text;

import org.jspecify.annotations.NullMarked;
