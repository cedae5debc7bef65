/**
 * Designs as values: what a mode, a revision of the uAPI, a VMM and a guest are made of.
 *
 * <p>The files under {@code conf/} say what is in them; deciders interpret them and know no name of
 * any. An {@link dev.faultline.protocol.design.Act} is one atomic thing that the kernel does; an
 * operation is a {@link dev.faultline.protocol.design.Program} of acts, and other CPUs come in
 * between acts and nowhere else.
 */
@NullMarked
package dev.faultline.protocol.design;

import org.jspecify.annotations.NullMarked;
