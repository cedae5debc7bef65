package dev.faultline.property.expression;

import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.memory.IndexRange;
import java.util.Locale;
import java.util.Optional;

/** What is counted of a page of a file. */
enum Count {
  /** References of get_user_pages with FOLL_PIN; a pin counts 1. */
  PINS,
  /** References that neither a pin, a mapping nor the page cache explains. */
  REFERENCES,
  /** Host page tables that have the page (folio_mapcount). */
  MAPCOUNT,
  /** All of them, and 1 for the page cache (folio_ref_count); 0 without a folio. */
  REFCOUNT;

  /** The word of expressions. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean hasMappings() {
    return this == MAPCOUNT || this == REFCOUNT;
  }

  /** The count of one page. */
  long of(GmemState file, IndexRange page) {
    return switch (this) {
      case PINS -> folio(file, page).map(Folio::pins).orElse(0);
      case REFERENCES -> folio(file, page).map(Folio::references).orElse(0);
      case MAPCOUNT -> file.mappers(page).size();
      case REFCOUNT ->
          folio(file, page).map(folio -> 1 + folio.extra() + file.mappers(page).size()).orElse(0);
    };
  }

  private static Optional<Folio> folio(GmemState file, IndexRange page) {
    return file.folios(page).stream().findFirst().map(run -> run.value());
  }
}
