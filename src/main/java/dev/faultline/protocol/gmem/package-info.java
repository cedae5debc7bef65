/**
 * The gmem inode: attributes, page cache, page tables, bytes, locks, and the operations under way.
 *
 * <pre>
 *   a page of the file                     moved by
 *
 *   absent --added--&gt; folio                host fault, guest fault (GetFolio)
 *   folio  --zeroed--&gt; up to date          the first of either (ZeroIfNew)
 *   folio  --mapped--&gt; in a page table     host fault (MapPage)
 *   folio  --pinned--&gt; pinned              get_user_pages; back by unpin
 *   folio  --removed--&gt; absent             punch hole; a referenced frame stays with its holders
 *
 *   private &lt;--stored--&gt; shared            conversion (StoreAttributes), nothing else
 *   faultable &lt;--&gt; not faultable           conversion in designs that have it
 * </pre>
 *
 * <p>{@link dev.faultline.protocol.gmem.GmemDecider} has a row for each message; how a task walks
 * the list of its operation stands in {@code GmemTasks}, what an act of the list does in {@code
 * GmemActs} (of get_user_pages in {@code GupActs}), what an event changes in {@code GmemEvolution}.
 */
@NullMarked
package dev.faultline.protocol.gmem;

import org.jspecify.annotations.NullMarked;
