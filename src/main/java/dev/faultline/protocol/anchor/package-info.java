/**
 * The trust anchor: what the mode's hardware, firmware or hypervisor keeps of each guest frame.
 *
 * <p>Which states there are, and who moves a page from one to another, is a table in the mode's
 * file. In {@code conf/mode/tdx.yaml} it is the secure EPT:
 *
 * <pre>
 *   absent --augment--&gt; pending --accept--&gt; accepted        augment by KVM, accept by the guest
 *   pending, accepted --block--&gt; blocked --remove--&gt; absent  by KVM, with track in between
 * </pre>
 *
 * <p>and in {@code conf/mode/pkvm.yaml} the pair of owners at EL2, moved by the guest:
 *
 * <pre>
 *   absent --donate--&gt; owned --share--&gt; lent --unshare--&gt; owned
 *   owned --force-reclaim--&gt; poisoned            by the host's kernel
 * </pre>
 *
 * <p>A call is answered once the inodes have taken what it changes for the host; others wait:
 *
 * <pre>
 *   idle --call--&gt; answered                                   nothing changes for the host
 *   idle --call--&gt; pending --every inode has taken it--&gt; answered, next call
 * </pre>
 */
@NullMarked
package dev.faultline.protocol.anchor;

import org.jspecify.annotations.NullMarked;
