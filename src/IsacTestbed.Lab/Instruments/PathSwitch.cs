using System.Globalization;
using System.Text.RegularExpressions;
using IsacTestbed.Core;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Instruments;

/// <summary>One relay of a switch unit and the position it is to take.</summary>
/// <param name="Frame">Number of the switch unit, 1 to 99.</param>
/// <param name="Module">Number of the module, 1 to 20.</param>
/// <param name="Position">Position, 0 to 999; for a changeover relay 0 or 1, for a one-of-six switch 0 (open) to 6.</param>
/// <param name="Relay">Number of the relay in its module, 1 to 99.</param>
public readonly record struct RelayPosition(int Frame, int Module, int Position, int Relay)
{
    /// <summary>As the switch unit writes it, as in F01M01(0101): position, then relay in two digits.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"F{Frame:00}M{Module:00}({Position:00}{Relay:00})");

    internal bool IsPossible => Frame is >= 1 and <= 99 && Module is >= 1 and <= 20 && Position is >= 0 and <= 999 && Relay is >= 1 and <= 99;
}

/// <summary>An RF switch of the R&amp;S OSP kind. A relay is closed, that is put into a position, and asked whether it is there.</summary>
public sealed partial class PathSwitch : IInstrument
{
    private readonly InstrumentDialogue _dialogue;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(int, int, int), RelayPosition> _closed = [];

    /// <summary>Begins to listen; nothing is sent.</summary>
    /// <param name="id">Its name on this bench.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="transport">The way to it; owned.</param>
    /// <param name="time">Time.</param>
    /// <param name="allowDangerousCommands">Whether <see cref="SendDangerousAsync"/> sends.</param>
    public PathSwitch(string id, InstrumentProfile profile, IInstrumentTransport transport, TimeProvider time, bool allowDangerousCommands = false)
    {
        Id = id;
        Profile = profile;
        _time = time;
        _dialogue = InstrumentDialogues.Open(id, profile, InstrumentKind.Switch, transport, time, allowDangerousCommands);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public InstrumentProfile Profile { get; }

    /// <inheritdoc/>
    public Task<string> IdentifyAsync(CancellationToken cancellationToken) =>
        _dialogue.QueryAsync<string>(Profile.Commands["identity"].Text, Answers.Text, "a text", cancellationToken);

    /// <summary>Puts relays into positions and asks whether they are there.</summary>
    /// <param name="relays">The relays; at least one.</param>
    /// <param name="cancellationToken">Gives up; relays may have switched.</param>
    /// <exception cref="ArgumentException">No relay, or a number out of range.</exception>
    /// <exception cref="InstrumentException">A relay is not where it was put.</exception>
    public async Task CloseAsync(IReadOnlyList<RelayPosition> relays, CancellationToken cancellationToken)
    {
        string list = ChannelList(relays);
        string command = Profile.Commands["close"].With(list);
        await _dialogue.SendAsync(command, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<bool> there = await AreClosedAsync(relays, cancellationToken).ConfigureAwait(false);
        if (there.Contains(false))
        {
            string missing = string.Join(", ", relays.Where((_, i) => !there[i]));
            throw new InstrumentException(InstrumentFault.Refused, Id, command, string.Empty, $"{missing} did not switch; check the module and that the relay exists");
        }

        lock (_lock)
        {
            foreach (RelayPosition relay in relays)
            {
                _closed[(relay.Frame, relay.Module, relay.Relay)] = relay;
            }
        }
    }

    /// <summary>Asks of each relay whether it is in the position.</summary>
    public Task<IReadOnlyList<bool>> AreClosedAsync(IReadOnlyList<RelayPosition> relays, CancellationToken cancellationToken)
    {
        string command = Profile.Commands["isClosed"].With(ChannelList(relays));
        return _dialogue.QueryAsync<IReadOnlyList<bool>>(command, (string answer, out IReadOnlyList<bool> value) => TryReadFlags(answer, relays.Count, out value), $"{relays.Count} times 0 or 1", cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Not trustworthy when a relay is no longer where it was put here.</remarks>
    public async Task<InstrumentReading> ReadStateAsync(CancellationToken cancellationToken)
    {
        RelayPosition[] relays;
        lock (_lock)
        {
            relays = [.. _closed.Values];
        }

        if (relays.Length == 0)
        {
            string identity = await IdentifyAsync(cancellationToken).ConfigureAwait(false);
            return new InstrumentReading(Id, _time.GetUtcNow(), true, string.Empty, [new("identity", identity, string.Empty)]);
        }

        IReadOnlyList<bool> there = await AreClosedAsync(relays, cancellationToken).ConfigureAwait(false);
        string doubt = there.Contains(false) ? $"{string.Join(", ", relays.Where((_, i) => !there[i]))} switched away" : string.Empty;
        return new InstrumentReading(
            Id, _time.GetUtcNow(), doubt.Length == 0, doubt, [.. relays.Select((r, i) => new InstrumentValue(r.ToString(), there[i] ? "1" : "0", string.Empty))]);
    }

    /// <inheritdoc/>
    public Task SendDangerousAsync(DangerousCommand command, CancellationToken cancellationToken) => _dialogue.SendAsync(command, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _dialogue.DisposeAsync();

    private static string ChannelList(IReadOnlyList<RelayPosition> relays)
    {
        ArgumentNullException.ThrowIfNull(relays);
        if (relays.Count == 0 || !relays.All(r => r.IsPossible))
        {
            throw new ArgumentException("There must be at least one relay, of frame 1 to 99, module 1 to 20, position 0 to 999 and number 1 to 99.", nameof(relays));
        }

        return $"(@{string.Join(',', relays)})";
    }

    private static bool TryReadFlags(string answer, int count, out IReadOnlyList<bool> value)
    {
        value = FlagList().IsMatch(answer) ? [.. answer.Split(',').Select(f => f.Trim() == "1")] : [];
        return value.Count == count;
    }

    [GeneratedRegex(@"^[01](\s*,\s*[01])*$")]
    private static partial Regex FlagList();
}
