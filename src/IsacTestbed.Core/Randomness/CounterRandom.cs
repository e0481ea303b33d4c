namespace IsacTestbed.Core;

/// <summary>
/// A stream of random numbers addressed by index: the same key and index always give the same number, in any order, on any thread.
/// </summary>
/// <remarks>
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The 64-bit key is the seed; the 128-bit counter
/// is (index low, index high, entity, purpose and sub-entity), so streams of different purposes or entities never overlap.
/// Immutable, 16 bytes, thread safe. A default value has no purpose and throws on use.
/// </remarks>
public readonly partial struct CounterRandom
{
    internal const uint MultiplierA = 0xD2511F53;
    internal const uint MultiplierB = 0xCD9E8D57;
    internal const uint WeylA = 0x9E3779B9;
    internal const uint WeylB = 0xBB67AE85;
    internal const int Rounds = 10;
    private const double TwoToMinus53 = 1.0 / (1L << 53);

    private readonly ulong _seed;
    private readonly uint _entity;
    private readonly uint _purpose;

    /// <summary>The stream of one purpose, one entity (device, link, ...) and one part of it (channel, ...).</summary>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="entity">Which device, link or target they belong to.</param>
    /// <param name="part">Which part of the entity; less than 2^24.</param>
    /// <exception cref="ArgumentOutOfRangeException">The purpose is unspecified or the part needs more than 24 bits.</exception>
    public CounterRandom(ulong seed, RandomPurpose purpose, uint entity = 0, uint part = 0)
    {
        if (purpose == RandomPurpose.Unspecified)
        {
            throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "A random stream needs a purpose.");
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 0xFFFFFFu);
        _seed = seed;
        _entity = entity;
        _purpose = ((uint)purpose << 24) | part;
    }

    /// <summary>Four independent uniform words at one counter value.</summary>
    /// <param name="counter">The counter, any value.</param>
    public (uint W0, uint W1, uint W2, uint W3) Block(ulong counter)
    {
        if (_purpose == 0)
        {
            throw new InvalidOperationException("A default CounterRandom has no stream; construct it with a seed and a purpose.");
        }

        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = _entity, c3 = _purpose;
        uint k0 = (uint)_seed, k1 = (uint)(_seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * c0, b = (ulong)MultiplierB * c2;
            (c0, c1, c2, c3) = ((uint)(b >> 32) ^ c1 ^ k0, (uint)b, (uint)(a >> 32) ^ c3 ^ k1, (uint)a);
            k0 += WeylA;
            k1 += WeylB;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>A uniform 64-bit word.</summary>
    public ulong UInt64At(ulong index)
    {
        (uint w0, uint w1, _, _) = Block(index);
        return ((ulong)w1 << 32) | w0;
    }

    /// <summary>Uniform on [0, 1), 53 bits.</summary>
    public double UniformAt(ulong index) => (UInt64At(index) >> 11) * TwoToMinus53;

    /// <summary>Uniform integer in [0, <paramref name="exclusiveMaximum"/>).</summary>
    /// <remarks>By the high half of a 64 x 32 bit product: the bias is below 2^-32.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive.</exception>
    public int IntegerAt(ulong index, int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (int)Math.BigMul(UInt64At(index), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Exponential with mean one, by inversion.</summary>
    public double ExponentialAt(ulong index) => -Math.Log(1 - UniformAt(index));

    /// <summary>Two independent standard normals (Box-Muller), in double precision.</summary>
    public (double First, double Second) NormalPairAt(ulong index)
    {
        (uint w0, uint w1, uint w2, uint w3) = Block(index);
        double u = (((((ulong)w1 << 32) | w0) >> 11) + 1) * TwoToMinus53;
        double angle = 2 * Math.PI * ((((ulong)w3 << 32) | w2) >> 11) * TwoToMinus53;
        double radius = Math.Sqrt(-2 * Math.Log(u));
        return (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }

    /// <summary>A random permutation of 0 .. <paramref name="destination"/>.Length - 1 (Fisher-Yates).</summary>
    /// <param name="firstIndex">First index of the stream used; one index per element is taken.</param>
    /// <param name="destination">Receives the permutation.</param>
    public void Permute(ulong firstIndex, Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = i;
        }

        for (int i = destination.Length - 1; i > 0; i--)
        {
            int j = IntegerAt(firstIndex + (ulong)i, i + 1);
            (destination[i], destination[j]) = (destination[j], destination[i]);
        }
    }
}
