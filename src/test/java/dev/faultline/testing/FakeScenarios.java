package dev.faultline.testing;

import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Expected;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Await;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.WorldSetup;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Small scenarios as tests need them, without reading any file. */
public final class FakeScenarios {

  public static final PartyId GUEST = PartyId.of(PartyKind.GUEST, "guest");
  public static final PartyId NIC = PartyId.of(PartyKind.HOST_IO, "nic");
  public static final PartyId APP = PartyId.of(PartyKind.HOST_IO, "app");

  private FakeScenarios() {}

  public static ScriptLine line(String name, List<Await> awaits, Message message) {
    return new ScriptLine(name, awaits, new ScriptAction.Tell(message), 1);
  }

  /** A TDX guest takes back a page that a passed-through device has mapped. */
  public static Scenario blockedByVfio() {
    GfnRange shared = new GfnRange(512, 1024);
    GfnRange back = new GfnRange(512, 768);
    WorldSetup setup =
        new WorldSetup(
            FakeDesigns.tdx(),
            FakeDesigns.inPlace(),
            FakeDesigns.vmm(),
            FakeDesigns.guest(),
            4096,
            RangeSet.<GfnRange>empty().with(shared),
            List.of(GUEST),
            List.of(
                new HostUser(NIC, HostIoSetup.Kind.VFIO, Optional.empty()),
                new HostUser(APP, HostIoSetup.Kind.PROCESS, Optional.empty())),
            List.of(),
            List.of(
                new Script(
                    Parties.VMM,
                    List.of(
                        line(
                            "start",
                            List.of(),
                            new ScriptToVmm.SetFirstView(shared, View.SHARED)))),
                new Script(
                    NIC,
                    List.of(
                        line(
                            "map",
                            List.of(new Await.Ended("start")),
                            new ScriptToHostIo.MapDma(shared)))),
                new Script(
                    GUEST,
                    List.of(
                        line(
                            "take-back",
                            List.of(new Await.Ended("map")),
                            new ScriptToGuest.Convert(back, View.PRIVATE)),
                        line("accept", List.of(), new ScriptToGuest.AcceptMemory(back)),
                        line(
                            "store",
                            List.of(),
                            new ScriptToGuest.Touch(
                                new GfnRange(512, 513),
                                Optional.of(View.PRIVATE),
                                new Access.Store(7))))),
                new Script(
                    APP,
                    List.of(
                        line(
                            "peek",
                            List.of(new Await.Ended("take-back")),
                            new ScriptToHostIo.Touch(new GfnRange(512, 513), new Access.Load()))))),
            WorldSetup.CHANNEL_BOUND);
    TreeMap<String, Expected> expected = new TreeMap<>();
    expected.put("take-back", new Expected(List.of(new Expected.Answer.Ok())));
    expected.put("store", new Expected(List.of(new Expected.Answer.Ok())));
    expected.put("peek", new Expected(List.of(new Expected.Answer.Sigbus())));
    return new Scenario(
        "fake/blocked-by-vfio",
        "blocked-by-vfio.yaml",
        "a device has a page mapped that the guest takes back",
        setup,
        expected,
        List.of(),
        List.of(),
        Scenario.ScheduleKind.FIFO,
        1,
        List.of());
  }

  /** The same, where a channel holds no more than so many messages. */
  public static Scenario withChannels(int bound) {
    Scenario scenario = blockedByVfio();
    WorldSetup setup = scenario.setup();
    return new Scenario(
        scenario.name(),
        scenario.file(),
        scenario.story(),
        new WorldSetup(
            setup.mode(),
            setup.revision(),
            setup.vmm(),
            setup.guest(),
            setup.pageCount(),
            setup.shared(),
            setup.vcpus(),
            setup.users(),
            setup.open(),
            setup.scripts(),
            bound),
        scenario.expected(),
        scenario.expectations(),
        scenario.promises(),
        scenario.schedule(),
        scenario.seed(),
        scenario.sources());
  }
}
