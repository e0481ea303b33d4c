using IsacTestbed.Core;

namespace IsacTestbed.Lab.Instruments;

/// <summary>An instrument of the bench. All members may be called from any thread; commands are sent one at a time.</summary>
public interface IInstrument : IAsyncDisposable
{
    /// <summary>Its name on this bench.</summary>
    string Id { get; }

    /// <summary>Its profile.</summary>
    Profiles.InstrumentProfile Profile { get; }

    /// <summary>What the instrument says it is.</summary>
    /// <exception cref="InstrumentException">No answer or a wrong one.</exception>
    Task<string> IdentifyAsync(CancellationToken cancellationToken);

    /// <summary>Its state, as a run records it.</summary>
    /// <exception cref="InstrumentException">No answer or a wrong one.</exception>
    Task<InstrumentReading> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>Sends a dangerous command.</summary>
    /// <exception cref="InstrumentException">Dangerous commands are not switched on for this instrument; nothing was sent.</exception>
    Task SendDangerousAsync(DangerousCommand command, CancellationToken cancellationToken);
}
