/** What a person writes in understudy.yaml, and what it comes to. */
@NullMarked
package dev.understudy.app.settings;

import org.jspecify.annotations.NullMarked;
