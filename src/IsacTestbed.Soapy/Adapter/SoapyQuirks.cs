using IsacTestbed.Radio;

namespace IsacTestbed.Soapy;

/// <summary>What a driver means by SoapySDR's ambiguous codes: the one place where drivers differ.</summary>
/// <remarks>
/// The table holds what the drivers' sources and SoapySDR's issue 350 say; a driver that it does not name gets the cautious reading. Codes that mean
/// the same everywhere are in <see cref="Receive"/> and <see cref="Event"/>.
/// </remarks>
internal sealed record SoapyQuirks
{
    private static readonly SoapyQuirks Cautious = new();

    private static readonly SoapyQuirks Uhd = new() { SurvivesStreamError = true, AcknowledgesBursts = true };

    private static readonly Dictionary<string, SoapyQuirks> Table = new(StringComparer.OrdinalIgnoreCase)
    {
        // SoapyUHD names its devices by their type. A late command or a broken chain is a STREAM_ERROR, behind which the stream goes on.
        ["b200"] = Uhd,
        ["x300"] = Uhd,
        ["n3xx"] = Uhd,
        ["e3xx"] = Uhd,
        ["x4xx"] = Uhd,
        ["usrp2"] = Uhd,

        // LimeSuite names its devices by their connection. Its 16-bit samples keep the 12 bits of the converter where they are. It tells a
        // dropped transmit packet as OVERFLOW, a late one as TIME_ERROR, and no end of burst.
        ["FT601"] = new SoapyQuirks { IntegerFullScale = 2048 },
        ["FX3"] = new SoapyQuirks { IntegerFullScale = 2048 },
        ["lime"] = new SoapyQuirks { IntegerFullScale = 2048 },

        // The emulated radios of this project. Large packets over TCP; in lock-step the window is what others may have to wait for.
        ["isac"] = new SoapyQuirks { AcknowledgesBursts = true, IsRemoteEmulation = true },
    };

    /// <summary>Whether a receive stream goes on behind STREAM_ERROR, which otherwise is its end.</summary>
    public bool SurvivesStreamError { get; private init; }

    /// <summary>Whether each end of burst comes back as a status with END_BURST.</summary>
    public bool AcknowledgesBursts { get; private init; }

    /// <summary>Full scale of 16-bit samples.</summary>
    public int IntegerFullScale { get; private init; } = 32768;

    /// <summary>Whether the device is emulated, behind SoapyRemote's module.</summary>
    public bool IsRemoteEmulation { get; private init; }

    /// <summary>What is known of a driver.</summary>
    /// <param name="driverKey">The device's driver key.</param>
    public static SoapyQuirks Of(string driverKey) => Table.GetValueOrDefault(driverKey, Cautious);

    /// <summary>Stream arguments that suit the driver.</summary>
    /// <param name="description">The device.</param>
    /// <param name="direction">Which way the stream goes.</param>
    /// <param name="format">Its format.</param>
    public Dictionary<string, string> StreamArguments(StreamingDeviceDescription description, StreamDirection direction, SampleFormat format)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        if (IsRemoteEmulation)
        {
            arguments["remote:prot"] = "tcp";
            arguments["remote:mtu"] = description.Clock == StreamClock.LockStep ? "8192" : "65536";
            if (description.Clock == StreamClock.LockStep && direction == StreamDirection.Receive)
            {
                // The emulation renders a quarter of the window ahead of what was read: a sixteenth of what transmitters may be ahead.
                int sampleBytes = format == SampleFormat.ComplexFloat32 ? 8 : 4;
                arguments["remote:window"] = (description.TransmitBufferSamples * sampleBytes * description.RxChannels / 4)
                    .ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return arguments;
    }

    /// <summary>What a read of a receive stream brought.</summary>
    /// <remarks>
    /// TIME_ERROR means lost samples on some drivers and a late activation on others; the streams here are activated without a time, so it can
    /// only mean that samples are missing.
    /// </remarks>
    public ReceiveResult Receive(SoapyStreamResult result, double rateHz) => result.Code switch
    {
        SoapyStreamCode.None when result.SampleCount > 0 => new ReceiveResult(
            ReceiveStatus.Samples, result.SampleCount, Tick(result, rateHz)),
        SoapyStreamCode.None or SoapyStreamCode.Timeout => ReceiveResult.Nothing(ReceiveStatus.TimedOut),
        SoapyStreamCode.Overflow or SoapyStreamCode.TimeError => ReceiveResult.Nothing(ReceiveStatus.Overflow),
        SoapyStreamCode.Corruption => ReceiveResult.Nothing(ReceiveStatus.Corrupt),
        SoapyStreamCode.StreamError when SurvivesStreamError => ReceiveResult.Nothing(ReceiveStatus.Corrupt),
        _ => ReceiveResult.Nothing(ReceiveStatus.Failed),
    };

    /// <summary>What a write brought.</summary>
    public static TransmitResult Transmit(SoapyStreamResult result) => result.Code switch
    {
        SoapyStreamCode.None => new TransmitResult(TransmitStatus.Accepted, result.SampleCount),
        SoapyStreamCode.Timeout => new TransmitResult(TransmitStatus.TimedOut, 0),
        SoapyStreamCode.TimeError => new TransmitResult(TransmitStatus.Late, 0),
        SoapyStreamCode.Underflow => new TransmitResult(TransmitStatus.Underflow, 0),
        _ => new TransmitResult(TransmitStatus.Failed, 0),
    };

    /// <summary>What a status of a transmit stream says.</summary>
    /// <remarks>
    /// Drivers that acknowledge a burst once per channel are heard on the first one. A status without error and without END_BURST says nothing:
    /// some drivers return it when there is none.
    /// </remarks>
    public TransmitEvent Event(SoapyStreamResult result, double rateHz)
    {
        TransmitEventKind kind = result.Code switch
        {
            SoapyStreamCode.None when AcknowledgesBursts && (result.Flags & SoapyStreamFlags.EndBurst) != 0 && (result.ChannelMask & 1) == 1 =>
                TransmitEventKind.BurstEnded,
            SoapyStreamCode.None or SoapyStreamCode.Timeout => TransmitEventKind.None,
            SoapyStreamCode.Underflow => TransmitEventKind.Underflow,
            SoapyStreamCode.TimeError => TransmitEventKind.Late,
            SoapyStreamCode.Corruption or SoapyStreamCode.Overflow => TransmitEventKind.Lost,
            SoapyStreamCode.NotSupported => TransmitEventKind.NotSupported,
            _ => TransmitEventKind.Failed,
        };
        return new TransmitEvent(kind, Tick(result, rateHz));
    }

    private static long? Tick(SoapyStreamResult result, double rateHz) =>
        (result.Flags & SoapyStreamFlags.HasTime) != 0 ? StreamTime.TickFromNanoseconds(result.TimeNanoseconds, rateHz) : null;
}
