/** What operations on ranges of pages cost; compiled and run by the Maven profile {@code bench}. */
@NullMarked
package dev.faultline.bench;

import org.jspecify.annotations.NullMarked;
