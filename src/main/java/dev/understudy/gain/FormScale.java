package dev.understudy.gain;

import java.util.List;

/**
 * The usual size of each figure of form, so that figures count alike: mean and standard deviation
 * over the prompts that were learned from. What is further out than three of these counts as three.
 *
 * @param means one for each figure
 * @param spreads one for each figure; 0 where it was always the same, and tells nothing
 */
record FormScale(float[] means, float[] spreads) {
  private static final double SPREADS_MAX = 3;

  /** What one standard deviation weighs beside all words of a prompt together, which weigh one. */
  private static final double WEIGHT = 0.1;

  FormScale {
    if (means.length != Reading.FORM.size() || spreads.length != means.length) {
      throw new IllegalArgumentException("a scale has a mean and a spread for each figure");
    }
  }

  static FormScale of(List<Reading> readings) {
    int size = Reading.FORM.size();
    float[] means = new float[size];
    float[] spreads = new float[size];
    for (int i = 0; i < size; i++) {
      int at = i;
      double mean = readings.stream().mapToDouble(r -> r.form[at]).average().orElse(0);
      double square =
          readings.stream().mapToDouble(r -> (r.form[at] - mean) * (r.form[at] - mean)).sum();
      means[i] = (float) mean;
      spreads[i] = (float) Math.sqrt(square / Math.max(1, readings.size()));
    }
    return new FormScale(means, spreads);
  }

  float[] scaled(double[] form) {
    float[] scaled = new float[form.length];
    for (int i = 0; i < form.length; i++) {
      double by = spreads[i] == 0 ? 0 : (form[i] - means[i]) / spreads[i];
      scaled[i] = (float) (WEIGHT * Math.clamp(by, -SPREADS_MAX, SPREADS_MAX));
    }
    return scaled;
  }
}
