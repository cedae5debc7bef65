/** Tests of what reads YAML files: every message in full, and that nothing a user writes throws. */
@NullMarked
package dev.faultline.scenario.yaml;

import org.jspecify.annotations.NullMarked;
