package dev.faultline.property.expression;

import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.kvm.KvmState;
import dev.faultline.protocol.kvm.KvmTask;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Some of the kernel's operations, by the word for them.
 *
 * @param word of revision files, or for several: conversion
 */
record Operations(String word, Set<Operation> which) {

  Operations {
    which = Collections.unmodifiableSet(EnumSet.copyOf(which));
  }

  private static final Set<Operation> CONVERSIONS =
      Collections.unmodifiableSet(
          EnumSet.of(
              Operation.CONVERT_TO_PRIVATE,
              Operation.CONVERT_TO_SHARED,
              Operation.AGREE_TO_PRIVATE,
              Operation.AGREE_TO_SHARED));

  /** All words, those of revision files first. */
  static final SequencedMap<String, Operations> WORDS = words();

  private static SequencedMap<String, Operations> words() {
    SequencedMap<String, Operations> words = new LinkedHashMap<>();
    for (Operation operation : Operation.values()) {
      add(words, operation.word(), EnumSet.of(operation));
    }
    add(words, "conversion", CONVERSIONS);
    add(words, "fault", EnumSet.of(Operation.HOST_FAULT, Operation.GUEST_FAULT));
    add(words, "operation", EnumSet.allOf(Operation.class));
    return words;
  }

  private static void add(
      SequencedMap<String, Operations> words, String word, Set<Operation> which) {
    words.put(word, new Operations(word, which));
  }

  /** The views that conversions among them bring about. */
  List<View> conversions() {
    List<View> targets = new ArrayList<>();
    if (which.contains(Operation.CONVERT_TO_PRIVATE)) {
      targets.add(View.PRIVATE);
    }
    if (which.contains(Operation.CONVERT_TO_SHARED)) {
      targets.add(View.SHARED);
    }
    return targets;
  }

  /** Whether all of them are conversions. */
  boolean areConversions() {
    return CONVERSIONS.containsAll(which);
  }

  /**
   * An operation under way.
   *
   * @param at the instruction that is next, from 0
   * @param refusal how it will end, once it was refused
   */
  record Running(
      PartyId party, TaskId task, Operation operation, int at, Optional<Result> refusal) {

    Instruction instruction(World world) {
      return world.setup().revision().program(operation).at(at);
    }
  }

  /** Whether one of them is under way of which something is so. */
  boolean any(World world, Predicate<Running> wanted) {
    for (PartyId inode : isDoneBy(Site.GMEM, world) ? inodes(world) : List.<PartyId>of()) {
      GmemState file = (GmemState) world.state(inode);
      for (TaskId id : file.tasks()) {
        if (running(inode, file, id).filter(wanted).isPresent()) {
          return true;
        }
      }
    }
    for (TaskId id : isDoneBy(Site.KVM, world) ? world.kvm().tasks() : List.<TaskId>of()) {
      if (running(world.kvm(), id).filter(wanted).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private boolean isDoneBy(Site site, World world) {
    return which.stream()
        .anyMatch(operation -> operation.site(world.setup().revision().call()) == site);
  }

  /** Whether a task of a party is one of them. */
  boolean has(World world, PartyId party, TaskId task) {
    return party.equals(Parties.KVM)
        ? running(world.kvm(), task).isPresent()
        : running(party, (GmemState) world.state(party), task).isPresent();
  }

  private Optional<Running> running(PartyId inode, GmemState file, TaskId id) {
    GmemTask task = file.findTask(id).orElseThrow();
    return which.contains(task.operation())
        ? Optional.of(new Running(inode, id, task.operation(), task.at(), task.refusal()))
        : Optional.empty();
  }

  private Optional<Running> running(KvmState kvm, TaskId id) {
    KvmTask task = kvm.findTask(id).orElseThrow();
    return operation(task.work())
        .filter(which::contains)
        .map(operation -> new Running(Parties.KVM, id, operation, task.at(), task.refusal()));
  }

  /** What a CPU in KVM walks the acts of; an access that found its mapping walks none. */
  private static Optional<Operation> operation(KvmWork work) {
    return switch (work) {
      case KvmWork.GuestAccess access ->
          access.phase() == KvmWork.Phase.FAULT
              ? Optional.of(Operation.GUEST_FAULT)
              : Optional.empty();
      case KvmWork.AttributeChange change ->
          Optional.of(
              change.target() == View.PRIVATE
                  ? Operation.CONVERT_TO_PRIVATE
                  : Operation.CONVERT_TO_SHARED);
      case KvmWork.MapGpa _, KvmWork.Invalidation _, KvmWork.InvalidationEnd _ -> Optional.empty();
    };
  }

  /** The files of a world. */
  static List<PartyId> inodes(World world) {
    List<PartyId> inodes = new ArrayList<>(List.of(Parties.GMEM));
    if (world.setup().sharedElsewhere()) {
      inodes.add(Parties.SHMEM);
    }
    return inodes;
  }
}
