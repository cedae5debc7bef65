/** What the build makes: the launcher, its cache, and what lies in the jar. */
@NullMarked
package dev.faultline.build;

import org.jspecify.annotations.NullMarked;
