/**
 * What a person can say of a world: expressions over the states of the parties, and the promises
 * that a scenario states with them.
 *
 * <pre>
 *   expression  = conjunction { "or" conjunction }
 *   conjunction = negation { "and" negation }
 *   negation    = "not" negation | "(" expression ")" | statement
 *   statement   = pages facts | line ... | party ... | lock ... | operation ... | call ...
 *   facts       = the same with "or", "and", "not", "(" ")" of what is said of one page
 * </pre>
 *
 * <p>What follows a page binds closest: in "any page is pinned and private" it is one page that is
 * both. An expression is a pure predicate on a World, read from left to right and no further than
 * it takes to know, through the accessors of the states, so that whoever searches sees which parts
 * it read.
 */
@NullMarked
package dev.faultline.property.expression;

import org.jspecify.annotations.NullMarked;
