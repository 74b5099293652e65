package dev.understudy.text;

/** An amount of bytes, which people write as {@code 64MiB} or {@code 1000}. */
public record ByteCount(long bytes) {}
