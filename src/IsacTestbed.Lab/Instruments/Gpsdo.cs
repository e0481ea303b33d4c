using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Nmea;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Instruments;

/// <summary>A GPS-disciplined oscillator of the Jackson Labs kind: queries in SCPI, and NMEA sentences of its own accord on the same line.</summary>
/// <remarks>
/// Nothing is set: where its settings call for no sentences, <see cref="ReadFix"/> says so. Sentences whose checksum does not hold are
/// counted and otherwise ignored.
/// </remarks>
public sealed class Gpsdo : IInstrument
{
    private readonly InstrumentDialogue _dialogue;
    private readonly TimeProvider _time;
    private readonly TimeSpan _stale;
    private readonly Lock _lock = new();
    private Stamped<GpsFix>? _fix;
    private Stamped<GpsTime>? _gpsTime;
    private int _badSentences;

    /// <summary>Begins to listen; nothing is sent.</summary>
    /// <param name="id">Its name on this bench.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="transport">The way to it; owned.</param>
    /// <param name="time">Time.</param>
    /// <param name="allowDangerousCommands">Whether <see cref="SendDangerousAsync"/> sends.</param>
    public Gpsdo(string id, InstrumentProfile profile, IInstrumentTransport transport, TimeProvider time, bool allowDangerousCommands = false)
    {
        Id = id;
        Profile = profile;
        _time = time;
        _dialogue = InstrumentDialogues.Open(id, profile, InstrumentKind.Gpsdo, transport, time, allowDangerousCommands, TakeSentence);
        _stale = TimeSpan.FromSeconds(profile.Limits["staleSeconds"]);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public InstrumentProfile Profile { get; }

    /// <summary>Sentences whose checksum did not hold, so far.</summary>
    public int BadSentences => Volatile.Read(ref _badSentences);

    /// <inheritdoc/>
    public Task<string> IdentifyAsync(CancellationToken cancellationToken) =>
        _dialogue.QueryAsync<string>(Command("identity"), Answers.Text, "a text", cancellationToken);

    /// <summary>Asks for lock, health, holdover, time interval and satellites.</summary>
    /// <exception cref="InstrumentException">No answer or a wrong one.</exception>
    public async Task<GpsdoStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        bool locked = await _dialogue.QueryAsync<bool>(Command("lock"), Answers.Flag, "0 or 1", cancellationToken).ConfigureAwait(false);
        uint health = await _dialogue.QueryAsync<uint>(Command("health"), Answers.Hexadecimal, "a hexadecimal number such as 0x0", cancellationToken).ConfigureAwait(false);
        (double seconds, bool inHoldover) = await _dialogue.QueryAsync<(double, bool)>(
            Command("holdover"), TryReadHoldover, "seconds and state, as in 12,1", cancellationToken).ConfigureAwait(false);
        double interval = await _dialogue.QueryAsync<double>(Command("timeInterval"), Answers.Number, "a number of seconds", cancellationToken).ConfigureAwait(false);
        int satellites = await _dialogue.QueryAsync<int>(Command("satellitesVisible"), Answers.Count, "a number of satellites", cancellationToken).ConfigureAwait(false);
        return new GpsdoStatus(locked, (GpsdoHealth)health, interval, satellites, inHoldover, seconds);
    }

    /// <summary>The last position fix that it reported.</summary>
    /// <exception cref="InstrumentException">It reported none, or the last one is stale.</exception>
    public GpsFix ReadFix() => Fresh(ref _fix, "GGA", "GPS:GPGGA 1");

    /// <summary>The last time that it reported: that of the second in which its sentence came.</summary>
    /// <exception cref="InstrumentException">It reported none, or the last one is stale.</exception>
    public GpsTime ReadTime() => Fresh(ref _gpsTime, "RMC", "GPS:GPRMC 1");

    /// <inheritdoc/>
    public async Task<InstrumentReading> ReadStateAsync(CancellationToken cancellationToken)
    {
        GpsdoStatus status = await ReadStatusAsync(cancellationToken).ConfigureAwait(false);
        return new InstrumentReading(
            Id,
            _time.GetUtcNow(),
            status.Doubt.Length == 0,
            status.Doubt,
            [
                new("locked", status.Locked ? "true" : "false", string.Empty),
                new("health", string.Create(CultureInfo.InvariantCulture, $"0x{(int)status.Health:X}"), string.Empty),
                new("inHoldover", status.InHoldover ? "true" : "false", string.Empty),
                new("holdover", Text(status.HoldoverSeconds), "s"),
                new("timeInterval", Text(status.TimeIntervalSeconds), "s"),
                new("satellitesVisible", Text(status.SatellitesVisible), string.Empty),
            ]);
    }

    /// <inheritdoc/>
    public Task SendDangerousAsync(DangerousCommand command, CancellationToken cancellationToken) => _dialogue.SendAsync(command, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _dialogue.DisposeAsync();

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static bool TryReadHoldover(string answer, out (double Seconds, bool InHoldover) value)
    {
        string[] parts = answer.Split(',', StringSplitOptions.TrimEntries);
        value = default;
        if (parts.Length != 2 || !Answers.Number(parts[0], out double seconds) || seconds < 0 || !Answers.Flag(parts[1], out bool state))
        {
            return false;
        }

        value = (seconds, state);
        return true;
    }

    private string Command(string name) => Profile.Commands[name].Text;

    // Trace lines begin with a date, as in 08-07-31: SERVo:TRACe switches them on.
    private static bool IsTrace(string text) =>
        text.Length > 9 && text[2] == '-' && text[5] == '-' && text[8] == ' ' && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]);

    private bool TakeSentence(ReceivedLine line)
    {
        if (!line.Text.StartsWith('$'))
        {
            return IsTrace(line.Text);
        }

        if (NmeaSentence.TryParse(line.Text) is not { } sentence)
        {
            Interlocked.Increment(ref _badSentences);
            return true;
        }

        lock (_lock)
        {
            _fix = GpsFix.TryRead(sentence) is { } fix ? new(fix, line.Timestamp) : _fix;
            _gpsTime = GpsTime.TryRead(sentence) is { } time ? new(time, line.Timestamp) : _gpsTime;
        }

        return true;
    }

    private T Fresh<T>(ref Stamped<T>? slot, string type, string remedy)
    {
        Stamped<T>? last;
        lock (_lock)
        {
            last = slot;
        }

        if (last is null)
        {
            throw new InstrumentException(
                InstrumentFault.Stale, Id, $"${type}", string.Empty, $"no such sentence has come; if it is switched off, {remedy} (a dangerous command) switches it on");
        }

        TimeSpan age = _time.GetElapsedTime(last.Value.Timestamp);
        return age <= _stale
            ? last.Value.Value
            : throw new InstrumentException(
                InstrumentFault.Stale,
                Id,
                $"${type}",
                string.Empty,
                FormattableString.Invariant($"the last sentence is {age.TotalSeconds:0.0} s old, more than {_stale.TotalSeconds:0.0} s; check cable and power"));
    }

    private readonly record struct Stamped<T>(T Value, long Timestamp);
}
