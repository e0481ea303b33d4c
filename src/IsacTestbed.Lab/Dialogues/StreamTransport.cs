namespace IsacTestbed.Lab.Dialogues;

/// <summary>A transport over any stream, such as a <see cref="Lines.SerialStream"/> or a socket's. Owns the stream.</summary>
/// <param name="stream">The stream.</param>
/// <param name="name">Where it leads.</param>
public sealed class StreamTransport(Stream stream, string name) : IInstrumentTransport
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
