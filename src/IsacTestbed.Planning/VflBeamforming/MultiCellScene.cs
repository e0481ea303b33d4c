using System.Numerics;
using IsacTestbed.Core;
using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.VflBeamforming;

/// <summary>
/// Draws cases after Section IV of vfl-beamforming: base stations on a circle that look at its centre, users and targets in the sectors in
/// front of them. The defaults are Table I and the text; what they leave open is said at each property.
/// </summary>
/// <remarks>Immutable and thread safe. The same scene and seed give the same case, bit for bit.</remarks>
public sealed record MultiCellScene
{
    /// <summary>Cells, M.</summary>
    public int Cells { get; init; } = 3;

    /// <summary>Users per cell, K.</summary>
    public int Users { get; init; } = 2;

    /// <summary>Targets per cell, J.</summary>
    public int Targets { get; init; } = 2;

    /// <summary>Transmit antennas of a base station, and as many receive antennas, N_T = N_R.</summary>
    public int Antennas { get; init; } = 12;

    /// <summary>Weight of the communication rate.</summary>
    public double Rho { get; init; } = 0.5;

    /// <summary>
    /// Transmit power over noise at <see cref="ReferenceMeters"/>, per antenna, in dB. The paper sweeps an SNR that it does not define; here it
    /// is the mean one of a user at that distance that is served by one antenna at full power.
    /// </summary>
    public double SnrDb { get; init; } = 30;

    /// <summary>
    /// Where the SNR is meant, in metres. Ours: a quarter of the cell's radius; then noise rules at the lower end of the figures' range of SNR
    /// and interference at the upper end, as the paper says of its own.
    /// </summary>
    public double ReferenceMeters { get; init; } = 125;

    /// <summary>Cell radius in metres. Ours: neighbouring base stations stand the square root of 3 times as far apart.</summary>
    public double RadiusMeters { get; init; } = 500;

    /// <summary>Exponent of the path loss of the links to users.</summary>
    public double UserPathLoss { get; init; } = 3.6;

    /// <summary>Exponent of the one-way path loss for sensing; an echo travels twice, a neighbour's signal once.</summary>
    public double SensingPathLoss { get; init; } = 2;

    /// <summary>Rician factor v, linear; of the links to users and between base stations.</summary>
    public double RicianFactor { get; init; } = 3;

    /// <summary>Radar cross-section in square metres, for the reference at <see cref="EchoLossDb"/>.</summary>
    public double CrossSectionSquareMeters { get; init; } = 1;

    /// <summary>Least distance of users and targets from their base station in metres. Ours.</summary>
    public double LeastDistanceMeters { get; init; } = 100;

    /// <summary>Targets stand at most this far from their base station, in metres. Ours: half the cell, where they are the nearest station's.</summary>
    public double MostTargetDistanceMeters { get; init; } = 250;

    /// <summary>Half the opening of the sectors in degrees. Ours: three sectors of 120 degrees.</summary>
    public double HalfSectorDegrees { get; init; } = 60;

    /// <summary>
    /// Loss of the echo of 1 m^2 at <see cref="MostTargetDistanceMeters"/>, per pair of antennas, against a user at
    /// <see cref="ReferenceMeters"/>, in dB. Ours: with it the best beams gain over conjugate beamforming at 30 dB about what the paper reports.
    /// </summary>
    public double EchoLossDb { get; init; } = 48;

    /// <summary>
    /// Loss of a neighbouring base station's signal, per pair of antennas, against a user at <see cref="ReferenceMeters"/>, in dB. Ours: above
    /// the echoes, as the paper has it; between masts in plain sight of each other it would be far stronger still.
    /// </summary>
    public double StationIsolationDb { get; init; } = 30;

    private NetworkShape Shape => new(Cells, Users, Targets, Antennas);

    /// <summary>Draws a case with a power limit of 1 W and a path gain of one at the reference distance; noises follow from the SNR.</summary>
    /// <param name="seed">Seed of placement and fading.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public VflBeamformingCase Draw(ulong seed)
    {
        RequireSizes();
        double noise = Math.Pow(10, -SnrDb / 10);
        StationLinks[] links = [.. Enumerable.Range(0, Cells).Select(_ => new StationLinks(Shape))];
        Fill(seed, 1, links);
        ComplexMatrix Rows(int station, int first, int count) =>
            ComplexMatrix.Create(count, Antennas, (row, i) => new Complex(links[station].RealRow(first + row)[i], links[station].ImaginaryRow(first + row)[i]));
        return new VflBeamformingCase(
            1,
            noise,
            noise,
            Rho,
            [.. Enumerable.Range(0, Cells).Select(n => Enumerable.Range(0, Cells).Select(m => Rows(n, Shape.UserLink(m, 0), Users)).ToArray())],
            [.. Enumerable.Range(0, Cells).Select(n => Enumerable.Range(0, Cells).Select(m => Rows(n, Shape.TargetLink(m, 0), Targets)).ToArray())]);
    }

    /// <summary>Draws the links of a case.</summary>
    /// <param name="seed">Seed of placement and fading.</param>
    /// <param name="scale">Factor of all channels: the square root of power over noise makes both one.</param>
    /// <param name="links">One per base station; overwritten.</param>
    internal void Fill(ulong seed, double scale, IReadOnlyList<StationLinks> links)
    {
        Complex[] stations = [.. Enumerable.Range(0, Cells).Select(StationPlace)];
        for (int m = 0; m < Cells; m++)
        {
            for (int k = 0; k < Users; k++)
            {
                Complex user = Place(seed, m, k, RadiusMeters, stations[m]);
                for (int n = 0; n < Cells; n++)
                {
                    UserChannel(seed, n, m, k, scale, user - stations[n], links[n]);
                }
            }

            double[] targetAngles = new double[Targets];
            for (int j = 0; j < Targets; j++)
            {
                Complex place = Place(seed, m, Users + j, MostTargetDistanceMeters, stations[m]) - stations[m];
                targetAngles[j] = AngleAt(m, place);
                Echo(seed, m, j, scale, place.Magnitude, targetAngles[j], links[m]);
            }

            for (int n = 0; n < Cells; n++)
            {
                if (n != m)
                {
                    Crosstalk(seed, n, m, scale, stations[m] - stations[n], targetAngles, links[n]);
                }
            }
        }
    }

    private void RequireSizes()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Cells, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Users, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Targets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Antennas, 1);
    }

    private Complex StationPlace(int station) => Cells == 1
        ? 0
        : Complex.FromPolarCoordinates(Math.Sqrt(3) * RadiusMeters / (2 * Math.Sin(Math.PI / Cells)), 2 * Math.PI * station / Cells);

    // Towards the centre of the circle.
    private double Boresight(int station) => Cells == 1 ? 0 : (2 * Math.PI * station / Cells) + Math.PI;

    private double AngleAt(int station, Complex offset) => offset.Phase - Boresight(station);

    // Even over the area of the sector.
    private Complex Place(ulong seed, int cell, int index, double most, Complex station)
    {
        var random = new CounterRandom(seed, RandomPurpose.Placement, (uint)cell, (uint)index);
        double least = LeastDistanceMeters * LeastDistanceMeters;
        double radius = Math.Sqrt(least + (((most * most) - least) * random.UniformAt(0)));
        double angle = ((2 * random.UniformAt(1)) - 1) * HalfSectorDegrees * Math.PI / 180;
        return station + Complex.FromPolarCoordinates(radius, Boresight(cell) + angle);
    }

    // Half a wavelength between elements, as the steering vectors behind (4).
    private static Complex Steering(int element, double angle) => Complex.FromPolarCoordinates(1, Math.PI * element * Math.Sin(angle));

    private void UserChannel(ulong seed, int station, int cell, int user, double scale, Complex offset, StationLinks links)
    {
        var fading = new CounterRandom(seed, RandomPurpose.LinkFading, (uint)((station * Cells) + cell), (uint)user);
        double amplitude = scale * Math.Pow(offset.Magnitude / ReferenceMeters, -UserPathLoss / 2), angle = AngleAt(station, offset);
        Complex direct = Complex.FromPolarCoordinates(amplitude * Math.Sqrt(RicianFactor / (1 + RicianFactor)), 2 * Math.PI * fading.UniformAt(0));
        double scattered = amplitude * Math.Sqrt(0.5 / (1 + RicianFactor));
        int start = Shape.UserLink(cell, user) * Antennas;
        for (int i = 0; i < Antennas; i++)
        {
            (double re, double im) = fading.NormalPairAt((ulong)(1 + i));
            Complex entry = (direct * Steering(i, angle)) + (scattered * new Complex(re, im));
            (links.Re[start + i], links.Im[start + i]) = (entry.Real, entry.Imaginary);
        }
    }

    // g_{m,m,j} = sqrt(N_R) alpha a: behind the combiner b / sqrt(N_R), which leaves the noise as it is.
    private void Echo(ulong seed, int cell, int target, double scale, double distance, double angle, StationLinks links)
    {
        var fading = new CounterRandom(seed, RandomPurpose.EchoFading, (uint)cell, (uint)target);
        double gain = Math.Pow(10, -EchoLossDb / 10) * CrossSectionSquareMeters * Math.Pow(distance / MostTargetDistanceMeters, -2 * SensingPathLoss);
        Complex factor = Complex.FromPolarCoordinates(scale * Math.Sqrt(Antennas * gain), 2 * Math.PI * fading.UniformAt(0));
        int start = Shape.TargetLink(cell, target) * Antennas;
        for (int i = 0; i < Antennas; i++)
        {
            Complex entry = factor * Steering(i, angle);
            (links.Re[start + i], links.Im[start + i]) = (entry.Real, entry.Imaginary);
        }
    }

    // g_{n,m,j} = G_{n,m}^H b / sqrt(N_R), with the Rician G of (5).
    private void Crosstalk(ulong seed, int station, int cell, double scale, Complex offset, double[] targetAngles, StationLinks links)
    {
        var fading = new CounterRandom(seed, RandomPurpose.LinkFading, (uint)((station * Cells) + cell), 0x8000);
        double neighbour = Math.Sqrt(3) * RadiusMeters;
        double amplitude = scale * Math.Sqrt(Math.Pow(10, -StationIsolationDb / 10)) * Math.Pow(offset.Magnitude / neighbour, -SensingPathLoss / 2);
        double departure = AngleAt(station, offset), arrival = AngleAt(cell, -offset);
        Complex direct = Complex.FromPolarCoordinates(amplitude * Math.Sqrt(RicianFactor / (1 + RicianFactor)), 2 * Math.PI * fading.UniformAt(0));
        double scattered = amplitude * Math.Sqrt(0.5 / (1 + RicianFactor));
        for (int j = 0; j < targetAngles.Length; j++)
        {
            links.Re.AsSpan(Shape.TargetLink(cell, j) * Antennas, Antennas).Clear();
            links.Im.AsSpan(Shape.TargetLink(cell, j) * Antennas, Antennas).Clear();
        }

        for (int r = 0; r < Antennas; r++)
        {
            Complex towards = direct * Steering(r, arrival);
            for (int i = 0; i < Antennas; i++)
            {
                // Entry (r, i) of G, conjugated, times entry r of b, over the square root of N_R.
                (double re, double im) = fading.NormalPairAt((ulong)(1 + (r * Antennas) + i));
                Complex entry = Complex.Conjugate((towards * Complex.Conjugate(Steering(i, departure))) + (scattered * new Complex(re, im)));
                for (int j = 0; j < targetAngles.Length; j++)
                {
                    Complex part = entry * Steering(r, targetAngles[j]) / Math.Sqrt(Antennas);
                    int at = (Shape.TargetLink(cell, j) * Antennas) + i;
                    links.Re[at] += part.Real;
                    links.Im[at] += part.Imaginary;
                }
            }
        }
    }
}
