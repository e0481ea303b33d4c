using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Lines;

namespace IsacTestbed.Lab.Simulation;

/// <summary>A serial line to a simulated instrument, by way of a pseudo-terminal: the whole path of a real one, without the hardware.</summary>
internal sealed class SimulatedTransport : IInstrumentTransport
{
    private readonly SimulatedInstrumentServer _server;
    private readonly StreamTransport _line;

    private SimulatedTransport(SimulatedInstrumentServer server, StreamTransport line) => (_server, _line) = (server, line);

    /// <inheritdoc/>
    public string Name => _line.Name;

    /// <summary>Serves an instrument and opens the line to it.</summary>
    public static SimulatedTransport Open(ISimulatedInstrument instrument, LineSettings settings, TimeProvider time)
    {
        var server = SimulatedInstrumentServer.OnPseudoTerminal(instrument, time);
        return new SimulatedTransport(server, new StreamTransport(SerialStream.Open(server.Path, settings), $"simulated on {server.Path}"));
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _line.SendAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _line.ReceiveAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _line.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }
}
