/** What people look at: ladder, page map, and answers to "why". From a journal to text, purely. */
@NullMarked
package dev.faultline.view;

import org.jspecify.annotations.NullMarked;
