package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Part;

/** Hears where each part stands while a request is read. */
interface PartPlaces {
  /** Nobody wants to know. */
  PartPlaces UNHEARD = (_, _) -> {};

  void note(Part part, String path);
}
