using System.Text;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Lines;

namespace IsacTestbed.Lab.Simulation;

/// <summary>Serves a simulated instrument, by default on a pseudo-terminal, where any program opens it like a serial line.</summary>
public sealed class SimulatedInstrumentServer : IAsyncDisposable
{
    private static readonly TimeSpan AnnouncementPeriod = TimeSpan.FromSeconds(1);

    private readonly IInstrumentTransport _transport;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Task[] _serving;

    /// <summary>Begins to serve.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="transport">Its end of the line; owned.</param>
    /// <param name="time">Time, by which it speaks of its own accord.</param>
    public SimulatedInstrumentServer(ISimulatedInstrument instrument, IInstrumentTransport transport, TimeProvider time)
    {
        _transport = transport;
        _serving = [ServeAsync(instrument), AnnounceAsync(instrument, time)];
    }

    /// <summary>Where it is served, as in /dev/pts/3.</summary>
    public string Path => _transport.Name;

    /// <summary>Serves an instrument on a new pseudo-terminal.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    public static SimulatedInstrumentServer OnPseudoTerminal(ISimulatedInstrument instrument, TimeProvider time) =>
        new(instrument, PseudoTerminal.Create(), time);

    /// <summary>Stops serving and hangs up: to who has the line open, the instrument is unplugged.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _transport.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _writing.Dispose();
    }

    private async Task ServeAsync(ISimulatedInstrument instrument)
    {
        byte[] buffer = new byte[256];
        var lines = new LineSplitter();
        var commands = new List<string>();
        while (await _transport.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false) is > 0 and var count)
        {
            lines.Add(buffer.AsSpan(0, count), commands.Add);
            foreach (string command in commands)
            {
                await WriteAsync(instrument.Execute(command)).ConfigureAwait(false);
            }

            commands.Clear();
        }
    }

    private async Task AnnounceAsync(ISimulatedInstrument instrument, TimeProvider time)
    {
        using var timer = new PeriodicTimer(AnnouncementPeriod, time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            await WriteAsync(instrument.Announce()).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        await _writing.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            await _transport.SendAsync(Encoding.Latin1.GetBytes(text), _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
