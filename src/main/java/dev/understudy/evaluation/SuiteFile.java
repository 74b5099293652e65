package dev.understudy.evaluation;

import dev.understudy.text.About;
import dev.understudy.text.Anything;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Place;
import dev.understudy.text.Text;
import java.util.List;
import java.util.Optional;

/** What a suite's file holds; {@code docs/reference/qualification.md} shows one. */
record SuiteFile(
    @About("its name in reports") Text suite,
    @About("what is compared: pass, score or preference") Optional<Text> metric,
    @About("how much worse the candidate may be") Decimal margin,
    @About("accepted chance of a wrong verdict") Optional<Decimal> alpha,
    @About("chance to qualify an equal candidate that is planned for") Optional<Decimal> power,
    @About("answers to each question") Optional<Integer> repeats,
    @About("share of cases that vendors may fail") Optional<Decimal> failuresMax,
    @About("of the sampling") Optional<Decimal> temperature,
    @About("most tokens of an answer") Optional<Integer> maxTokens,
    @About("system message of every case without one") Optional<Text> system,
    @About("how an ideal answer is compared") Optional<Text> ideal,
    @About("demands on every answer") List<CheckBlock> checks,
    @About("demands on slices, by dimension:value") Entries<GateBlock> gates,
    @About("who judges, and how") Optional<JudgeBlock> judge,
    @About("what to do with demands of other tools that are not known: refuse or leave-out")
        Optional<Text> unsupported,
    @About("how instructions of IFEval tell a language: published or lenient")
        Optional<Text> languages,
    @About("files with more cases") List<Text> caseFiles,
    @About("the cases") List<CaseBlock> cases) {

  /**
   * Who judges.
   *
   * @param place where the block begins
   */
  record JudgeBlock(
      Place place,
      @About("one, or several for a panel: vendor/model or routes") List<Text> targets,
      @About("how they answer: json, tagged or token") Optional<Text> answer,
      @About("the best grade") Optional<Integer> scale,
      @About("both, or one that is drawn for each case") Optional<Text> orders,
      @About("how a panel decides: majority or mean") Optional<Text> panel,
      @About("what makes one answer better than another") Optional<Text> criteria,
      @About("most tokens of a judge's reply") Optional<Integer> maxTokens,
      @About("file with what people said of the same answers") Optional<Text> labels) {}

  record GateBlock(@About("the most that may fail in truth") Decimal failureRateMax) {}

  record CaseBlock(
      @About("unique in the suite") Optional<Text> id,
      @About("what the user asks") Optional<Text> input,
      @About("a whole conversation instead") List<TurnBlock> messages,
      @About("tools on offer, as JSON") Optional<Text> tools,
      @About("what the case belongs to") Entries<Text> slices,
      @About("cases that are alike") Optional<Text> cluster,
      @About("good answers: one, or a list") Optional<Anything> ideal,
      @About("demands on the answer") List<CheckBlock> checks) {}

  record TurnBlock(
      @About("system, user or assistant") Text role, @About("the text") Text content) {}

  record CheckBlock(
      @About("kind of demand") Text type,
      @About("what is wanted") Optional<Anything> value,
      @About("several of them") List<Anything> values,
      @About("how far a number may be off") Optional<Decimal> tolerance,
      @About("least score that passes") Optional<Decimal> threshold,
      @About("among the case's demands") Optional<Decimal> weight) {}
}
