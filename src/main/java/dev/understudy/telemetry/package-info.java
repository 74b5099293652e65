/** What happened, told to people and their tools: log lines, metrics, spans, recent calls. */
@NullMarked
package dev.understudy.telemetry;

import org.jspecify.annotations.NullMarked;
