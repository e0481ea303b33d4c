using System.Numerics;
using IsacTestbed.Planning.LinearAlgebra;
using IsacTestbed.Planning.OtaFeel.Localisation;

namespace IsacTestbed.Planning.OtaFeel;

/// <summary>
/// A frame in two parts: one pulse for all devices where their symbols shall add up on the air, and known, repeated symbols under orthogonal
/// pulses where the devices listen to their echoes.
/// </summary>
/// <remarks>
/// The paper uses orthogonal pulses with precoders that are constant over the frame for both ends and gains neither: at the server they
/// make every cross term of (7) vanish, so that the error is that of decoding K I streams one by one; at the devices they suppress
/// nothing of the other devices' echoes as long as the symbols change from interval to interval. Here the aggregation part carries one
/// fresh symbol per interval with the errors of true over-the-air aggregation; the sensing part consists of blocks of K intervals in
/// each of which every device sends one constant vector under its orthogonal pulse, so that echoes separate exactly, and the vectors of
/// successive blocks are columns of a Fourier matrix, so that every direction is lit. The price is K B intervals without fresh symbols.
/// With no sensing blocks this is the paper's frame with precoders that undo the pulse. Immutable.
/// </remarks>
public sealed class SplitFrame
{
    private SplitFrame(OtaFeelCase problem, int sensingBlocks, OtaFeelPlan aggregation)
    {
        Case = problem;
        SensingBlocks = sensingBlocks;
        Aggregation = aggregation;
    }

    /// <summary>The case.</summary>
    public OtaFeelCase Case { get; }

    /// <summary>Blocks of K intervals in the sensing part, B; the part comes first in the frame.</summary>
    public int SensingBlocks { get; }

    /// <summary>Intervals of the sensing part.</summary>
    public int SensingIntervals => SensingBlocks * Case.Devices;

    /// <summary>Plan of the aggregation part: common pulses over the remaining intervals; its error is per fresh symbol.</summary>
    public OtaFeelPlan Aggregation { get; }

    /// <summary>CRB_L of the whole frame.</summary>
    public double CrbLowerBound => Case.CrbLowerBound(
        ((Aggregation.PowerWatts * Aggregation.Pulses.Length) + (Case.Devices * Case.PowerWatts * SensingIntervals)) / Case.PulseLength);

    /// <summary>Designs a frame.</summary>
    /// <param name="problem">The case; its sensing limit counts for the energy of the whole frame.</param>
    /// <param name="sensingBlocks">Blocks of K intervals for sensing, at least 0; at least one interval must remain.</param>
    /// <param name="cancellationToken">Stops the solver.</param>
    /// <exception cref="ArgumentException">The blocks fill the frame, or the case is infeasible.</exception>
    public static SplitFrame Create(OtaFeelCase problem, int sensingBlocks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfNegative(sensingBlocks);
        int sensing = sensingBlocks * problem.Devices, remaining = problem.PulseLength - sensing;
        if (remaining < 1)
        {
            throw new ArgumentException(
                $"{sensingBlocks} blocks of {problem.Devices} intervals leave none of {problem.PulseLength} for aggregation.", nameof(sensingBlocks));
        }

        if (problem.RequiredPowerWatts > problem.Devices * problem.PowerWatts)
        {
            throw new ArgumentException("The case is infeasible: the sensing limit asks for more than full power.", nameof(problem));
        }

        double required = ((problem.RequiredPowerWatts * problem.PulseLength) - (problem.Devices * problem.PowerWatts * sensing)) / remaining;
        OtaFeelCase part = problem with
        {
            SensingErrorLimit = required > 0 ? Math.Max(problem.CrbLowerBound(required), problem.CrbLowerBound(problem.Devices * problem.PowerWatts)) : double.MaxValue,
        };
        MultiStart best = MultiStart.Run(part, PulseSharing.Common, cancellationToken);
        return new SplitFrame(
            problem, sensingBlocks, OtaFeelPlan.Create(problem, PulseSet.Common(problem.Devices, remaining), best.Precoders));
    }

    /// <summary>What a device sends in one interval of the sensing part, M entries of power P together; known to the device.</summary>
    /// <param name="device">From 0.</param>
    /// <param name="interval">From 0, below <see cref="SensingIntervals"/>.</param>
    public Complex[] SensingSignal(int device, int interval)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interval, SensingIntervals);
        int antennas = Case.DeviceAntennas, block = interval / Case.Devices;
        Complex pulse = PulseSet.Orthogonal(PulseFamily.Dft, Case.Devices, Case.Devices)[device][interval % Case.Devices];
        double amplitude = Math.Sqrt(Case.PowerWatts / antennas);
        return [.. Enumerable.Range(0, antennas).Select(m =>
            amplitude * pulse * Complex.FromPolarCoordinates(1, 2 * Math.PI * (m * block % antennas) / antennas))];
    }

    /// <summary>
    /// Fisher information of the frame: the sensing part without any interference, and the aggregation part, whose symbols are white, with
    /// the other devices' echoes as noise.
    /// </summary>
    /// <param name="scene">The scene, as many devices and antennas as the case.</param>
    /// <param name="target">v.</param>
    public FisherInformation Information(SensingScene scene, Location target)
    {
        ArgumentNullException.ThrowIfNull(scene);
        FisherInformation information = WhiteSymbols(Case, Aggregation, scene, target);
        for (int k = 0; k < Case.Devices && SensingBlocks > 0; k++)
        {
            information.Add(scene, k, target, SensingEnergy(k));
        }

        return information;
    }

    /// <summary>Fisher information of a plan whose symbols are white over the frame: the other devices' echoes are noise along a_k.</summary>
    /// <param name="problem">The case.</param>
    /// <param name="plan">The plan; its pulses do not matter.</param>
    /// <param name="scene">The scene.</param>
    /// <param name="target">v.</param>
    public static FisherInformation WhiteSymbols(OtaFeelCase problem, OtaFeelPlan plan, SensingScene scene, Location target)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(scene);
        var information = new FisherInformation();
        for (int k = 0; k < problem.Devices; k++)
        {
            double noise = problem.SensingNoise[k];
            information.Add(
                scene, k, target, EchoEnergy.Of(plan.Precoders[k], plan.Pulses.Length, noise), EchoEnergy.Interference(scene, k, target, plan.Precoders, noise));
        }

        return information;
    }

    // K times the sum over the blocks of the vectors' outer products, over the noise.
    private ComplexMatrix SensingEnergy(int device)
    {
        var blocks = ComplexMatrix.Create(
            Case.DeviceAntennas,
            SensingBlocks,
            (m, b) => Math.Sqrt(Case.PowerWatts / Case.DeviceAntennas)
                * Complex.FromPolarCoordinates(1, 2 * Math.PI * (m * b % Case.DeviceAntennas) / Case.DeviceAntennas));
        return EchoEnergy.Of(blocks, Case.Devices, Case.SensingNoise[device]);
    }
}
