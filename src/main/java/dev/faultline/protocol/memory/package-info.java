/** Frames, ranges of them, maps over ranges, and errnos. */
@NullMarked
package dev.faultline.protocol.memory;

import org.jspecify.annotations.NullMarked;
