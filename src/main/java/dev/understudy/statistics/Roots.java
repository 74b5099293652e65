package dev.understudy.statistics;

import java.util.function.DoubleUnaryOperator;

/** Finds where a function crosses zero. */
final class Roots {
  private static final int STEPS_MAX = 200;

  private Roots() {}

  /**
   * Halves until the ends are neighbours, or as near as {@code tolerance}. The function must be of
   * opposite signs at the ends; where it is not, the end whose value is nearer to zero is the
   * answer.
   */
  static double bisect(DoubleUnaryOperator f, double low, double high, double tolerance) {
    double fLow = f.applyAsDouble(low);
    double fHigh = f.applyAsDouble(high);
    if (fLow == 0) {
      return low;
    }
    if (fHigh == 0) {
      return high;
    }
    if (Math.signum(fLow) == Math.signum(fHigh)) {
      return Math.abs(fLow) <= Math.abs(fHigh) ? low : high;
    }
    for (int step = 0; step < STEPS_MAX && high - low > tolerance; step++) {
      double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      double fMiddle = f.applyAsDouble(middle);
      if (fMiddle == 0) {
        return middle;
      }
      if (Math.signum(fMiddle) == Math.signum(fLow)) {
        low = middle;
        fLow = fMiddle;
      } else {
        high = middle;
      }
    }
    return low + (high - low) / 2;
  }

  /**
   * Brent's method in the classic form that R calls {@code zeroin}: stops within twice the
   * machine's precision of the root plus half of {@code tolerance}. Where the last step ends
   * matters to whoever wants the same classification as tools that use it (Brent, Algorithms for
   * Minimization without Derivatives, 1973, chapter 4).
   */
  static double zeroin(DoubleUnaryOperator f, double low, double high, double tolerance) {
    double a = low;
    double b = high;
    double fa = f.applyAsDouble(a);
    double fb = f.applyAsDouble(b);
    if (fa == 0) {
      return a;
    }
    if (fb == 0) {
      return b;
    }
    double c = a;
    double fc = fa;
    for (int step = 0; step < 1_000; step++) {
      double previousStep = b - a;
      if (Math.abs(fc) < Math.abs(fb)) {
        a = b;
        b = c;
        c = a;
        fa = fb;
        fb = fc;
        fc = fa;
      }
      double near = 2 * Math.ulp(1.0) * Math.abs(b) + tolerance / 2;
      double half = (c - b) / 2;
      if (Math.abs(half) <= near || fb == 0) {
        return b;
      }
      double next = half;
      if (Math.abs(previousStep) >= near && Math.abs(fa) > Math.abs(fb)) {
        next = interpolated(a, fa, b, fb, c, fc, previousStep, near, half);
      }
      if (Math.abs(next) < near) {
        next = next > 0 ? near : -near;
      }
      a = b;
      fa = fb;
      b += next;
      fb = f.applyAsDouble(b);
      if ((fb > 0) == (fc > 0)) {
        c = a;
        fc = fa;
      }
    }
    return b;
  }

  private static double interpolated(
      double a,
      double fa,
      double b,
      double fb,
      double c,
      double fc,
      double previousStep,
      double near,
      double half) {
    double wide = c - b;
    double p;
    double q;
    if (a == c) {
      double t = fb / fa;
      p = wide * t;
      q = 1 - t;
    } else {
      double ac = fa / fc;
      double bc = fb / fc;
      double ba = fb / fa;
      p = ba * (wide * ac * (ac - bc) - (b - a) * (bc - 1));
      q = (ac - 1) * (bc - 1) * (ba - 1);
    }
    if (p > 0) {
      q = -q;
    } else {
      p = -p;
    }
    boolean trusted =
        p < 0.75 * wide * q - Math.abs(near * q) / 2 && p < Math.abs(previousStep * q / 2);
    return trusted ? p / q : half;
  }
}
