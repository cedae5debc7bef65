package dev.faultline.property.expression;

import dev.faultline.property.Views;
import dev.faultline.protocol.guest.GuestState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;

/** By whose account a page is private or shared. */
sealed interface Whose {

  /** The private pages of a range; all others are shared. */
  List<IndexRange> privates(World world, IndexRange range);

  /** By the attributes that the revision goes by. */
  record Revision() implements Whose {
    @Override
    public List<IndexRange> privates(World world, IndexRange range) {
      return Views.privates(world, range);
    }
  }

  /** By the attributes of the inode, whether or not the revision goes by them. */
  record Gmem() implements Whose {
    @Override
    public List<IndexRange> privates(World world, IndexRange range) {
      return world.gmem().attributes().runs(range).stream()
          .filter(run -> run.value() == View.PRIVATE)
          .map(Run::range)
          .toList();
    }
  }

  /** By the attributes of the VM, whether or not the revision goes by them. */
  record Kvm() implements Whose {
    @Override
    public List<IndexRange> privates(World world, IndexRange range) {
      return world.kvm().privateAttribute().ranges(Ranges.frames(range)).stream()
          .map(Ranges::indices)
          .toList();
    }
  }

  /** By the map that the VMM keeps. */
  record Vmm() implements Whose {
    @Override
    public List<IndexRange> privates(World world, IndexRange range) {
      return believed(world.vmm().views(), range);
    }
  }

  /** As a vCPU believes. */
  record Guest(PartyId vcpu) implements Whose {
    @Override
    public List<IndexRange> privates(World world, IndexRange range) {
      return believed(((GuestState) world.state(vcpu)).belief(), range);
    }
  }

  private static List<IndexRange> believed(RangeMap<GfnRange, View> views, IndexRange range) {
    List<IndexRange> privates = new ArrayList<>();
    for (Run<GfnRange, View> run : views.runs(Ranges.frames(range))) {
      if (run.value() == View.PRIVATE) {
        privates.add(Ranges.indices(run.range()));
      }
    }
    return privates;
  }
}
