/**
 * The address space of one host process: which mapping lies where, and what falls on a gmem file.
 *
 * <pre>
 *   an address    mapped (a file's page is behind it) or not; fixed while the process lives
 *   the process   alive --Exit--&gt; gone: every mapping goes, in the kernel's order (exit_mmap)
 * </pre>
 *
 * <p>Page tables of a file's pages are kept by the inode; see {@code protocol.gmem}.
 */
@NullMarked
package dev.faultline.protocol.hostmemory;

import org.jspecify.annotations.NullMarked;
