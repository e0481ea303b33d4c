using System.Globalization;
using IsacTestbed.Core;
using IsacTestbed.Lab.Dialogues;
using IsacTestbed.Lab.Profiles;

namespace IsacTestbed.Lab.Instruments;

/// <summary>An antenna rotator behind a Yaesu GS-232A. Azimuths count from its counter-clockwise stop.</summary>
public sealed class Rotator : IInstrument
{
    // To start, to ramp, and for the last degrees at low speed.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly InstrumentDialogue _dialogue;
    private readonly TimeProvider _time;
    private double? _target;

    /// <summary>Begins to listen; nothing is sent and nothing moves.</summary>
    /// <param name="id">Its name on this bench.</param>
    /// <param name="profile">Its profile.</param>
    /// <param name="transport">The way to it; owned.</param>
    /// <param name="time">Time.</param>
    /// <param name="allowDangerousCommands">Whether <see cref="SendDangerousAsync"/> sends.</param>
    public Rotator(string id, InstrumentProfile profile, IInstrumentTransport transport, TimeProvider time, bool allowDangerousCommands = false)
    {
        Id = id;
        Profile = profile;
        _time = time;
        _dialogue = InstrumentDialogues.Open(id, profile, InstrumentKind.Rotator, transport, time, allowDangerousCommands);
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public InstrumentProfile Profile { get; }

    /// <summary>The profile's model: the controller has no command that says what it is. Its azimuth is asked, to know that it is there.</summary>
    public async Task<string> IdentifyAsync(CancellationToken cancellationToken)
    {
        await ReadAzimuthAsync(cancellationToken).ConfigureAwait(false);
        return Profile.Model;
    }

    /// <summary>The azimuth in degrees.</summary>
    public Task<double> ReadAzimuthAsync(CancellationToken cancellationToken) =>
        _dialogue.QueryAsync<double>(Profile.Commands["azimuth"].Text, TryReadAzimuth, "an azimuth such as +0090", cancellationToken);

    /// <summary>Turns to an azimuth and waits until it is reached within the profile's tolerance.</summary>
    /// <param name="azimuthDegrees">Azimuth, rounded to whole degrees as the controller takes them.</param>
    /// <param name="cancellationToken">Stops the rotator.</param>
    /// <returns>The azimuth that was reached.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The azimuth lies outside the profile's range.</exception>
    /// <exception cref="InstrumentException">It was not reached in time; the rotator has been stopped.</exception>
    public async Task<double> TurnToAsync(double azimuthDegrees, CancellationToken cancellationToken)
    {
        double low = Profile.Limits["minimumAzimuthDegrees"], high = Profile.Limits["maximumAzimuthDegrees"], target = Math.Round(azimuthDegrees);
        if (!(target >= low && target <= high))
        {
            throw new ArgumentOutOfRangeException(
                nameof(azimuthDegrees), azimuthDegrees, FormattableString.Invariant($"Rotator {Id} turns from {low} to {high} degrees."));
        }

        string command = Profile.Commands["move"].With(((int)target).ToString("000", CultureInfo.InvariantCulture));
        double azimuth = await ReadAzimuthAsync(cancellationToken).ConfigureAwait(false);
        TimeSpan limit = Slack + TimeSpan.FromSeconds(Math.Abs(target - azimuth) / Profile.Limits["slowestDegreesPerSecond"]);
        long start = _time.GetTimestamp();
        _target = null;
        bool arrived = false;
        try
        {
            await _dialogue.SendAsync(command, cancellationToken).ConfigureAwait(false);
            while (!arrived)
            {
                azimuth = await ReadAzimuthAsync(cancellationToken).ConfigureAwait(false);
                arrived = IsAt(azimuth, target);
                if (!arrived && _time.GetElapsedTime(start) > limit)
                {
                    throw new InstrumentException(
                        InstrumentFault.NoAnswer,
                        Id,
                        command,
                        string.Empty,
                        FormattableString.Invariant(
                            $"stands at {azimuth:0} degrees after {limit.TotalSeconds:0} s and was stopped; check motor, end stops and calibration"));
                }

                if (!arrived)
                {
                    await Task.Delay(TimeSpan.FromSeconds(Profile.Limits["pollSeconds"]), _time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (!arrived)
            {
                await StopWhateverHappensAsync().ConfigureAwait(false);
            }
        }

        _target = target;
        return azimuth;
    }

    /// <summary>Stops at once.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _dialogue.SendAsync(Profile.Commands["stop"].Text, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Not trustworthy when it no longer stands where it was turned to here.</remarks>
    public async Task<InstrumentReading> ReadStateAsync(CancellationToken cancellationToken)
    {
        double azimuth = await ReadAzimuthAsync(cancellationToken).ConfigureAwait(false);
        string doubt = _target is { } target && !IsAt(azimuth, target)
            ? FormattableString.Invariant($"azimuth {azimuth:0} degrees, but it was turned to {target:0}")
            : string.Empty;
        return new InstrumentReading(
            Id, _time.GetUtcNow(), doubt.Length == 0, doubt, [new("azimuth", azimuth.ToString("0.#", CultureInfo.InvariantCulture), "degrees")]);
    }

    /// <inheritdoc/>
    public Task SendDangerousAsync(DangerousCommand command, CancellationToken cancellationToken) => _dialogue.SendAsync(command, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _dialogue.DisposeAsync();

    private bool IsAt(double azimuth, double target) => Math.Abs(azimuth - target) <= Profile.Limits["toleranceDegrees"];

    // The answer has a sign and four digits, as in +0090; an unknown command is answered by "?>".
    private static bool TryReadAzimuth(string answer, out double value)
    {
        value = 0;
        return answer.Length is >= 4 and <= 6
            && answer[0] == '+'
            && double.TryParse(answer.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value <= 450;
    }

    // A mast that turns on after a cancelled command would be worse than a second error, so the stop has no token of the caller's.
    private async Task StopWhateverHappensAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Profile.ReplyTimeout + Profile.CommandInterval + Profile.ReplyTimeout, _time);
            await StopAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InstrumentException or OperationCanceledException)
        {
            // What stopped the turn is already on its way to the caller.
        }
    }
}
