/** Scenarios and designs: what they are, their YAML, and the pure runner. */
@NullMarked
package dev.faultline.scenario;

import org.jspecify.annotations.NullMarked;
