/**
 * An IOMMU domain: IOVA to frame, by VFIO's or iommufd's long-term pins.
 *
 * <pre>
 *   an IOVA
 *   absent --MAP_DMA, pages pinned--&gt; mapped --UNMAP_DMA--&gt; absent
 *                                      (answered when transfers under way are done and pages unpinned)
 * </pre>
 */
@NullMarked
package dev.faultline.protocol.iommu;

import org.jspecify.annotations.NullMarked;
