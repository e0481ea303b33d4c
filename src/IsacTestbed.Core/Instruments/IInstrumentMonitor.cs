namespace IsacTestbed.Core;

/// <summary>Watches the instruments of a bench, so that a run knows under what conditions it measured.</summary>
public interface IInstrumentMonitor
{
    /// <summary>
    /// All readings since the last call, oldest first, and at least one of every instrument that was taken after this call began: so a lock
    /// that was lost and found again between two calls is among them.
    /// </summary>
    /// <remarks>An instrument that fails is no exception but a reading that is not trustworthy. One call at a time.</remarks>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<IReadOnlyList<InstrumentReading>> ReadAsync(CancellationToken cancellationToken);
}
