/**
 * Searches all interleavings of a {@link dev.faultline.explore.Model}.
 *
 * <p>A model says what there is and who can act; the engine numbers values ({@code Space}),
 * remembers decisions by what they read ({@code Memo}), and keeps an exact set of states ({@code
 * Store}). {@code Search} goes level by level.
 */
@NullMarked
package dev.faultline.explore;

import org.jspecify.annotations.NullMarked;
