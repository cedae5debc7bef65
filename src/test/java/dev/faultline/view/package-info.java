/** Tests of what people look at. */
@NullMarked
package dev.faultline.view;

import org.jspecify.annotations.NullMarked;
