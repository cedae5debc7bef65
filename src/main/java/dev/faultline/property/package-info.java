/** The promises of the protocol, a file each, checked after every step. */
@NullMarked
package dev.faultline.property;

import org.jspecify.annotations.NullMarked;
