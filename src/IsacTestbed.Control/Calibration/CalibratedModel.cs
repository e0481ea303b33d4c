using IsacTestbed.Core;

namespace IsacTestbed.Control.Calibration;

/// <summary>What measurements have taught about the channels of one device.</summary>
/// <param name="Sensing">True over modelled mean sensing SNR.</param>
/// <param name="Uplink">True over modelled mean uplink SNR.</param>
public sealed record DeviceCalibration(MeanGain Sensing, MeanGain Uplink);

/// <summary>What measurements have taught so far: the state that the next plan uses.</summary>
/// <param name="Devices">One per device, in the scenario's order.</param>
/// <param name="Gap">The modem's gap, common to all devices.</param>
public sealed record CalibratedModel(IReadOnlyList<DeviceCalibration> Devices, OutageGap Gap)
{
    /// <summary>The state before any measurement: the scenario's own numbers.</summary>
    public static CalibratedModel FromPrior(Scenario scenario) =>
        new(
            [.. scenario.Devices.Select(_ => new DeviceCalibration(new MeanGain(), new MeanGain()))],
            OutageGap.FromPrior(new Decibels(scenario.Uplink.InitialGapDb).ToPowerRatio().Value));

    /// <summary>With the frames of one device; only valid measurements count.</summary>
    /// <param name="device">Index of the device.</param>
    /// <param name="modelledSnr">The uncalibrated model's mean SNR at the planned power and snapshots.</param>
    /// <param name="estimateVariance">Variance of a measured SNR around the true one at low SNR.</param>
    /// <param name="frames">The measurements.</param>
    public CalibratedModel ObserveSensing(int device, double modelledSnr, double estimateVariance, IEnumerable<SensingMeasurement> frames)
    {
        MeanGain gain = Devices[device].Sensing;
        foreach (SensingMeasurement frame in frames.Where(f => f.Verdict == Verdict.Valid))
        {
            gain = gain.Observe(frame.SensingSnr / modelledSnr, estimateVariance / (modelledSnr * modelledSnr));
        }

        return Replace(device, Devices[device] with { Sensing = gain });
    }

    /// <summary>With one upload of one device; only valid measurements count.</summary>
    /// <param name="device">Index of the device.</param>
    /// <param name="modelledSnr">The uncalibrated model's mean SNR at the planned power.</param>
    /// <param name="requiredSnrAtCapacity">2^(R/B) - 1.</param>
    /// <param name="detectionSnr">SNR below which packets go undetected.</param>
    /// <param name="upload">The measurement.</param>
    public CalibratedModel ObserveUpload(
        int device, double modelledSnr, double requiredSnrAtCapacity, double detectionSnr, UploadMeasurement upload)
    {
        if (upload.Verdict != Verdict.Valid)
        {
            return this;
        }

        MeanGain gain = Devices[device].Uplink;
        gain = upload.Detected ? gain.Observe(upload.UplinkSnr / modelledSnr) : gain.ObserveBelow(detectionSnr / modelledSnr);
        OutageGap gap = upload.Detected ? Gap.Observe(upload.UplinkSnr / requiredSnrAtCapacity, upload.Succeeded) : Gap;
        return Replace(device, Devices[device] with { Uplink = gain }) with { Gap = gap };
    }

    private CalibratedModel Replace(int device, DeviceCalibration calibration)
    {
        DeviceCalibration[] devices = [.. Devices];
        devices[device] = calibration;
        return this with { Devices = devices };
    }
}
