package dev.understudy.gateway;

/** Decides whether somebody else may answer what one vendor refused. */
final class Retries {
  private Retries() {}

  enum Next {
    /** The caller caused it, so everybody would refuse. */
    NOBODY,
    /** This key is the trouble: another key of the same vendor, then another target. */
    OTHER_CREDENTIAL,
    OTHER_TARGET
  }

  static Next afterStatus(int status) {
    return switch (status) {
      case 401, 402, 403, 429 -> Next.OTHER_CREDENTIAL;
      case 408 -> Next.OTHER_TARGET;
      default -> status >= 500 ? Next.OTHER_TARGET : Next.NOBODY;
    };
  }
}
