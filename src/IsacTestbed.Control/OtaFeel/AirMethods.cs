using IsacTestbed.Planning.OtaFeel;

namespace IsacTestbed.Control.OtaFeel;

/// <summary>Strategies of ota-feel on the air: the planner's, which all have orthogonal pulses, and the two designs with a common one.</summary>
public static class AirMethods
{
    /// <summary>One pulse for all devices: symbols of a task add up on the air.</summary>
    public const string CommonPulse = "common-pulse";

    /// <summary>Blocks of known symbols under orthogonal pulses for sensing, and one common pulse in the rest of the frame.</summary>
    public const string SplitFrame = "split-frame";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OtaFeelMethods.All, CommonPulse, SplitFrame];

    /// <summary>Those that are compared when none is named.</summary>
    public static IReadOnlyList<string> Default { get; } = [OtaFeelMethods.Descent, CommonPulse, SplitFrame];

    internal static bool IsCommonPulse(string method) => method is CommonPulse or SplitFrame;
}
