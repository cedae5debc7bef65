/**
 * A journal as a file: one JSON object a line, each with a checksum that is chained to the line
 * before.
 *
 * <p>The last member of a line is {@code "sum"}: the first eight bytes, in hex, of the SHA-256 over
 * the sum of the line before (sixteen zeros at first) and the line without its own sum. So a
 * changed, a missing, a strange and a swapped line are found, and named.
 */
@NullMarked
package dev.faultline.journal.file;

import org.jspecify.annotations.NullMarked;
