namespace IsacTestbed.Lab.Dialogues;

/// <summary>The bytes between this program and one instrument: a serial line, a socket, or a script in a test.</summary>
/// <remarks>One send and one receive at a time; the two may overlap. Disposing closes it.</remarks>
public interface IInstrumentTransport : IAsyncDisposable
{
    /// <summary>Where it leads, for messages, as in /dev/ttyUSB0.</summary>
    string Name { get; }

    /// <summary>Sends all of the bytes.</summary>
    /// <exception cref="IOException">The way to the instrument broke; the message names it.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Receives what is there, or waits for it.</summary>
    /// <returns>Bytes received; zero when the other side closed.</returns>
    /// <exception cref="IOException">The way to the instrument broke; the message names it.</exception>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
