using System.Globalization;

namespace IsacTestbed.Lab.Simulation;

/// <summary>A simulated programmable attenuator: one register, rounded to the step and clipped to the maximum.</summary>
public sealed class SimulatedAttenuator : ISimulatedInstrument
{
    private readonly double _maximumDb;
    private readonly double _stepDb;
    private readonly Lock _lock = new();
    private double _attenuationDb;
    private int _storedWrites;

    /// <summary>Creates the attenuator, at its largest attenuation.</summary>
    /// <param name="maximumDb">Largest attenuation.</param>
    /// <param name="stepDb">Step.</param>
    public SimulatedAttenuator(double maximumDb = 90, double stepDb = 0.25) => (_maximumDb, _stepDb, _attenuationDb) = (maximumDb, stepDb, maximumDb);

    /// <summary>Whether every setting fails.</summary>
    public bool Broken { get; set; }

    /// <summary>The attenuation; setting it is somebody turning the knob.</summary>
    public double AttenuationDb
    {
        get
        {
            lock (_lock)
            {
                return _attenuationDb;
            }
        }

        set
        {
            lock (_lock)
            {
                _attenuationDb = value;
            }
        }
    }

    /// <summary>How often something was written to its memory: by dangerous commands only.</summary>
    public int StoredWrites => Volatile.Read(ref _storedWrites);

    /// <inheritdoc/>
    public string Execute(string command)
    {
        string text = command.Trim().ToUpperInvariant();
        lock (_lock)
        {
            return text switch
            {
                ":MN?" => "RUDAT-6000-90\r\n",
                ":SN?" => "11200000000\r\n",
                ":FIRMWARE?" => "B3\r\n",
                ":ATT?" => string.Create(CultureInfo.InvariantCulture, $"{_attenuationDb:0.00}\r\n"),
                _ when text.StartsWith(":SETATT=", StringComparison.Ordinal) => $"{Set(text[8..])}\r\n",
                _ when text.StartsWith(":STARTUPATT", StringComparison.Ordinal) => Store(),
                _ => "-99 Unrecognized Command\r\n",
            };
        }
    }

    /// <inheritdoc/>
    public string Announce() => string.Empty;

    private int Set(string value)
    {
        if (Broken || !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double wanted))
        {
            return 0;
        }

        _attenuationDb = Math.Min(Math.Round(wanted / _stepDb) * _stepDb, _maximumDb);
        return wanted > _maximumDb ? 2 : 1;
    }

    private string Store()
    {
        _storedWrites++;
        return "1\r\n";
    }
}
