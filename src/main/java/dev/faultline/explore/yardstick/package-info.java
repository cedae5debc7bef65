/** The model that the explorer is measured on, with exact counts that are known. */
@NullMarked
package dev.faultline.explore.yardstick;

import org.jspecify.annotations.NullMarked;
