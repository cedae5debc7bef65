/**
 * Holds the model against a real kernel: recorded operations are put to it, and every answer is
 * compared with what the kernel answered.
 *
 * <p>{@link dev.faultline.conform.TraceReader} reads a recorded {@link
 * dev.faultline.conform.Trace}, {@link dev.faultline.conform.Conformance} puts its operations to a
 * {@link dev.faultline.conform.Model}, one after the other.
 */
@NullMarked
package dev.faultline.conform;

import org.jspecify.annotations.NullMarked;
