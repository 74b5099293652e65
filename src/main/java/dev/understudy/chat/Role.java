package dev.understudy.chat;

/**
 * Who speaks. Results of tools are parts of a {@link #USER} message: whoever holds the conversation
 * brings them.
 */
public enum Role {
  SYSTEM,
  DEVELOPER,
  USER,
  ASSISTANT
}
