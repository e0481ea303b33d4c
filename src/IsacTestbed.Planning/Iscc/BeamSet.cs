using IsacTestbed.Planning.LinearAlgebra;

namespace IsacTestbed.Planning.Iscc;

/// <summary>
/// Unit beams of all users, and what the two arrays receive through them: streams 0 to K - 1 are the data beams, K to 2K - 1 the sensing
/// beams, in units of the noise per square root watt.
/// </summary>
/// <remarks>Immutable and thread safe.</remarks>
internal sealed class BeamSet
{
    /// <summary>Applies the channels to the beams.</summary>
    /// <param name="network">The case.</param>
    /// <param name="directions">2K unit vectors of M_t entries.</param>
    public BeamSet(Network network, ComplexVector[] directions)
    {
        Network = network;
        Directions = directions;
        int count = network.Count;
        AtAp = Receive(network.Problem.Channels, network.Problem.ApNoiseWatts);
        AtUsers = Receive(network.Problem.SensingChannels, network.Problem.SensingNoiseWatts);
        ApGram = Gram(AtAp);
        UserGram = Gram(AtUsers);

        ComplexVector[] Receive(IReadOnlyList<ComplexMatrix> channels, double noise)
        {
            var received = new ComplexVector[2 * count];
            for (int i = 0; i < received.Length; i++)
            {
                received[i] = channels[i % count].Times(directions[i]);
                received[i].Scale(1 / Math.Sqrt(noise));
            }

            return received;
        }
    }

    /// <summary>Data and sensing beams along the dominant right singular vectors of the channels.</summary>
    public static BeamSet Strongest(Network network) => new(network, [.. network.Uplink.Select(h => h.Right), .. network.Echo.Select(h => h.Right)]);

    /// <summary>The case.</summary>
    public Network Network { get; }

    /// <summary>The unit vectors.</summary>
    public ComplexVector[] Directions { get; }

    /// <summary>What the access point receives of each stream.</summary>
    public ComplexVector[] AtAp { get; }

    /// <summary>What the users' echo receivers receive of each stream.</summary>
    public ComplexVector[] AtUsers { get; }

    /// <summary>Inner products of <see cref="AtAp"/>; of streams of different users 0 if their bands differ.</summary>
    public ComplexMatrix ApGram { get; }

    /// <summary>Inner products of <see cref="AtUsers"/>; likewise.</summary>
    public ComplexMatrix UserGram { get; }

    private ComplexMatrix Gram(ComplexVector[] received)
    {
        int n = received.Length;
        var gram = new ComplexMatrix(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                if (!Network.Orthogonal || i % Network.Count == j % Network.Count)
                {
                    gram[i, j] = received[i].Inner(received[j]);
                }
            }
        }

        return gram;
    }
}
