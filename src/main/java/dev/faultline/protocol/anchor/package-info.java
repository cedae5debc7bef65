/**
 * The trust anchor: the TDX module with its secure EPT.
 *
 * <pre>
 *   a guest frame in the secure EPT
 *
 *   absent --AUGMENT--&gt; pending --ACCEPT--&gt; accepted        AUGMENT by KVM, ACCEPT by the guest
 *   pending, accepted --BLOCK--&gt; blocked --REMOVE--&gt; absent  by KVM, with TRACK in between
 * </pre>
 *
 * <p>REMOVE destroys the content; a page that comes again is zero and pending.
 */
@NullMarked
package dev.faultline.protocol.anchor;

import org.jspecify.annotations.NullMarked;
