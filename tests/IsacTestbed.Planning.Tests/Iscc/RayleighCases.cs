using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.Iscc;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Tests.Iscc;

/// <summary>Cases whose channels have independent Rayleigh entries: no direction dominates.</summary>
/// <param name="Users">K.</param>
/// <param name="ApAntennas">M_a.</param>
/// <param name="TransmitAntennas">M_t.</param>
/// <param name="ReceiveAntennas">M_r.</param>
/// <param name="UplinkDecibels">Mean ratio of a full-power signal to the noise between two antennas of the uplink.</param>
/// <param name="EchoDecibels">The same from a user's antenna over the target to another.</param>
internal sealed record RayleighCases(
    int Users, int ApAntennas, int TransmitAntennas, int ReceiveAntennas, double UplinkDecibels, double EchoDecibels)
{
    private const double PowerWatts = 0.01;
    private const double NoiseWatts = 3.1622776601683794e-12;

    /// <summary>Draws a case: tasks as in Table I with 0.3 s, an access point of 5 GHz per user.</summary>
    /// <param name="seed">The draw.</param>
    /// <param name="oneTarget">Whether each H~_k has rank one, with random vectors at both ends; else its entries are independent.</param>
    public IsccCase Draw(ulong seed, bool oneTarget)
    {
        var random = new CounterRandom(seed, RandomPurpose.Test, 8);
        ulong index = 0;
        Complex Normal()
        {
            (double re, double im) = random.NormalPairAt(index++);
            return new Complex(re, im) / Math.Sqrt(2);
        }

        ComplexMatrix Entries(int rows, int columns, double decibels) =>
            ComplexMatrix.Create(rows, columns, (_, _) => Amplitude(decibels) * Normal());

        ComplexMatrix Target(int rows, int columns, double decibels)
        {
            Complex[] arrival = [.. Enumerable.Range(0, rows).Select(_ => Normal())], departure = [.. Enumerable.Range(0, columns).Select(_ => Normal())];
            return ComplexMatrix.Create(rows, columns, (i, j) => Amplitude(decibels) * arrival[i] * departure[j]);
        }

        int[] users = [.. Enumerable.Range(0, Users)];
        return new IsccCase(
            2e7,
            PowerWatts,
            NoiseWatts,
            NoiseWatts,
            1,
            5e9 * Users,
            [.. users.Select(_ => new IsccUser(1e6, 0.3, 1000, 1e9, 1e-28, 1e-28, 0.1))],
            [.. users.Select(_ => Entries(ApAntennas, TransmitAntennas, UplinkDecibels))],
            [.. users.Select(_ => (oneTarget ? (Func<int, int, double, ComplexMatrix>)Target : Entries)(ReceiveAntennas, TransmitAntennas, EchoDecibels))]);
    }

    private static double Amplitude(double decibels) => Math.Sqrt(NoiseWatts / PowerWatts) * Math.Pow(10, decibels / 20);
}
