/** Bedrock Converse and ConverseStream as a vendor speaks them; no caller speaks them to us. */
@NullMarked
package dev.understudy.protocol.bedrock;

import org.jspecify.annotations.NullMarked;
