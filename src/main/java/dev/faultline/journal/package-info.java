/** What a run leaves behind: its entries, their JSON, and what can be made of them again. */
@NullMarked
package dev.faultline.journal;

import org.jspecify.annotations.NullMarked;
