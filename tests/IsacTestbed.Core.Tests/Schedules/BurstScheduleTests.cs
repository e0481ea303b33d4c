using System.Numerics;

namespace IsacTestbed.Core.Tests.Schedules;

public sealed class BurstScheduleTests
{
    private static readonly TxBurst Burst = new(1, 100, "w", 3, 10, 0.5, [Complex.One, Complex.Zero]);

    public static TheoryData<string, BurstSchedule> Wrong => new()
    {
        { "burst 1: the identifier stands twice", Of(Burst, Burst with { StartTick = 200 }) },
        { "burst 1: 0 repeats", Of(Burst with { Repeats = 0 }) },
        { "burst 1: an interval of 0 ticks", Of(Burst with { IntervalTicks = 0 }) },
        { "burst 1: amplitude 1.5", Of(Burst with { Amplitude = 1.5 }) },
        { "burst 1: amplitude -0.1", Of(Burst with { Amplitude = -0.1 }) },
        { "burst 1: amplitude NaN", Of(Burst with { Amplitude = double.NaN }) },
        { "burst 1: no layers", Of(Burst with { Layers = [] }) },
        { "burst 1: layers with 2 and 1 weights", Of(Burst with { Layers = [Burst.Layers[0], new TxLayer("v", [Complex.One])] }) },
        { "burst 1: no weights", Of(With([])) },
        { "burst 1: a weight exceeds magnitude 1", Of(With([new Complex(1, 0.1)])) },
        { "burst 1: a weight exceeds magnitude 1", Of(With([new Complex(double.NaN, 0)])) },
        { "burst 2: starts at tick 129, before the previous burst ends at 130", Of(Burst, Burst with { BurstId = 2, StartTick = 129 }) },
        { "burst 2: starts at tick 50", Of(Burst, Burst with { BurstId = 2, StartTick = 50 }) },
        { "window 1: the identifier stands twice", Of(new RxWindow(1, 0, 5), new RxWindow(1, 5, 5)) },
        { "window 1: 0 samples", Of(new RxWindow(1, 0, 0)) },
        { "window 2: starts at tick 4, before the previous window ends at 5", Of(new RxWindow(1, 0, 5), new RxWindow(2, 4, 5)) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongSchedule_NamesRadioItemAndReason(string reason, BurstSchedule schedule)
    {
        string message = Assert.Throws<ArgumentException>(schedule.Validate).Message;
        Assert.StartsWith($"Radio r, {reason}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_BurstsAndWindowsThatTouch_ArePassed()
    {
        var schedule = new BurstSchedule("r", [Burst, Burst with { BurstId = 2, StartTick = 130 }], [new RxWindow(1, 95, 40), new RxWindow(2, 135, 30)]);
        schedule.Validate();
        Assert.Equal((95, 165), (schedule.FirstTick, schedule.EndTick));
    }

    [Fact]
    public void EndTick_OfManyRepeats_DoesNotOverflow() =>
        Assert.Equal(3_000_000L * 1_000_000, (Burst with { StartTick = 0, Repeats = 3_000_000, IntervalTicks = 1_000_000 }).EndTick);

    [Fact]
    public void Ticks_OfAnEmptySchedule_AreZero() => Assert.Equal((0, 0), (new BurstSchedule("r", [], []).FirstTick, new BurstSchedule("r", [], []).EndTick));

    private static TxBurst With(Complex[] weights) => Burst with { Layers = [new TxLayer("w", weights)] };

    private static BurstSchedule Of(params TxBurst[] bursts) => new("r", bursts, []);

    private static BurstSchedule Of(params RxWindow[] windows) => new("r", [], windows);
}
