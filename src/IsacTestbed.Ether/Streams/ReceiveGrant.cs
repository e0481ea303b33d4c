namespace IsacTestbed.Ether;

/// <summary>What a receive stream may hand on next.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="FirstTick">First tick of the samples, or of what is lost.</param>
/// <param name="Count">Samples; zero unless there are any.</param>
/// <param name="IsLast">Whether they end what was asked for.</param>
internal readonly record struct ReceiveGrant(ReceiveGrantKind Kind, long FirstTick, int Count, bool IsLast);

/// <summary>Kinds of what a receive stream hands on.</summary>
internal enum ReceiveGrantKind
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>Samples, to be rendered and then committed.</summary>
    Samples = 1,

    /// <summary>Samples were lost; the stream goes on behind them.</summary>
    Overflow = 2,

    /// <summary>The start that was asked for had passed; the stream is not active.</summary>
    Late = 3,
}
