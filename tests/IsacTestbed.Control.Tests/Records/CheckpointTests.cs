using IsacTestbed.Control.Calibration;
using IsacTestbed.Control.Records;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Records;

public sealed class CheckpointTests
{
    private static readonly Checkpoint State = new(
        3,
        [1, 2, 3, 255],
        new CalibratedModel(
            [new DeviceCalibration(new MeanGain(2.5, 1.0 / 3), new MeanGain()), new DeviceCalibration(new MeanGain(), new MeanGain(7, double.Epsilon))],
            new OutageGap(1.25, [1.0 / 3, 2], [0.1])),
        [0.1, 0.2 + 0.1],
        new LogLengths(10, 20, 30));

    [Fact]
    public void FromBytes_OfToBytes_IsTheStateBitForBit()
    {
        Checkpoint back = Checkpoint.FromBytes(State.ToBytes(), "file");
        Assert.Equal((State.NextRound, State.Logs), (back.NextRound, back.Logs));
        Assert.Equal(State.Model, back.Model);
        Assert.Equal(State.FrameDebt, back.FrameDebt);
        Assert.Equal(State.Calibration.Devices, back.Calibration.Devices);
        Assert.Equal(State.Calibration.Gap.PriorGap, back.Calibration.Gap.PriorGap);
        Assert.Equal(State.Calibration.Gap.Decoded, back.Calibration.Gap.Decoded);
        Assert.Equal(State.Calibration.Gap.Failed, back.Calibration.Gap.Failed);
        Assert.Equal(State.ToBytes(), back.ToBytes());
    }

    /// <summary>Whatever bit falls over, and wherever the file is cut, the damage is seen and the file is named.</summary>
    [Fact]
    public void FromBytes_AnyBitFlippedOrAnyCut_IsRefused()
    {
        byte[] bytes = State.ToBytes();
        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] bent = [.. bytes];
            bent[at] ^= (byte)(1 << (at % 8));
            Assert.StartsWith("file: ", Assert.Throws<ConfigurationException>(() => Checkpoint.FromBytes(bent, "file")).Message, StringComparison.Ordinal);
            Assert.Throws<ConfigurationException>(() => Checkpoint.FromBytes(bytes[..at], "file"));
        }
    }
}
