namespace IsacTestbed.Ether;

/// <summary>One propagation path at one instant.</summary>
/// <param name="DelaySamples">Delay in samples.</param>
/// <param name="DopplerHz">Doppler shift, positive for an approaching target.</param>
/// <param name="PowerGain">Linear power gain before fading and array gain.</param>
/// <param name="TransmitSine">Sine of the bearing at the transmitting array.</param>
/// <param name="ReceiveSine">Sine of the bearing at the receiving array.</param>
internal readonly record struct PathGeometry(
    double DelaySamples, double DopplerHz, double PowerGain, double TransmitSine, double ReceiveSine);
