namespace IsacTestbed.Dsp.Kernels;

/// <summary>What every kernel checks once at its entry.</summary>
internal static class SpanRules
{
    public static void SameLength(ReadOnlySpan<float> re, ReadOnlySpan<float> im, string name)
    {
        if (re.Length != im.Length)
        {
            throw new ArgumentException($"The real part has {re.Length} samples and the imaginary part {im.Length}.", name);
        }
    }

    public static void Length(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int expected, string name)
    {
        if (re.Length != expected || im.Length != expected)
        {
            throw new ArgumentException($"Expected {expected} samples, got {re.Length} real and {im.Length} imaginary.", name);
        }
    }

    public static void AtLeast(ReadOnlySpan<float> span, int expected, string name)
    {
        if (span.Length < expected)
        {
            throw new ArgumentException($"Needs at least {expected} floats, got {span.Length}.", name);
        }
    }

    public static void Disjoint(ReadOnlySpan<float> one, ReadOnlySpan<float> other, string name)
    {
        if (one.Overlaps(other))
        {
            throw new ArgumentException("The spans overlap.", name);
        }
    }

    /// <summary>Input and output are the same memory or share none.</summary>
    public static void SameOrDisjoint(ReadOnlySpan<float> input, ReadOnlySpan<float> output, string name)
    {
        if (input.Overlaps(output, out int offset) && offset != 0)
        {
            throw new ArgumentException("The output overlaps the input without being the same memory.", name);
        }
    }

    /// <summary>Checks the four spans of an operation that writes (re, im) from (re, im): in place or disjoint, never crossed.</summary>
    public static void Transform(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> outRe, ReadOnlySpan<float> outIm,
        string name)
    {
        SameOrDisjoint(re, outRe, name);
        SameOrDisjoint(im, outIm, name);
        Disjoint(re, outIm, name);
        Disjoint(im, outRe, name);
        Disjoint(outRe, outIm, name);
    }
}
