package dev.understudy.sandbox;

/** Whose ways of saying things a sandbox server imitates: ids, headers, usage, errors. */
public enum Accent {
  OPENAI,
  XAI,
  DEEPSEEK,
  META,
  MAI,
  ANTHROPIC,
  GOOGLE,
  BEDROCK
}
