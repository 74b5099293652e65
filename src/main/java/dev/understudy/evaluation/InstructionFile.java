package dev.understudy.evaluation;

import dev.understudy.text.Nearness;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads cases of IFEval: a prompt, and a check for each of its instructions. */
final class InstructionFile {
  /** What an instruction cannot be checked without; those that need nothing are not here. */
  private static final Map<String, List<String>> NEEDED =
      Map.ofEntries(
          Map.entry(
              "change_case:capital_word_frequency",
              List.of("capital_relation", "capital_frequency")),
          Map.entry("combination:repeat_prompt", List.of("prompt_to_repeat")),
          Map.entry("detectable_content:number_placeholders", List.of("num_placeholders")),
          Map.entry("detectable_content:postscript", List.of("postscript_marker")),
          Map.entry(
              "detectable_format:multiple_sections", List.of("section_spliter", "num_sections")),
          Map.entry("detectable_format:number_bullet_lists", List.of("num_bullets")),
          Map.entry("detectable_format:number_highlighted_sections", List.of("num_highlights")),
          Map.entry("keywords:existence", List.of("keywords")),
          Map.entry("keywords:forbidden_words", List.of("forbidden_words")),
          Map.entry("keywords:frequency", List.of("relation", "keyword", "frequency")),
          Map.entry(
              "keywords:letter_frequency", List.of("let_relation", "letter", "let_frequency")),
          Map.entry("language:response_language", List.of("language")),
          Map.entry(
              "length_constraints:nth_paragraph_first_word",
              List.of("first_word", "num_paragraphs", "nth_paragraph")),
          Map.entry("length_constraints:number_paragraphs", List.of("num_paragraphs")),
          Map.entry("length_constraints:number_sentences", List.of("relation", "num_sentences")),
          Map.entry("length_constraints:number_words", List.of("relation", "num_words")),
          Map.entry("special_character:dieresis", List.of("let_frequency")),
          Map.entry("special_character:enie", List.of("let_frequency")),
          Map.entry("special_character:tildes", List.of("relation", "num_words")),
          Map.entry("startend:end_checker", List.of("end_phrase")));

  /** As IFEval and its Spanish counterpart (M-IFEval) write them. */
  private static final List<String> RELATIONS =
      List.of("at least", "less than", "al menos", "como máximo");

  private InstructionFile() {}

  static boolean isOne(JsonNode line) {
    return line.has("prompt") && line.has("instruction_id_list");
  }

  static CaseLine.Raw read(JsonNode line, LanguageRule languages) throws CaseLine.BadLine {
    if (!line.get("prompt").isString()) {
      throw new CaseLine.BadLine("/prompt", "prompt is a text");
    }
    JsonNode ids = line.get("instruction_id_list");
    if (!ids.isArray() || ids.isEmpty()) {
      throw new CaseLine.BadLine(
          "/instruction_id_list", "instruction_id_list is a list of one instruction or more");
    }
    var checks = new ArrayList<Check>();
    var kinds = new LinkedHashSet<String>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i).asString("");
      String pointer = "/instruction_id_list/" + i;
      JsonNode kwargs = line.path("kwargs").path(i);
      Instruction instruction =
          Instruction.of(id, kwargs, languages)
              .orElseThrow(() ->
                  new CaseLine.BadLine(pointer, "unknown instruction " + Nearness.quoted(id)));
      check(id.replaceFirst("^[a-z]{2}:", ""), kwargs, languages, pointer);
      kinds.add(id.replaceFirst("^[a-z]{2}:", "").replaceFirst(":.*$", ""));
      checks.add(
          new Check(id.replaceFirst("^en:", ""), new Scorer.Follows(instruction), false, 1, 1));
    }
    return new CaseLine.Raw(
        "ifeval-" + line.path("key").asString(""),
        List.of(new Turn("user", line.get("prompt").asString(""))),
        "",
        kinds.size() == 1
            ? Map.of("instruction", kinds.getFirst())
            : Map.of("instruction", "several"),
        "",
        List.of(),
        List.of(),
        checks);
  }

  /** An instruction without what it is about would be kept by anything, or by nothing. */
  private static void check(String id, JsonNode kwargs, LanguageRule languages, String pointer)
      throws CaseLine.BadLine {
    for (String needed : NEEDED.getOrDefault(id, List.of())) {
      JsonNode value = kwargs.path(needed);
      if (value.isMissingNode() || value.isNull()) {
        throw new CaseLine.BadLine(pointer, "%s has no %s in kwargs".formatted(id, needed));
      }
      if (needed.endsWith("relation") && !RELATIONS.contains(value.asString(""))) {
        throw new CaseLine.BadLine(
            pointer,
            "unknown %s %s; known: %s"
                .formatted(
                    needed, Nearness.quoted(value.asString("")), String.join(", ", RELATIONS)));
      }
      if (needed.equals("language") && !languages.known().contains(value.asString(""))) {
        throw new CaseLine.BadLine(
            pointer,
            "unknown language %s, which no answer would be in; known: %s"
                .formatted(
                    Nearness.quoted(value.asString("")), String.join(", ", languages.known())));
      }
    }
  }
}
