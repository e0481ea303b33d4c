namespace IsacTestbed.Planning.OtaFeel;

/// <summary>How the pulses of the devices relate at the server; all that the error (7) depends on besides the precoders.</summary>
internal enum PulseSharing
{
    /// <summary>
    /// Orthogonal over the frame, as the paper has it: all cross terms of (7) vanish in the average, and the error is that of decoding
    /// every stream of every device by itself.
    /// </summary>
    Orthogonal,

    /// <summary>The same for all devices: the streams of a task add up on the air.</summary>
    Common,
}
