package dev.understudy.evaluation;

import java.util.List;

/** How instructions about a language tell which one a text is in. */
enum LanguageRule {
  /**
   * By the method of IFEval's own checker, errors and all, so that figures compare with others'.
   */
  PUBLISHED {
    @Override
    double chance(String text, String language) {
      return LanguageOdds.of(text, language);
    }

    @Override
    List<String> known() {
      return NgramProfiles.published().languages();
    }
  },

  /** By script and commonest words; where there is nothing to go by, nobody is blamed. */
  LENIENT {
    @Override
    double chance(String text, String language) {
      return Languages.isLikely(text, language) ? 1 : 0;
    }

    @Override
    List<String> known() {
      return Languages.known();
    }
  };

  /** How likely the rule is to take a text for a language, from 0 to 1. */
  abstract double chance(String text, String language);

  /** The languages it can tell, by their codes. */
  abstract List<String> known();
}
