using IsacTestbed.Dsp.Kernels;

namespace IsacTestbed.Dsp.Radar;

/// <summary>Sums snapshots of the same pulse in phase, before the matched filter.</summary>
/// <remarks>
/// y(n) = sum_l conj(c_l) x_l(n) with c_l = exp(i (phi_0 + 2 pi f l T)). Filtering is linear, so filtering the sum once equals summing L
/// filtered snapshots: L complex multiply-adds per sample and one filter instead of L filters. An echo of amplitude a in every snapshot
/// grows to L a while the power of independent noise grows to L sigma^2, so the SNR grows by L. Snapshots are added in order, one at a
/// time, so the sum does not depend on how calls are grouped. No allocation; thread safe.
/// </remarks>
public static unsafe class CoherentAccumulator
{
    /// <summary>Adds one snapshot, turned back by its phase.</summary>
    /// <param name="re">Snapshot, n floats.</param>
    /// <param name="im">Snapshot, n floats.</param>
    /// <param name="phaseRadians">Phase of the snapshot's echo against the first one's: Doppler, local oscillator.</param>
    /// <param name="sumRe">Sum, n floats, added to; overlaps no input.</param>
    /// <param name="sumIm">Sum, n floats, added to; overlaps no input.</param>
    /// <exception cref="ArgumentException">Lengths differ, or the sum overlaps the snapshot.</exception>
    public static void AddCompensated(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, double phaseRadians, Span<float> sumRe, Span<float> sumIm)
    {
        (double sine, double cosine) = Math.SinCos(phaseRadians);
        SplitComplex.AddTurned(re, im, (float)cosine, (float)-sine, sumRe, sumIm);
    }

    /// <summary>Adds L snapshots that stand one after another, each turned back by its own phase.</summary>
    /// <param name="re">L x n floats, snapshot by snapshot.</param>
    /// <param name="im">L x n floats.</param>
    /// <param name="phasesRadians">L phases.</param>
    /// <param name="sumRe">Sum, n floats, added to; overlaps no input.</param>
    /// <param name="sumIm">Sum, n floats, added to; overlaps no input.</param>
    /// <exception cref="ArgumentException">Lengths do not agree, or the sum overlaps the snapshots.</exception>
    public static void AddCompensated(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<double> phasesRadians, Span<float> sumRe, Span<float> sumIm)
    {
        int samples = sumRe.Length, snapshots = phasesRadians.Length;
        SpanRules.Length(re, im, checked(snapshots * samples), nameof(re));
        Check(re, im, sumRe, sumIm);
        fixed (float* pRe = re, pIm = im, pSumRe = sumRe, pSumIm = sumIm)
        {
            int done = 0;
            for (; done + SumTurnedKernel.Snapshots <= snapshots; done += SumTurnedKernel.Snapshots)
            {
                nint first = (nint)done * samples;
                ReadOnlySpan<double> phases = phasesRadians.Slice(done, SumTurnedKernel.Snapshots);
                LaneLoop.Run(new SumTurnedKernel(pRe + first, pIm + first, samples, phases, pSumRe, pSumIm), samples);
            }

            for (; done < snapshots; done++)
            {
                AddCompensated(re.Slice(done * samples, samples), im.Slice(done * samples, samples), phasesRadians[done], sumRe, sumIm);
            }
        }
    }

    /// <summary>Adds L snapshots that stand one after another and are in phase already.</summary>
    /// <param name="re">L x n floats, snapshot by snapshot.</param>
    /// <param name="im">L x n floats.</param>
    /// <param name="sumRe">Sum, n floats, added to; overlaps no input.</param>
    /// <param name="sumIm">Sum, n floats, added to; overlaps no input.</param>
    /// <exception cref="ArgumentException">The input is not a whole number of snapshots, or the sum overlaps it.</exception>
    public static void Add(ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> sumRe, Span<float> sumIm)
    {
        SpanRules.SameLength(re, im, nameof(im));
        Check(re, im, sumRe, sumIm);
        int samples = sumRe.Length;
        if (samples == 0 ? re.Length != 0 : re.Length % samples != 0)
        {
            throw new ArgumentException($"{re.Length} samples are not a whole number of snapshots of {samples}.", nameof(re));
        }

        fixed (float* pRe = re, pIm = im, pSumRe = sumRe, pSumIm = sumIm)
        {
            nint done = 0;
            for (; done + (SumKernel.Snapshots * (nint)samples) <= re.Length && samples > 0; done += SumKernel.Snapshots * (nint)samples)
            {
                LaneLoop.Run(new SumKernel(pRe + done, samples, pSumRe), samples);
                LaneLoop.Run(new SumKernel(pIm + done, samples, pSumIm), samples);
            }

            for (; done < re.Length; done += samples)
            {
                LaneLoop.Run(new AddKernel(pRe + done, pSumRe), samples);
                LaneLoop.Run(new AddKernel(pIm + done, pSumIm), samples);
            }
        }
    }

    private static void Check(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> sumRe, ReadOnlySpan<float> sumIm)
    {
        SpanRules.SameLength(sumRe, sumIm, nameof(sumIm));
        SpanRules.Disjoint(re, sumRe, nameof(sumRe));
        SpanRules.Disjoint(re, sumIm, nameof(sumIm));
        SpanRules.Disjoint(im, sumRe, nameof(sumRe));
        SpanRules.Disjoint(im, sumIm, nameof(sumIm));
        SpanRules.Disjoint(sumRe, sumIm, nameof(sumIm));
    }
}
