/**
 * What operations on ranges of pages and what searches cost; compiled and run by the Maven profile
 * {@code bench}.
 */
@NullMarked
package dev.faultline.bench;

import org.jspecify.annotations.NullMarked;
