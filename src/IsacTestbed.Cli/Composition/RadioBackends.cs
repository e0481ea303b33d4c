using IsacTestbed.Cli.Documents;
using IsacTestbed.Cli.Families;
using IsacTestbed.Core;
using IsacTestbed.Ether;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Composition;

/// <summary>What a sidecar is asked to serve.</summary>
/// <param name="Backend">One of <see cref="RadioBackends.Names"/>.</param>
/// <param name="Profile">The model of radio and its arguments; null for emulated radios without limits.</param>
/// <param name="ScenarioFile">Scenario whose air is emulated; null for real radios.</param>
/// <param name="Radios">The radios to open behind a driver; empty for the one of the profile.</param>
/// <param name="Paced">Whether an emulated clock runs in real time.</param>
internal sealed record BackendRequest(
    string Backend, RadioProfile? Profile, string? ScenarioFile, IReadOnlyList<RadioSelection> Radios, bool Paced);

/// <summary>Radios that were opened, and whatever must be closed behind them.</summary>
/// <param name="radios">At least one.</param>
/// <param name="scenarioHash">Fingerprint of the scenario that they emulate; empty for real radios.</param>
/// <param name="owner">Closes them.</param>
internal sealed class OpenedRadios(IReadOnlyList<IRadio> radios, string scenarioHash, IAsyncDisposable owner) : IAsyncDisposable
{
    /// <summary>The radios.</summary>
    public IReadOnlyList<IRadio> Radios => radios;

    /// <summary>Fingerprint of the scenario that they emulate; empty for real radios.</summary>
    public string ScenarioHash => scenarioHash;

    /// <summary>Closes the radios.</summary>
    public ValueTask DisposeAsync() => owner.DisposeAsync();
}

/// <summary>Opens radios by the name of their backend: the only place that knows which kinds there are.</summary>
internal static class RadioBackends
{
    /// <summary>Radios on the emulated air.</summary>
    public const string Emulated = "emulated";

    /// <summary>Radios behind libSoapySDR.</summary>
    public const string Soapy = "soapy";

    /// <summary>Radios behind libuhd.</summary>
    public const string Uhd = "uhd";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Emulated, Soapy, Uhd];

    /// <summary>Opens the radios.</summary>
    /// <exception cref="ConfigurationException">The request does not fit the backend.</exception>
    /// <exception cref="RadioException">A radio or its library cannot be opened.</exception>
    public static Task<OpenedRadios> OpenAsync(BackendRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return request.Backend == Emulated ? Task.FromResult(OpenEmulated(request)) : StreamingBackend.OpenAsync(request, cancellationToken);
    }

    private static OpenedRadios OpenEmulated(BackendRequest request)
    {
        ConfigurationObject document = DocumentFile.Read(request.ScenarioFile!);
        var air = new EmulatedAir(ScenarioCatalog.Read(document).Content.Scene(), request.Paced ? AirClockMode.Paced : AirClockMode.Virtual);
        return new OpenedRadios([.. air.Radios], document.Fingerprint(), air);
    }
}
