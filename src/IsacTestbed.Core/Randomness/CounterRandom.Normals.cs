namespace IsacTestbed.Core;

/// <content>Standard normals in bulk, single precision.</content>
/// <remarks>
/// <para>Law: group g of 64 normals comes from the Philox counters 16 g + l, l = 0 .. 15. Words 0 and 1 of counter 16 g + l give one
/// Box-Muller pair, words 2 and 3 another: normal 64 g + l is the first pair's cosine branch, 64 g + 16 + l its sine branch, 64 g + 32 + l and
/// 64 g + 48 + l those of the second pair. The complex normal 32 g + 16 q + l is (cosine branch, sine branch) of pair q of counter 16 g + l.</para>
/// <para>Radius: u = ((w >> 1) + 1/2) 2^-31, r = sqrt(-2 ln u), which reaches 6.66 standard deviations. Angle: the low 30 bits of the other
/// word give an angle within +/- pi/4, bit 30 mirrors it at the diagonal, bit 31 turns it by pi.</para>
/// <para>All instruction tiers (AVX-512, AVX2 with FMA, scalar) do the same operations in the same order: the bits are the same.</para>
/// </remarks>
public readonly partial struct CounterRandom
{
    /// <summary>Normals that one call of the kernel makes.</summary>
    internal const int NormalGroup = 64;

    /// <summary>Fills with standard normals number <paramref name="firstIndex"/> and following of this stream.</summary>
    /// <remarks>
    /// The stream shares its counters with <see cref="Block"/> and all that draw from it: use one kind of number per stream. Error of a
    /// normal against exact arithmetic: below 2e-6. Thread safe, no allocation.
    /// </remarks>
    /// <param name="firstIndex">Index of the first normal; the last one must not pass 2^64.</param>
    /// <param name="destination">Receives the normals; any length.</param>
    public void FillStandardNormal(ulong firstIndex, Span<float> destination)
    {
        RequireStream();
        Span<float> group = stackalloc float[NormalGroup];
        int done = 0;
        while (done < destination.Length)
        {
            int within = (int)(firstIndex % NormalGroup);
            int count = Math.Min(NormalGroup - within, destination.Length - done);
            if (count == NormalGroup)
            {
                int groups = (destination.Length - done) / NormalGroup;
                count = groups * NormalGroup;
                FillGroups(firstIndex / NormalGroup, groups, 1, destination.Slice(done, count));
            }
            else
            {
                FillGroups(firstIndex / NormalGroup, 1, 1, group);
                group.Slice(within, count).CopyTo(destination[done..]);
            }

            done += count;
            firstIndex += (ulong)count;
        }
    }

    /// <summary>Adds <paramref name="scale"/> times the standard normals number <paramref name="firstIndex"/> and following.</summary>
    /// <remarks>destination[i] = fma(scale, normal(firstIndex + i), destination[i]); the same normals as <see cref="FillStandardNormal"/>.</remarks>
    public void AddScaledStandardNormal(ulong firstIndex, float scale, Span<float> destination)
    {
        RequireStream();
        Span<float> scratch = stackalloc float[4 * NormalGroup];
        for (int done = 0; done < destination.Length;)
        {
            int count = Math.Min(scratch.Length - (int)(firstIndex % NormalGroup), destination.Length - done);
            FillStandardNormal(firstIndex, scratch[..count]);
            for (int i = 0; i < count; i++)
            {
                destination[done + i] = MathF.FusedMultiplyAdd(scale, scratch[i], destination[done + i]);
            }

            done += count;
            firstIndex += (ulong)count;
        }
    }

    /// <summary>Fills with circular complex normals: real and imaginary part are <paramref name="scale"/> times a standard normal each.</summary>
    /// <remarks>Complex normal n has the variance 2 scale^2. Indices as in the law above; they must not pass 2^64. Thread safe, no allocation.</remarks>
    /// <param name="firstIndex">Index of the first complex normal.</param>
    /// <param name="scale">Standard deviation of each part.</param>
    /// <param name="real">Receives the real parts.</param>
    /// <param name="imaginary">Receives the imaginary parts; as long as <paramref name="real"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void FillComplexNormal(ulong firstIndex, float scale, Span<float> real, Span<float> imaginary)
    {
        RequireStream();
        if (real.Length != imaginary.Length)
        {
            throw new ArgumentException($"{real.Length} real and {imaginary.Length} imaginary parts; both must be the same.");
        }

        const int Group = NormalGroup / 2;
        Span<float> group = stackalloc float[NormalGroup];
        int done = 0;
        while (done < real.Length)
        {
            int within = (int)(firstIndex % Group);
            int count = Math.Min(Group - within, real.Length - done);
            if (count == Group)
            {
                int groups = (real.Length - done) / Group;
                count = groups * Group;
                FillComplexGroups(firstIndex / Group, groups, scale, real.Slice(done, count), imaginary.Slice(done, count));
            }
            else
            {
                FillComplexGroups(firstIndex / Group, 1, scale, group[..Group], group[Group..]);
                group.Slice(within, count).CopyTo(real[done..]);
                group.Slice(Group + within, count).CopyTo(imaginary[done..]);
            }

            done += count;
            firstIndex += (ulong)count;
        }
    }

    private void FillGroups(ulong firstGroup, int groups, float scale, Span<float> destination)
    {
        if (NormalKernel512.IsSupported)
        {
            NormalKernel512.Fill(Key, firstGroup, groups, scale, destination, destination[16..], 64, 32);
        }
        else if (NormalKernel256.IsSupported)
        {
            NormalKernel256.Fill(Key, firstGroup, groups, scale, destination, destination[16..], 64, 32);
        }
        else
        {
            NormalKernelScalar.Fill(Key, firstGroup, groups, scale, destination, destination[16..], 64, 32);
        }
    }

    private void FillComplexGroups(ulong firstGroup, int groups, float scale, Span<float> real, Span<float> imaginary)
    {
        if (NormalKernel512.IsSupported)
        {
            NormalKernel512.Fill(Key, firstGroup, groups, scale, real, imaginary, 32, 16);
        }
        else if (NormalKernel256.IsSupported)
        {
            NormalKernel256.Fill(Key, firstGroup, groups, scale, real, imaginary, 32, 16);
        }
        else
        {
            NormalKernelScalar.Fill(Key, firstGroup, groups, scale, real, imaginary, 32, 16);
        }
    }

    private NormalKey Key => new((uint)_seed, (uint)(_seed >> 32), _entity, _purpose);

    private void RequireStream()
    {
        if (_purpose == 0)
        {
            throw new InvalidOperationException("A default CounterRandom has no stream; construct it with a seed and a purpose.");
        }
    }
}

/// <summary>Key and fixed counter words of a stream.</summary>
internal readonly record struct NormalKey(uint Key0, uint Key1, uint Counter2, uint Counter3);
