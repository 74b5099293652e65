package dev.understudy.contract;

import java.util.List;
import java.util.Optional;

/**
 * What may be done with what is sent to vendors, and with what they answer.
 *
 * @param scope of what it holds
 * @param inputsTrain whether the vendor may train on what is sent
 * @param outputsTrainCompeting whether answers may train a model that competes with the vendor's
 * @param retentionDays how long the vendor keeps what is sent; empty if not said
 * @param humanReview whether the vendor's people may read it
 * @param subprocessors when the vendor may let others in; empty if not said
 * @param residency regions in which it is processed and kept; empty: any
 */
public record DataUse(
    Scope scope,
    boolean inputsTrain,
    boolean outputsTrainCompeting,
    Optional<Integer> retentionDays,
    boolean humanReview,
    String subprocessors,
    List<String> residency) {
  public DataUse {
    residency = List.copyOf(residency);
  }
}
