namespace IsacTestbed.Core;

/// <summary>What comes back from a radio that executes a schedule: a <see cref="CaptureBlock"/> or a <see cref="BurstReport"/>.</summary>
public abstract class RadioOutput
{
    private protected RadioOutput(string radioId)
    {
        RadioId = radioId;
    }

    /// <summary>The radio it comes from.</summary>
    public string RadioId { get; }
}
