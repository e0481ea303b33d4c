using System.Numerics;

namespace IsacTestbed.Ether;

/// <summary>One way of a signal from a transmitting to a receiving node: a link, an echo or leakage. Immutable and thread safe.</summary>
internal abstract class PropagationPath
{
    private readonly double _carrierCyclesPerSample;

    protected PropagationPath(AirScene scene, string transmitter, string receiver)
    {
        Transmitter = scene.Nodes.First(n => n.Id == transmitter);
        Receiver = scene.Nodes.First(n => n.Id == receiver);
        TransmitterIndex = scene.Nodes.ToList().IndexOf(Transmitter);
        ReceiverIndex = scene.Nodes.ToList().IndexOf(Receiver);
        _carrierCyclesPerSample = scene.CarrierFrequencyHz / scene.SampleRateHz;
    }

    public AirNode Transmitter { get; }

    public AirNode Receiver { get; }

    public int TransmitterIndex { get; }

    public int ReceiverIndex { get; }

    /// <summary>Length of a fading block in ticks; <see cref="long.MaxValue"/> without fading.</summary>
    public abstract long BlockTicks { get; }

    /// <summary>Whether the geometry is the same at every tick.</summary>
    public abstract bool IsStatic { get; }

    /// <summary>The geometry that a sample meets which is sent at a tick.</summary>
    public abstract PathGeometry GeometryAt(long transmitTick);

    /// <summary>A bound, in samples, on the delays that samples meet which are sent between two ticks.</summary>
    public virtual double LongestDelay(long firstTick, long endTick) => GeometryAt(firstTick).DelaySamples;

    /// <summary>
    /// Complex amplitude on each receive channel for a unit sample sent with the given weights, at the delay of the geometry:
    /// sqrt(gain) exp(-j 2 pi f_c delay) sum_n h_mn w_n.
    /// </summary>
    public void Amplitudes(in PathGeometry geometry, long block, IReadOnlyList<Complex> weights, Span<Complex> perReceiveChannel)
    {
        Complex carrier = Carrier(geometry);
        for (int m = 0; m < perReceiveChannel.Length; m++)
        {
            Complex sum = Complex.Zero;
            for (int n = 0; n < weights.Count; n++)
            {
                if (weights[n] != Complex.Zero)
                {
                    sum += AntennaGain(geometry, block, m, n) * weights[n];
                }
            }

            perReceiveChannel[m] = carrier * sum;
        }
    }

    /// <summary>sqrt(gain) exp(-j 2 pi f_c delay) h_mn, for geometry and fading at one tick.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such antenna.</exception>
    public Complex CoefficientAt(long tick, int receiveElement, int transmitElement)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(receiveElement);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(receiveElement, Receiver.RxCount);
        ArgumentOutOfRangeException.ThrowIfNegative(transmitElement);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(transmitElement, Transmitter.TxCount);
        PathGeometry geometry = GeometryAt(tick);
        return Carrier(geometry) * AntennaGain(geometry, BlockOf(tick), receiveElement, transmitElement);
    }

    /// <summary>h_mn: from transmit antenna n to receive antenna m, with fading, without gain and carrier phase.</summary>
    public abstract Complex AntennaGain(in PathGeometry geometry, long block, int receiveElement, int transmitElement);

    /// <summary>The fading block in which a receiver's tick lies.</summary>
    public long BlockOf(long receiveTick)
    {
        long block = receiveTick / BlockTicks;
        return receiveTick < 0 && receiveTick % BlockTicks != 0 ? block - 1 : block;
    }

    private Complex Carrier(in PathGeometry geometry)
    {
        double cycles = Math.IEEERemainder(geometry.DelaySamples * _carrierCyclesPerSample, 1);
        return Complex.FromPolarCoordinates(Math.Sqrt(geometry.PowerGain), -2 * Math.PI * cycles);
    }

    protected Complex LineOfSight(in PathGeometry geometry, int receiveElement, int transmitElement) =>
        Receiver.Array.Steering(receiveElement, geometry.ReceiveSine) * Transmitter.Array.Steering(transmitElement, geometry.TransmitSine);
}
