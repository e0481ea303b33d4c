using System.Runtime.InteropServices;
using System.Security.Cryptography;
using IsacTestbed.Dsp.Fourier;
using IsacTestbed.Dsp.Kernels;
using IsacTestbed.Dsp.Radar;

namespace IsacTestbed.Dsp.Tests.Kernels;

/// <summary>Entry of the child processes in which instruction tiers are switched off: prints the tiers and a digest of every kernel's
/// results.</summary>
internal static class KernelTierProgram
{
    private static int Main()
    {
        Console.WriteLine(Describe());
        return 0;
    }

    public static string Describe() => $"512={Lanes512.IsSupported} 256={Lanes256.IsSupported} digest={Digest()}";

    private static string Digest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int length in (ReadOnlySpan<int>)[1, 3, 7, 16, 60, 127, 128, 129, 240, 512, 768, 2048, 2049])
        {
            (float[] aRe, float[] aIm) = TestSignals.Noise(length, 90);
            (float[] bRe, float[] bIm) = TestSignals.Noise(length, 91);
            float[] re = new float[length], im = new float[length];
            FftPlan plan = new(length);
            plan.ForwardUnscaled(aRe, aIm, new float[plan.ScratchLength], re, im);
            Append(hash, re, im);
            SplitComplex.MultiplyConjugate(re, im, bRe, bIm, re, im);
            plan.InverseScaledByLength(re, im, new float[plan.ScratchLength], re, im);
            Append(hash, re, im);
            SplitComplex.AddTurned(aRe, aIm, 0.3f, 0.7f, re, im);
            SplitComplex.Multiply(re, im, bRe, bIm, re, im);
            Append(hash, re, im);
            SplitComplex.Power(aRe, aIm, re);
            Append(hash, re, im);
            MatchedFilter filter = new(bRe, bIm, length);
            filter.Direct(aRe, aIm, re, im);
            Append(hash, re, im);
        }

        (float[] x, float[] y) = TestSignals.Noise(18 * 200, 92);
        using RangeDopplerProcessor processor = new(18, 200, x.AsSpan(0, 30), y.AsSpan(0, 30));
        processor.Process(x, y, x, y);
        Append(hash, x, y);
        float[] sumRe = new float[200], sumIm = new float[200];
        CoherentAccumulator.Add(x, y, sumRe, sumIm);
        CoherentAccumulator.AddCompensated(x, y, new double[18], sumRe, sumIm);
        Append(hash, sumRe, sumIm);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, float[] re, float[] im)
    {
        hash.AppendData(MemoryMarshal.AsBytes(re.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(im.AsSpan()));
    }
}
