package dev.faultline.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanesTest {

  private static final PartyId VMM = PartyId.of(PartyKind.VMM, "vmm");
  private static final PartyId KVM = PartyId.of(PartyKind.KVM, "kvm");
  private static final PartyId GMEM = PartyId.of(PartyKind.GMEM, "gmem");
  private static final Lanes THREE = Lanes.of(List.of(VMM, KVM, GMEM), 101);

  private static List<PartyId> many(int count) {
    List<PartyId> parties = new ArrayList<>(List.of(VMM));
    while (parties.size() < count) {
      parties.add(PartyId.of(PartyKind.HOST_IO, "network-card-" + parties.size()));
    }
    return parties;
  }

  @Test
  void words_stand_on_the_shaft_where_it_is_long_enough() {
    assertThat(THREE.arrow(7, VMM, GMEM, '-', "set 0..511 private"))
        .containsExactly("    7 .---set 0..511 private--->.");
    assertThat(THREE.arrow(7, GMEM, VMM, '=', "EAGAIN"))
        .containsExactly("    7 .<=========EAGAIN=========.");
  }

  @Test
  void words_stand_behind_an_arrow_that_is_too_short() {
    assertThat(THREE.arrow(12, VMM, KVM, '-', "set 512..767 private"))
        .containsExactly("   12 .----------->. set 512..767 private");
  }

  @Test
  void words_stand_before_a_mark_at_the_right_edge() {
    Lanes wide = Lanes.of(many(6), 101);
    assertThat(wide.mark(3, many(6).getLast(), '*', "dma-map 512..1023"))
        .containsExactly("    3 .          .          .          .   dma-map 512..1023 *");
  }

  @Test
  void words_that_end_at_a_lane_do_not_touch_it() {
    assertThat(THREE.mark(7, VMM, '*', "load 100000"))
        .containsExactly("    7 * load 100000             .");
    assertThat(THREE.mark(7, VMM, '*', "load 10000"))
        .containsExactly("    7 * load 10000 .            .");
  }

  @Test
  void what_fits_on_neither_side_goes_on_below() {
    assertThat(THREE.mark(37, GMEM, '#', "REFUSED EAGAIN: 512 has 2 references, not 1: 1 pin"))
        .containsExactly(
            "   37 .            .            # REFUSED EAGAIN: 512 has 2 references,",
            "      .            .            . not 1: 1 pin");
  }

  @Test
  void names_take_turns_on_lines_where_lanes_are_narrow() {
    assertThat(Lanes.of(many(6), 101).head())
        .containsExactly(
            "      vmm                   network-card-2        network-card-4",
            "      .          network-card-1        network-card-3     network-card-5");
  }

  @Test
  void a_name_that_is_cut_is_told_in_the_legend() {
    PartyId storage = PartyId.of(PartyKind.HOST_IO, "the-storage-daemon-of-the-whole-rack-1");
    Lanes lanes = Lanes.of(List.of(VMM, KVM, GMEM, storage), 101);
    assertThat(lanes.legend()).isEmpty();
    List<PartyId> parties = many(11);
    parties.add(storage);
    assertThat(Lanes.of(parties, 101).legend())
        .contains("the-storage-d~ is the-storage-daemon-of-the-whole-rack-1");
  }

  @Test
  void parties_that_have_no_room_share_a_lane_and_are_named_in_their_rows() {
    List<PartyId> parties = many(18);
    Lanes lanes = Lanes.of(parties, 101);
    assertThat(lanes.legend().getLast())
        .isEqualTo("more: network-card-15, network-card-16, network-card-17");
    assertThat(lanes.mark(3, parties.getLast(), '*', "pin 512"))
        .containsExactly("    3 .   .   .   .   .   .   .   .   .  network-card-17: pin 512 *");
    assertThat(lanes.arrow(4, VMM, parties.get(16), '-', "unregister 512"))
        .containsExactly("    4 .-------------network-card-16: unregister 512-------------->.");
    assertThat(lanes.arrow(5, parties.get(15), parties.get(16), '-', "died"))
        .hasSize(1)
        .first()
        .asString()
        .contains("from network-card-15: died *");
  }

  @Test
  void no_number_of_parties_and_no_text_needs_more_than_72_columns() {
    for (int count = 1; count <= 60; count++) {
      List<PartyId> parties = many(count);
      Lanes lanes = Lanes.of(parties, 12_345_678);
      List<String> rows = new ArrayList<>(lanes.head());
      for (PartyId party : parties) {
        rows.addAll(lanes.mark(12_345_678, party, '#', "REFUSED EAGAIN: " + "words ".repeat(40)));
        rows.addAll(lanes.mark(1, party, '#', "x".repeat(200)));
        rows.addAll(lanes.arrow(1, party, VMM, '-', "some words " + "y".repeat(90)));
        rows.addAll(lanes.arrow(1, VMM, party, '-', "ok"));
      }
      assertThat(rows).allSatisfy(row -> assertThat(row).hasSizeLessThanOrEqualTo(72));
    }
  }

  @Test
  void a_party_without_a_lane_is_a_mistake() {
    PartyId stranger = PartyId.of(PartyKind.HOST_IO, "stranger");
    assertThatThrownBy(() -> THREE.mark(1, stranger, '*', "hello"))
        .hasMessage("there is no lane for stranger");
  }
}
