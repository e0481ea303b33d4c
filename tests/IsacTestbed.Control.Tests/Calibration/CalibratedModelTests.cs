using IsacTestbed.Control.Calibration;
using IsacTestbed.Control.Tests.Experiments;
using IsacTestbed.Core;

namespace IsacTestbed.Control.Tests.Calibration;

public sealed class CalibratedModelTests
{
    private static readonly CalibratedModel Prior = CalibratedModel.FromPrior(TestScenario.Create(devices: 3));

    /// <summary>The verdicts' one promise: what is not valid teaches nothing, whatever numbers it carries.</summary>
    [Theory]
    [InlineData(Verdict.Inconclusive)]
    [InlineData(Verdict.Faulted)]
    public void Observe_WhatIsNotValid_ChangesNothing(Verdict verdict)
    {
        CalibratedModel after = Prior
            .ObserveSensing(1, 2, 0.1, [new SensingMeasurement("d2", 0, verdict, "receiver: Overflow", 50)])
            .ObserveUpload(1, 2, 3, 0.1, new UploadMeasurement("d2", verdict, "receiver: Clipped", true, 50, 3, 0));
        Assert.Equal(Prior.Devices, after.Devices);
        Assert.Same(Prior.Gap, after.Gap);
    }

    [Fact]
    public void Observe_OneDevice_LeavesTheOthers()
    {
        CalibratedModel after = Prior.ObserveSensing(1, 2, 0, [new SensingMeasurement("d2", 0, Verdict.Valid, string.Empty, 8)]);
        Assert.Equal((Prior.Devices[0], Prior.Devices[2]), (after.Devices[0], after.Devices[2]));
        Assert.Equal(new MeanGain().Observe(4).Ratio, after.Devices[1].Sensing.Ratio, 12);
        Assert.Equal(1, after.Devices[1].Uplink.Ratio);
    }

    /// <summary>An upload that was never detected is a bound on the SNR, and no evidence about the modem.</summary>
    [Fact]
    public void ObserveUpload_Undetected_IsABoundAndNoEvidenceOfTheGap()
    {
        CalibratedModel after = Prior.ObserveUpload(0, 2, 3, 0.5, new UploadMeasurement("d1", Verdict.Valid, string.Empty, false, 0, 3, 0));
        Assert.Equal(new MeanGain().ObserveBelow(0.25), after.Devices[0].Uplink);
        Assert.Same(Prior.Gap, after.Gap);
    }

    /// <summary>
    /// A modem that needs 4 dB more than Shannon: from two hundred fading uploads the gap is found to within the spacing of their SNRs around it.
    /// </summary>
    [Fact]
    public void ObserveUpload_ModemWithAGap_FindsGapAndGainApart()
    {
        const double gap = 2.5, gain = 0.6, modelled = 10, required = 3;
        const int uploads = 200;
        var random = new CounterRandom(5, RandomPurpose.Test);
        CalibratedModel model = Prior;
        for (int i = 0; i < uploads; i++)
        {
            double snr = modelled * gain * random.ExponentialAt((ulong)i);
            model = model.ObserveUpload(2, modelled, required, 1e-6, new UploadMeasurement("d3", Verdict.Valid, string.Empty, true, snr, 2, snr >= gap * required ? 2 : 0));
        }

        // Near the threshold the density of SNRs is exp(-t) / mean with t = gap required / mean: five mean spacings.
        double mean = modelled * gain, spacing = mean / (uploads * Math.Exp(-gap * required / mean)) / required;
        Assert.InRange(model.Gap.Gap, gap - (5 * spacing), gap + (5 * spacing));
        Assert.InRange(model.Devices[2].Uplink.Ratio, gain * (1 - (5 / Math.Sqrt(uploads))), (gain * (1 + (5 / Math.Sqrt(uploads)))) + (2.0 / uploads));
    }
}
