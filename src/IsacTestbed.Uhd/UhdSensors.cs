using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>All sensors of a device; which there are is asked once.</summary>
internal sealed class UhdSensors
{
    private const string ReferenceLock = "ref_locked";
    private const string OscillatorLock = "lo_locked";

    private readonly Usrp _usrp;
    private readonly List<Source> _sources = [];

    public UhdSensors(Usrp usrp, int boards, IReadOnlyList<int> rxChannels, IReadOnlyList<int> txChannels)
    {
        _usrp = usrp;
        for (int b = 0; b < boards; b++)
        {
            int board = b;
            string prefix = boards == 1 ? string.Empty : $"board{b}.";
            _sources.AddRange(usrp.BoardSensors(b).Select(n => new Source(prefix + n, n, null, () => usrp.BoardSensor(n, board))));
        }

        AddChannels(StreamDirection.Receive, rxChannels);
        AddChannels(StreamDirection.Transmit, txChannels);
    }

    /// <summary>Reads all of them. One that cannot be read, such as the time of a GPS without a fix, says so in its value.</summary>
    public IReadOnlyList<SensorReading> ReadAll()
    {
        var readings = new List<SensorReading>(_sources.Count);
        foreach (Source source in _sources)
        {
            try
            {
                UhdSensor sensor = source.Read();
                readings.Add(new SensorReading(source.Name, sensor.Value, sensor.Unit));
            }
            catch (StreamingDeviceException exception)
            {
                readings.Add(new SensorReading(source.Name, $"unreadable: {exception.Message}", string.Empty));
            }
        }

        return readings;
    }

    /// <summary>Whether the reference clock of every board is locked; null when no board can tell.</summary>
    public bool? IsReferenceLocked()
    {
        bool?[] locks = [.. _sources.Where(s => s.Kind == ReferenceLock && s.Direction is null).Select(s => s.Read().IsTrue)];
        return locks.Contains(false) ? false : locks.Contains(true) ? true : null;
    }

    /// <summary>Names of the oscillators of a direction that are not locked.</summary>
    public IReadOnlyList<string> UnlockedOscillators(StreamDirection direction) =>
        [.. _sources.Where(s => s.Kind == OscillatorLock && s.Direction == direction && s.Read().IsTrue == false).Select(s => s.Name)];

    private void AddChannels(StreamDirection direction, IReadOnlyList<int> channels)
    {
        string prefix = direction == StreamDirection.Receive ? "rx" : "tx";
        foreach (int channel in channels)
        {
            _sources.AddRange(_usrp.ChannelSensors(direction, channel)
                .Select(n => new Source($"{prefix}{channel}.{n}", n, direction, () => _usrp.ChannelSensor(direction, n, channel))));
        }
    }

    /// <summary>One sensor.</summary>
    /// <param name="Name">Unique name.</param>
    /// <param name="Kind">The library's own name for it.</param>
    /// <param name="Direction">Direction of its channel; null for a board's.</param>
    /// <param name="Read">Reads it.</param>
    private sealed record Source(string Name, string Kind, StreamDirection? Direction, Func<UhdSensor> Read);
}
