using IsacTestbed.Control.Calibration;
using IsacTestbed.Core;
using IsacTestbed.Planning.IsacFl;

namespace IsacTestbed.Control.Experiments;

/// <summary>The planner's view of a scenario: the model of isac-fl, with and without what measurements have taught.</summary>
public sealed class ChannelModel
{
    private readonly Scenario _scenario;
    private readonly double _uploadBits;

    /// <summary>Creates the model.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="uploadBytes">Bytes that one device uploads in one round.</param>
    public ChannelModel(Scenario scenario, int uploadBytes)
    {
        _scenario = scenario;
        _uploadBits = 8.0 * uploadBytes;
    }

    /// <summary>Uplink bandwidth of every device.</summary>
    private double BandwidthHz => _scenario.Radio.SampleRateHz / _scenario.Uplink.SamplesPerSymbol;

    /// <summary>The planner's case, its gains and gap corrected by calibration.</summary>
    public IsacFlCase Case(CalibratedModel calibration) =>
        new(
            _scenario.Rounds,
            _scenario.Sensing.DurationSeconds,
            _scenario.Uplink.DeadlineSeconds,
            _scenario.Sensing.PathLossExponent,
            _scenario.Sensing.NoiseWatts,
            _scenario.Uplink.NoiseWatts,
            _uploadBits,
            new PowerRange(_scenario.Sensing.MinPowerWatts, _scenario.Sensing.MaxPowerWatts),
            new PowerRange(_scenario.Uplink.MinPowerWatts, _scenario.Uplink.MaxPowerWatts),
            _scenario.Sensing.MaxSnapshots,
            [.. _scenario.Devices.Select((device, k) => Device(device, calibration.Devices[k], calibration.Gap.Gap))]);

    /// <summary>Mean sensing SNR by eq. (4) of isac-fl, without calibration.</summary>
    public double SensingSnr(int device, double powerWatts, int snapshots)
    {
        DeviceSection d = _scenario.Devices[device];
        return powerWatts * Gain(d) * snapshots * d.SensingFadingMean
            / (_scenario.Sensing.NoiseWatts * Math.Pow(d.TargetDistanceMeters, _scenario.Sensing.PathLossExponent));
    }

    /// <summary>Mean uplink SNR by eq. (6) of isac-fl, without calibration.</summary>
    public double UplinkSnr(int device, double powerWatts)
    {
        DeviceSection d = _scenario.Devices[device];
        return powerWatts * Gain(d) * d.UplinkFadingMean
            / (_scenario.Uplink.NoiseWatts * Math.Pow(d.ServerDistanceMeters, _scenario.Sensing.PathLossExponent / 2));
    }

    /// <summary>SNR at which Shannon's rate meets the deadline, 2^(R/B) - 1 of eq. (9).</summary>
    public double ShannonSnr(int device)
    {
        double seconds = _scenario.Uplink.DeadlineSeconds - _scenario.Devices[device].TrainingSeconds;
        return Math.Pow(2, _uploadBits / seconds / BandwidthHz) - 1;
    }

    private static double Gain(DeviceSection device) => new Decibels(device.AntennaGainDbi).ToPowerRatio().Value;

    private IsacFlDevice Device(DeviceSection device, DeviceCalibration calibration, double gap) =>
        new(
            device.Id,
            _scenario.Sensing.SnapshotSamples / _scenario.Radio.SampleRateHz,
            device.TargetDistanceMeters,
            device.ServerDistanceMeters,
            device.AntennaGainDbi,
            device.SensingFadingMean,
            device.UplinkFadingMean * calibration.Uplink.Ratio,
            device.EnergyBudgetJoules,
            device.EnergyPerSampleJoules,
            BandwidthHz,
            device.TrainingSeconds)
        {
            OutageGap = gap,
            SensingGainFactor = calibration.Sensing.Ratio,
        };
}
