using System.Globalization;
using IsacTestbed.Lab.Instruments;
using IsacTestbed.Lab.Nmea;

namespace IsacTestbed.Lab.Simulation;

/// <summary>
/// A simulated GPSDO: it warms up, locks, goes into holdover when the antenna is taken off, drifts there, and locks again. Its health word
/// follows the rules of the LC_XO manual.
/// </summary>
/// <param name="time">Time: of the oscillator, of its satellites and of its warm-up.</param>
public sealed class SimulatedGpsdo(TimeProvider time) : ISimulatedInstrument
{
    private const string Prompt = "scpi > ";
    private const double DriftSecondsPerSecond = 2e-10;
    private const double LockedOffsetSeconds = -3.2e-9;
    private const double PhaseLimitSeconds = 250e-9;

    private readonly Lock _lock = new();
    private readonly long _powered = time.GetTimestamp();
    private bool _antenna = true;
    private long _antennaSince = time.GetTimestamp();
    private bool _everLocked;
    private bool _locked;
    private long _lostAt;
    private double _lastHoldoverSeconds;
    private bool _echo;
    private int _storedWrites;

    /// <summary>How long it warms up: as long it says so in its health word. 300 s in the real one.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long it takes from the first satellites to lock.</summary>
    public TimeSpan TimeToLock { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after the loss of satellites the health word tells of it. 60 s in the real one.</summary>
    public TimeSpan HoldoverReport { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether commands are echoed and a prompt is written, as the real one does when it leaves the factory.</summary>
    public bool Echo
    {
        get => _echo;
        init => _echo = value;
    }

    /// <summary>Whether it sends NMEA sentences.</summary>
    public bool Sentences { get; init; } = true;

    /// <summary>How often something was written to its memory: by dangerous commands only.</summary>
    public int StoredWrites => Volatile.Read(ref _storedWrites);

    /// <summary>Whether the antenna is connected.</summary>
    public bool AntennaConnected
    {
        get
        {
            lock (_lock)
            {
                return _antenna;
            }
        }

        set
        {
            lock (_lock)
            {
                Advance();
                (_antenna, _antennaSince) = (value, time.GetTimestamp());
                Advance();
            }
        }
    }

    /// <inheritdoc/>
    public string Execute(string command)
    {
        lock (_lock)
        {
            Advance();
            string answer = AnswerTo(command.Trim().ToUpperInvariant());
            return _echo ? $"{command}\r\n{answer}{Prompt}" : answer;
        }
    }

    /// <inheritdoc/>
    public string Announce()
    {
        lock (_lock)
        {
            Advance();
            if (!Sentences)
            {
                return string.Empty;
            }

            DateTimeOffset now = time.GetUtcNow();
            string clock = now.ToString("HHmmss.00", CultureInfo.InvariantCulture), date = now.ToString("ddMMyy", CultureInfo.InvariantCulture);
            string gga = _antenna ? $"GPGGA,{clock},4807.0380,N,01131.0000,E,1,{Satellites:00},0.9,545.4,M,46.9,M,," : $"GPGGA,{clock},,,,,0,00,99.9,,,,,,";
            string rmc = $"GPRMC,{clock},{(_antenna ? "A,4807.0380,N,01131.0000,E" : "V,,,,")},0.0,0.0,{date},,";
            return $"{NmeaSentence.Format(gga)}\r\n{NmeaSentence.Format(rmc)}\r\n";
        }
    }

    private int Satellites => _antenna ? 11 : 0;

    private bool Holdover => _everLocked && !_locked;

    private double HoldoverSeconds => Holdover ? time.GetElapsedTime(_lostAt).TotalSeconds : _lastHoldoverSeconds;

    private double OffsetSeconds => LockedOffsetSeconds + (Holdover ? DriftSecondsPerSecond * HoldoverSeconds : 0);

    private GpsdoHealth Health =>
        (time.GetElapsedTime(_powered) < WarmUp ? GpsdoHealth.WarmUp : 0)
        | (Math.Abs(OffsetSeconds) > PhaseLimitSeconds ? GpsdoHealth.PhaseOffset : 0)
        | (Holdover && time.GetElapsedTime(_lostAt) > HoldoverReport ? GpsdoHealth.Holdover : 0);

    private string AnswerTo(string command)
    {
        if (DangerousCommands.Of(Profiles.InstrumentKind.Gpsdo).Any(r => r.Matches(command)))
        {
            _storedWrites++;
            _echo = command.StartsWith("SYST:COMM:SER:ECHO", StringComparison.Ordinal) ? command.EndsWith("ON", StringComparison.Ordinal) : _echo;
            return string.Empty;
        }

        return command switch
        {
            "*IDN?" => "Jackson Labs, LC_XO, simulated, Firmware Rev 0.929b\r\n",
            "SYNC:LOCK?" => _locked ? "1\r\n" : "0\r\n",
            "SYNC:HEALTH?" => string.Create(CultureInfo.InvariantCulture, $"0x{(int)Health:X}\r\n"),
            "SYNC:TINT?" => string.Create(CultureInfo.InvariantCulture, $"{OffsetSeconds:E2}\r\n"),
            "SYNC:HOLD:DUR?" => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(HoldoverSeconds):0},{(Holdover ? 1 : 0)}\r\n"),
            "GPS:SAT:VIS:COUN?" => string.Create(CultureInfo.InvariantCulture, $"{Satellites}\r\n"),
            _ => "Command Error\r\n",
        };
    }

    private void Advance()
    {
        // Satellites are there for as long as the antenna is, and at the earliest since power-on.
        bool locked = _antenna && time.GetElapsedTime(_antennaSince) >= TimeToLock;
        if (_locked && !locked)
        {
            _lostAt = time.GetTimestamp();
        }
        else if (!_locked && locked && _everLocked)
        {
            // The lock was there when its time had come, whenever somebody looks.
            _lastHoldoverSeconds = (time.GetElapsedTime(_lostAt) - time.GetElapsedTime(_antennaSince) + TimeToLock).TotalSeconds;
        }

        _everLocked |= locked;
        _locked = locked;
    }
}
