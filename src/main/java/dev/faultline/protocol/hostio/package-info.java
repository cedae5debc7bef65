/**
 * Host users of guest memory: threads of host processes, devices, io_uring, O_DIRECT transfers.
 *
 * <pre>
 *   an operation   idle --script--&gt; under way --answer--&gt; idle
 *   a pin          none --get_user_pages--&gt; held --unpin, or the VMM's Unregister--&gt; none
 *                  (a transfer through it is finished first)
 * an io_uring    open --script--&gt; closed: its pins go with a step of their own, later
 *   its process    alive --SIGBUS, kill--&gt; dead: mappings go, then pins
 * </pre>
 */
@NullMarked
package dev.faultline.protocol.hostio;

import org.jspecify.annotations.NullMarked;
