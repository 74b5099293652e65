package dev.understudy.gateway;

import java.util.regex.Pattern;

/** Takes out of texts what looks like a key, for people paste keys into prompts. */
final class Redaction {
  private static final String GONE = "[redacted]";

  private static final Pattern SHAPES =
      Pattern.compile(
          String.join(
              "|",
              "-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?s:.)*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\\z)",
              "(?i:bearer|basic)\\s{1,3}[A-Za-z0-9._~+/=-]{8,}+",
              "\\b(?:sk|pk|rk|uk|xai|gsk|hf|pplx|nvapi|ghp|gho|ghs|github_pat|glpat|xox[abprs])[-_][A-Za-z0-9_-]{12,}+",
              "\\b(?:AKIA|ASIA)[A-Z0-9]{12,}+",
              "\\bAIza[A-Za-z0-9_-]{20,}+",
              "\\bya29\\.[A-Za-z0-9._-]{8,}+",
              "\\beyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]*+"));

  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(\\b[a-z0-9_-]{0,30}(?:password|passwd|secret|api[_-]?key|access[_-]?key|token)\"?\\s{0,3}[:=]\\s{0,3}\"?)"
              + "[^\\s\",;]{6,}+");

  private Redaction() {}

  static String of(String text) {
    return NAMED.matcher(SHAPES.matcher(text).replaceAll(GONE)).replaceAll("$1" + GONE);
  }
}
