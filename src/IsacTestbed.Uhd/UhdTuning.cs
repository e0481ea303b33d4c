namespace IsacTestbed.Uhd;

/// <summary>How a channel was tuned: by the oscillator of its front end, and digitally for the rest.</summary>
/// <param name="RequestedHz">The carrier that was asked for.</param>
/// <param name="ClippedRfHz">The request limited to the front end's range.</param>
/// <param name="TargetRfHz">What the oscillator was asked for, with any offset.</param>
/// <param name="ActualRfHz">What the oscillator really does.</param>
/// <param name="TargetDspHz">What the digital converter was asked for.</param>
/// <param name="ActualDspHz">What the digital converter really does.</param>
/// <param name="ActualHz">The carrier that results; this is what is recorded.</param>
public readonly record struct UhdTuning(
    double RequestedHz, double ClippedRfHz, double TargetRfHz, double ActualRfHz, double TargetDspHz, double ActualDspHz, double ActualHz);
