using IsacTestbed.Radio;

namespace IsacTestbed.Sidecar.Mapping;

/// <summary>Somebody else holds a radio: says who, and for how long still.</summary>
internal sealed class LeaseHeldException(string radioId, string holder, TimeSpan remaining)
    : Exception($"held by {holder} for another {remaining.TotalSeconds:0.0} s unless renewed.")
{
    /// <summary>The radio.</summary>
    public string RadioId { get; } = radioId;

    /// <summary>Who holds it.</summary>
    public string Holder { get; } = holder;

    /// <summary>Until the lease runs out.</summary>
    public TimeSpan Remaining { get; } = remaining;

    /// <summary>The fault's code.</summary>
    public static RadioFaultCode Code => RadioFaultCode.LeaseLost;
}
