using System.Globalization;

namespace IsacTestbed.Lab.Simulation;

/// <summary>A simulated rotator behind a GS-232A: it turns at a constant speed and stops where it was told to, or where it jams.</summary>
/// <param name="time">Time, by which it turns.</param>
public sealed class SimulatedRotator(TimeProvider time) : ISimulatedInstrument
{
    private const double MaximumDegrees = 450;

    private readonly Lock _lock = new();
    private double _azimuth;
    private double _target;
    private long _since = time.GetTimestamp();

    /// <summary>Speed.</summary>
    public double DegreesPerSecond { get; init; } = 6;

    /// <summary>Azimuth beyond which it does not get.</summary>
    public double JamsAtDegrees { get; init; } = MaximumDegrees;

    /// <summary>Where it stands.</summary>
    public double AzimuthDegrees
    {
        get
        {
            lock (_lock)
            {
                Turn();
                return _azimuth;
            }
        }
    }

    /// <inheritdoc/>
    public string Execute(string command)
    {
        string text = command.Trim().ToUpperInvariant();
        lock (_lock)
        {
            Turn();
            if (text == "C")
            {
                return string.Create(CultureInfo.InvariantCulture, $"+{Math.Round(_azimuth):0000}\r\n");
            }

            if (text == "S")
            {
                _target = _azimuth;
                return "\r";
            }

            if (text.Length == 4 && text[0] == 'M' && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int target) && target <= MaximumDegrees)
            {
                _target = target;
                return "\r";
            }

            return "?>\r\n";
        }
    }

    /// <inheritdoc/>
    public string Announce() => string.Empty;

    private void Turn()
    {
        double reach = DegreesPerSecond * time.GetElapsedTime(_since).TotalSeconds, way = _target - _azimuth;
        _azimuth = Math.Min(_azimuth + Math.Clamp(way, -reach, reach), JamsAtDegrees);
        _since = time.GetTimestamp();
    }
}
