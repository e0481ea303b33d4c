namespace IsacTestbed.Control.Arrays;

/// <summary>Where independent errors come from. Errors of one source keep their order, so that figures that share them err together.</summary>
internal readonly record struct ErrorSource
{
    private readonly Kind _kind;
    private readonly string _transmitter;
    private readonly string _receiver;

    private ErrorSource(Kind kind, string transmitter, string receiver) => (_kind, _transmitter, _receiver) = (kind, transmitter, receiver);

    /// <summary>
    /// The symbols of the downlink, an error per symbol. All receivers hear the same symbols at nearly the same instants: what the streams
    /// happen to be in one of them, they are for everybody.
    /// </summary>
    public static ErrorSource Symbols { get; } = new(Kind.Symbols, string.Empty, string.Empty);

    /// <summary>
    /// Whether an error is complex and circular, so that it has any phase against what it disturbs; else it is what a symbol really added.
    /// </summary>
    public bool IsCircular => _kind == Kind.Channel;

    /// <summary>The coefficients of a sounded channel, an error per coefficient, row by row.</summary>
    public static ErrorSource Channel(string transmitter, string receiver) => new(Kind.Channel, transmitter, receiver);

    /// <summary>The noise that was found while sounding a channel: one error.</summary>
    public static ErrorSource Noise(string transmitter, string receiver) => new(Kind.Noise, transmitter, receiver);

    private enum Kind
    {
        Symbols,
        Channel,
        Noise,
    }
}
