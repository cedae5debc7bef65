/** Hand-made designs, worlds and runs for tests. */
@NullMarked
package dev.faultline.testing;

import org.jspecify.annotations.NullMarked;
