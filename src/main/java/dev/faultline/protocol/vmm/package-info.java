/**
 * The VMM: handles exits, converts by its profile's steps, unblocks what blocks.
 *
 * <pre>
 *   a conversion
 *
 *   steps --all done--&gt; replied
 *   steps --blocked--&gt; fixing --something given back--&gt; steps
 *                      fixing --nothing to give back--&gt; pause or notification --&gt; steps
 *   blocked too often --&gt; cancel, where the revision has it --&gt; replied with the profile's errno
 * </pre>
 *
 * <p>It is moved by exits of KVM, by its script, by answers to its own calls, and by a timer while
 * it pauses.
 */
@NullMarked
package dev.faultline.protocol.vmm;

import org.jspecify.annotations.NullMarked;
