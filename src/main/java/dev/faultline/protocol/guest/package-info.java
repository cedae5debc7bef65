/**
 * A vCPU of the guest, and what its kernel believes of memory.
 *
 * <pre>
 *   an operation  idle --script--&gt; MapGPA --RETRY--&gt; MapGPA ... --SUCCESS or given up--&gt; idle
 *                 idle --script--&gt; load, store, accept --done--&gt; idle
 *   the vCPU      runs --the VMM does not run it again--&gt; stopped
 * </pre>
 */
@NullMarked
package dev.faultline.protocol.guest;

import org.jspecify.annotations.NullMarked;
