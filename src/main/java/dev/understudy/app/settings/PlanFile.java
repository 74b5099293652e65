package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.BreakersBlock;
import dev.understudy.text.About;
import dev.understudy.text.Entries;

/** What a plan that is put in force while the gateway runs may hold. */
record PlanFile(
    @About("Names for callers to ask for, and who answers.") Entries<RouteBlock> routes,
    @About("When a target that fails is taken out, and for how long.") BreakersBlock breakers) {}
