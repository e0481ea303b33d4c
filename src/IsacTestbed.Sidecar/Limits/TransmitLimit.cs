namespace IsacTestbed.Sidecar.Limits;

/// <summary>The limits of a profile, as metrics and the transmit log name them.</summary>
internal enum TransmitLimit
{
    Frequency,
    Gain,
    FullScale,
    Amplitude,
    Power,
    DutyCycle,
    Antenna,
    Tuning,
}
