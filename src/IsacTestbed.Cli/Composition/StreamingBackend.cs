using IsacTestbed.Core;
using IsacTestbed.Radio;
using IsacTestbed.Soapy;
using IsacTestbed.Uhd;

namespace IsacTestbed.Cli.Composition;

/// <summary>Opens radios behind streaming drivers as their profile says.</summary>
internal static class StreamingBackend
{
    /// <summary>Opens the radios one after the other, since drivers search and load firmware meanwhile; all or none.</summary>
    /// <exception cref="ConfigurationException">The profile does not know the driver, or a name stands twice.</exception>
    /// <exception cref="RadioException">The driver's library or a radio is missing, or does not answer.</exception>
    public static async Task<OpenedRadios> OpenAsync(BackendRequest request, CancellationToken cancellationToken)
    {
        RadioProfile profile = request.Profile!;
        if (!profile.Drivers.TryGetValue(request.Backend, out IReadOnlyDictionary<string, string>? common))
        {
            throw new ConfigurationException(
                "--profile",
                $"drivers.{request.Backend}",
                $"missing in profile {profile.Name}, which knows {string.Join(", ", profile.Drivers.Keys)}; add its device arguments, or choose another --backend");
        }

        IReadOnlyList<RadioSelection> selections =
            request.Radios.Count > 0 ? request.Radios : [new RadioSelection(profile.Name, new Dictionary<string, string>())];
        if (selections.GroupBy(s => s.RadioId).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ConfigurationException("--radio", string.Empty, $"found {twice.Key} twice; each radio needs a name of its own");
        }

        var opened = new OpenedStreams();
        try
        {
            foreach (RadioSelection selection in selections)
            {
                Dictionary<string, string> arguments = new(common.Concat(selection.Arguments).GroupBy(a => a.Key).Select(g => g.Last()));
                opened.Add(await OpenAsync(request.Backend, Options(profile, selection.RadioId), arguments, cancellationToken));
            }
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }

        return new OpenedRadios(opened.Radios, string.Empty, opened);
    }

    private static Task<StreamingRadio> OpenAsync(
        string backend, StreamingRadioOptions options, Dictionary<string, string> arguments, CancellationToken cancellationToken) => backend switch
        {
            RadioBackends.Soapy => SoapyRadio.OpenAsync(options, new SoapyRadioOptions(arguments), null, cancellationToken),
            _ => UhdRadio.OpenAsync(
                options, new UhdDeviceOptions(string.Join(',', arguments.Select(a => $"{a.Key}={a.Value}"))), null, cancellationToken),
        };

    private static StreamingRadioOptions Options(RadioProfile profile, string radioId) => new(radioId, profile.FullScale.WattsAtZeroGain)
    {
        LeadTimeSeconds = profile.LeadTimeSeconds,
        ClockSource = profile.Clocking.ClockSource,
        TimeSource = profile.Clocking.TimeSource,
        TxAntenna = profile.Transmit.AntennaPort,
        RxAntenna = profile.Receive.AntennaPort,
        TxGains = profile.Transmit.SetByElement,
        RxGains = profile.Receive.SetByElement,
    };

    /// <summary>Radios that are closed together.</summary>
    private sealed class OpenedStreams : IAsyncDisposable
    {
        private readonly List<StreamingRadio> _radios = [];

        public IReadOnlyList<IRadio> Radios => _radios;

        public void Add(StreamingRadio radio) => _radios.Add(radio);

        public async ValueTask DisposeAsync()
        {
            foreach (StreamingRadio radio in _radios)
            {
                await radio.DisposeAsync();
            }
        }
    }
}
