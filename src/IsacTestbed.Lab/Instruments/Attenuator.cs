using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Instruments;

/// <summary>An attenuation: what was asked for, what of it lies in range, and what the attenuator really does.</summary>
/// <param name="RequestedDb">What was asked for.</param>
/// <param name="ClippedDb">The request limited to the range and rounded to the step.</param>
/// <param name="ActualDb">What the attenuator says it does; this is what is recorded.</param>
public readonly record struct AttenuationSetting(double RequestedDb, double ClippedDb, double ActualDb);

/// <summary>A programmable attenuator of Mini-Circuits.</summary>
public sealed class Attenuator : IInstrument
{
    // Half of the smallest step that such attenuators have, 0.05 dB: what an answer in decimals may be off.
    private const double ReadbackToleranceDb = 0.025;

    private readonly InstrumentDialogue _dialogue;
    private readonly TimeProvider _time;
    private AttenuationSetting? _setting;

    /// <summary>Begins to listen; nothing is sent.</summary>
    /// <param name="id">Its name on this bench.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="transport">The way to it; owned.</param>
    /// <param name="time">Time.</param>
    /// <param name="allowDangerousCommands">Whether <see cref="SendDangerousAsync"/> sends.</param>
    public Attenuator(string id, InstrumentProfile profile, IInstrumentTransport transport, TimeProvider time, bool allowDangerousCommands = false)
    {
        Id = id;
        Profile = profile;
        _time = time;
        _dialogue = InstrumentDialogues.Open(id, profile, InstrumentKind.Attenuator, transport, time, allowDangerousCommands);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public InstrumentProfile Profile { get; }

    /// <inheritdoc/>
    public async Task<string> IdentifyAsync(CancellationToken cancellationToken)
    {
        var parts = new List<string>();
        foreach (string name in (string[])["model", "serial", "firmware"])
        {
            parts.Add(await _dialogue.QueryAsync<string>(Profile.Commands[name].Text, Answers.Text, "a text", cancellationToken).ConfigureAwait(false));
        }

        return string.Join(", ", parts);
    }

    /// <summary>Sets the attenuation and reads it back.</summary>
    /// <param name="decibels">Attenuation; what lies out of range is clipped, and the answer says so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">Not a finite number.</exception>
    /// <exception cref="InstrumentException">The attenuator answered 0, does not do what it confirmed, or failed.</exception>
    public async Task<AttenuationSetting> SetAsync(double decibels, CancellationToken cancellationToken)
    {
        if (!double.IsFinite(decibels))
        {
            throw new ArgumentException("An attenuation is a finite number of decibels.", nameof(decibels));
        }

        double maximum = Profile.Limits["maximumAttenuationDb"], step = Profile.Limits["stepDb"];
        double clipped = Math.Clamp(Math.Round(decibels / step) * step, 0, maximum);
        string command = Profile.Commands["setAttenuation"].With(clipped.ToString("0.##", CultureInfo.InvariantCulture));
        int answer = await _dialogue.QueryAsync<int>(command, TryReadConfirmation, "0, 1 or 2", cancellationToken).ConfigureAwait(false);
        if (answer == 0)
        {
            throw new InstrumentException(InstrumentFault.Refused, Id, command, "0", "the attenuator failed to set it; is another interface using it?");
        }

        double actual = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var setting = new AttenuationSetting(decibels, answer == 2 ? actual : clipped, actual);
        if (Math.Abs(setting.ActualDb - setting.ClippedDb) > ReadbackToleranceDb)
        {
            throw new InstrumentException(
                InstrumentFault.WrongAnswer,
                Id,
                command,
                InvariantText(actual),
                $"confirmed, but reads back {InvariantText(actual)} dB; is somebody else setting it?");
        }

        _setting = setting;
        return setting;
    }

    /// <summary>The attenuation, in decibels.</summary>
    public Task<double> ReadAsync(CancellationToken cancellationToken) =>
        _dialogue.QueryAsync<double>(Profile.Commands["attenuation"].Text, Answers.Number, "a number of decibels", cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Not trustworthy when the attenuation is no longer what was set here.</remarks>
    public async Task<InstrumentReading> ReadStateAsync(CancellationToken cancellationToken)
    {
        double actual = await ReadAsync(cancellationToken).ConfigureAwait(false);
        string doubt = _setting is { } set && Math.Abs(set.ActualDb - actual) > ReadbackToleranceDb
            ? $"attenuation {InvariantText(actual)} dB, but {InvariantText(set.ActualDb)} dB was set"
            : string.Empty;
        return new InstrumentReading(Id, _time.GetUtcNow(), doubt.Length == 0, doubt, [new("attenuation", InvariantText(actual), "dB")]);
    }

    /// <inheritdoc/>
    public Task SendDangerousAsync(DangerousCommand command, CancellationToken cancellationToken) => _dialogue.SendAsync(command, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _dialogue.DisposeAsync();

    private static string InvariantText(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static bool TryReadConfirmation(string answer, out int value) => Answers.Count(answer, out value) && value <= 2;
}
