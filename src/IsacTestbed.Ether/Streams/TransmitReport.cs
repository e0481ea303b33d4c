namespace IsacTestbed.Ether;

/// <summary>What became of a streamed burst.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Tick">The end, the tick at which it ran dry, or the tick that was asked for in vain.</param>
internal readonly record struct TransmitReport(TransmitReportKind Kind, long Tick);

/// <summary>What can become of a streamed burst.</summary>
internal enum TransmitReportKind
{
    /// <summary>It has left to its end.</summary>
    Completed = 0,

    /// <summary>It came too late and was not sent.</summary>
    Late = 1,

    /// <summary>It ran dry before its end: what came afterwards was not sent.</summary>
    Underflow = 2,
}
