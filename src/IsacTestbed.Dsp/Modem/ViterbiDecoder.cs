using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IsacTestbed.Dsp.Modem;

/// <summary>Soft-decision Viterbi decoder of the K = 7 code (133, 171), whole blocks ended by six zeros.</summary>
/// <remarks>
/// <para>A soft bit is a log-likelihood ratio in steps, from -<see cref="SoftLimit"/> (surely one) to +<see cref="SoftLimit"/> (surely
/// zero); zero says nothing, as for a punctured bit. The cost of a branch is the sum of the magnitudes that contradict it.</para>
/// <para>Path metrics are bytes and exact, although bytes: any state is six steps from any other, so metrics differ by at most
/// 6 * 2 * 15 = 180; the best one grows by at most 15 a step, because the two branches out of a state contradict each other and cost
/// |a| + |b| together. Subtracting the best metric every fourth step keeps every candidate at or below 180 + 3 * 15 + 30 = 255.</para>
/// <para>Decisions are 64 bits a step. On AVX2 the 64 metrics live in two registers: successors 2 j and 2 j + 1 come from j and j + 32, so
/// a step is two byte shuffles for the branch costs, four additions, two minima and one interleaving.</para>
/// <para>Not thread safe: an instance owns its decision memory, which grows to the longest block seen and is then reused.</para>
/// </remarks>
public sealed class ViterbiDecoder
{
    /// <summary>Largest magnitude of a soft bit.</summary>
    public const int SoftLimit = 15;

    // Head start of state 0: eight certain contradictions. Low enough that no metric leaves its byte before the paths have merged.
    private const byte OtherStatesAtStart = 8 * SoftLimit;
    private const int NormaliseEvery = 4;

    // Branch costs of the four coded pairs for every pair of soft bits, one byte each; index (a + 16) * 32 + (b + 16).
    private readonly uint[] _branchCosts = BuildBranchCosts();
    private readonly byte[] _codedPairs = BuildCodedPairs();
    private readonly byte[] _transitions = BuildTransitions();
    private ulong[] _decisions = [];

    /// <summary>Decodes a block.</summary>
    /// <param name="softBits">Two soft bits per trellis step (generator 133, then 171), 16 per byte of information and 12 for the tail.</param>
    /// <param name="information">Receives the bytes, first bit in the most significant place.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or a soft bit is outside the limit.</exception>
    public void Decode(ReadOnlySpan<sbyte> softBits, Span<byte> information)
    {
        int steps = Check(softBits, information);
        if (Avx2.IsSupported)
        {
            ForwardAvx2(softBits, steps);
        }
        else
        {
            ForwardScalar(softBits, steps);
        }

        TraceBack(steps, information);
    }

    /// <summary>The same decoder in plain integers: the reference of <see cref="Decode"/>, equal to it bit for bit.</summary>
    /// <inheritdoc cref="Decode"/>
    public void DecodeScalar(ReadOnlySpan<sbyte> softBits, Span<byte> information)
    {
        int steps = Check(softBits, information);
        ForwardScalar(softBits, steps);
        TraceBack(steps, information);
    }

    private int Check(ReadOnlySpan<sbyte> softBits, Span<byte> information)
    {
        int steps = ConvolutionalCode.Steps(information.Length);
        if (softBits.Length != 2 * steps)
        {
            throw new ArgumentException($"{information.Length} bytes need {2 * steps} soft bits, not {softBits.Length}.", nameof(softBits));
        }

        if (softBits.ContainsAnyExceptInRange((sbyte)-SoftLimit, (sbyte)SoftLimit))
        {
            throw new ArgumentException($"A soft bit is outside -{SoftLimit} .. {SoftLimit}.", nameof(softBits));
        }

        if (_decisions.Length < steps)
        {
            _decisions = new ulong[Math.Max(steps, 2 * _decisions.Length)];
        }

        return steps;
    }

    private void ForwardAvx2(ReadOnlySpan<sbyte> softBits, int steps)
    {
        Vector256<byte> pairs = Vector256.Create<byte>(_codedPairs);
        Vector256<byte> inverted = pairs ^ Vector256.Create((byte)3);
        Vector256<byte> low = Vector256.Create(OtherStatesAtStart).WithElement(0, (byte)0);
        Vector256<byte> high = Vector256.Create(OtherStatesAtStart);
        ref sbyte soft = ref MemoryMarshal.GetReference(softBits);
        ref uint costs = ref MemoryMarshal.GetArrayDataReference(_branchCosts);
        ref ulong decisions = ref MemoryMarshal.GetArrayDataReference(_decisions);
        for (int t = 0; t < steps; t++)
        {
            int index = ((Unsafe.Add(ref soft, 2 * t) + 16) << 5) + Unsafe.Add(ref soft, (2 * t) + 1) + 16;
            Vector256<byte> cost = Vector256.Create(Unsafe.Add(ref costs, index)).AsByte();
            Vector256<byte> direct = Avx2.Shuffle(cost, pairs), other = Avx2.Shuffle(cost, inverted);
            Vector256<byte> evenLow = Avx2.AddSaturate(low, direct), evenHigh = Avx2.AddSaturate(high, other);
            Vector256<byte> oddLow = Avx2.AddSaturate(low, other), oddHigh = Avx2.AddSaturate(high, direct);
            Vector256<byte> even = Vector256.Min(evenLow, evenHigh), odd = Vector256.Min(oddLow, oddHigh);
            uint evenStays = Vector256.Equals(even, evenLow).ExtractMostSignificantBits();
            uint oddStays = Vector256.Equals(odd, oddLow).ExtractMostSignificantBits();
            Unsafe.Add(ref decisions, t) = ~(((ulong)oddStays << 32) | evenStays);
            Vector256<byte> first = Avx2.UnpackLow(even, odd), second = Avx2.UnpackHigh(even, odd);
            low = Avx2.Permute2x128(first, second, 0x20);
            high = Avx2.Permute2x128(first, second, 0x31);
            if (t % NormaliseEvery == NormaliseEvery - 1)
            {
                Vector256<byte> best = Vector256.Create(SmallestByte(Vector256.Min(low, high)));
                low -= best;
                high -= best;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte SmallestByte(Vector256<byte> values)
    {
        Vector128<byte> half = Vector128.Min(values.GetLower(), values.GetUpper());
        Vector128<ushort> words = Vector128.Min(half, (half.AsUInt16() >> 8).AsByte()).AsUInt16();
        return (byte)Sse41.MinHorizontal(words).ToScalar();
    }

    private void ForwardScalar(ReadOnlySpan<sbyte> softBits, int steps)
    {
        Span<int> metrics = stackalloc int[ConvolutionalCode.States], next = stackalloc int[ConvolutionalCode.States];
        metrics.Fill(OtherStatesAtStart);
        metrics[0] = 0;
        for (int t = 0; t < steps; t++)
        {
            ulong decisions = 0;
            for (int state = 0; state < ConvolutionalCode.States; state++)
            {
                int bit = state & 1, from = state >> 1;
                int stay = metrics[from] + BranchCost(from, bit, softBits[2 * t], softBits[(2 * t) + 1]);
                int cross = metrics[from + 32] + BranchCost(from + 32, bit, softBits[2 * t], softBits[(2 * t) + 1]);
                next[state] = Math.Min(stay, cross);
                decisions |= cross < stay ? 1ul << (from | (bit << 5)) : 0;
            }

            _decisions[t] = decisions;
            int best = int.MaxValue;
            foreach (int metric in next)
            {
                best = Math.Min(best, metric);
            }

            for (int state = 0; state < ConvolutionalCode.States; state++)
            {
                metrics[state] = next[state] - best;
            }
        }
    }

    // The sign of each soft bit that agrees with the coded bit costs nothing.
    private int BranchCost(int state, int bit, int softA, int softB)
    {
        int pair = _transitions[(2 * state) + bit];
        return Math.Max(0, (pair & 2) == 0 ? -softA : softA) + Math.Max(0, (pair & 1) == 0 ? -softB : softB);
    }

    // A decision is found at (state rotated right by one): that number also holds the decoded bit, and gives the state before.
    private void TraceBack(int steps, Span<byte> information)
    {
        ref ulong decisions = ref MemoryMarshal.GetArrayDataReference(_decisions);
        uint state = 0;
        int t = steps - 1;
        for (; t >= 8 * information.Length; t--)
        {
            uint rotated = (state >> 1) | ((state & 1) << 5);
            state = (rotated & 31) | ((uint)(Unsafe.Add(ref decisions, t) >> (int)rotated) & 1) << 5;
        }

        for (int i = information.Length - 1; i >= 0; i--)
        {
            uint value = 0;
            for (int bit = 0; bit < 8; bit++, t--)
            {
                uint rotated = (state >> 1) | ((state & 1) << 5);
                value |= (state & 1) << bit;
                state = (rotated & 31) | ((uint)(Unsafe.Add(ref decisions, t) >> (int)rotated) & 1) << 5;
            }

            information[i] = (byte)value;
        }
    }

    private static uint[] BuildBranchCosts()
    {
        var costs = new uint[32 * 32];
        for (int a = -SoftLimit; a <= SoftLimit; a++)
        {
            for (int b = -SoftLimit; b <= SoftLimit; b++)
            {
                uint packed = 0;
                for (int pair = 0; pair < 4; pair++)
                {
                    int cost = Math.Max(0, (pair & 2) == 0 ? -a : a) + Math.Max(0, (pair & 1) == 0 ? -b : b);
                    packed |= (uint)cost << (8 * pair);
                }

                costs[((a + 16) << 5) + b + 16] = packed;
            }
        }

        return costs;
    }

    private static byte[] BuildCodedPairs()
    {
        var pairs = new byte[ConvolutionalCode.States / 2];
        for (int state = 0; state < pairs.Length; state++)
        {
            (int a, int b) = ConvolutionalCode.Output(state, 0);
            pairs[state] = (byte)((2 * a) + b);
        }

        return pairs;
    }

    // Coded pair of every transition, index 2 state + bit.
    private static byte[] BuildTransitions()
    {
        var pairs = new byte[2 * ConvolutionalCode.States];
        for (int i = 0; i < pairs.Length; i++)
        {
            (int a, int b) = ConvolutionalCode.Output(i >> 1, i & 1);
            pairs[i] = (byte)((2 * a) + b);
        }

        return pairs;
    }
}
