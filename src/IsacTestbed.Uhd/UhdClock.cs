using IsacTestbed.Radio;

namespace IsacTestbed.Uhd;

/// <summary>The time of all boards of a device, set together.</summary>
internal sealed class UhdClock
{
    // The pulse comes once a second; twice that means that there is none.
    private static readonly TimeSpan EdgeLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    // Boards latch the edge of one pulse within nanoseconds; a microsecond off means that they did not see the same edge.
    private const double EdgeToleranceSeconds = 1e-6;

    private readonly Usrp _usrp;
    private readonly int _boards;
    private readonly StreamClock _clock;
    private readonly TimeProvider _timeProvider;

    public UhdClock(Usrp usrp, int boards, StreamClock clock, TimeProvider timeProvider)
    {
        _usrp = usrp;
        _boards = boards;
        _clock = clock;
        _timeProvider = timeProvider;
    }

    /// <summary>The time of the first board.</summary>
    public UhdTime Now() => _usrp.TimeNow(0);

    /// <summary>Sets the time at once.</summary>
    /// <exception cref="StreamingDeviceException">There are several boards, which would end up apart.</exception>
    public void SetNow(UhdTime time)
    {
        if (_boards > 1)
        {
            throw new StreamingDeviceException(
                RadioFaultCode.NotSupported,
                $"{_boards} boards set to one time at once would end up milliseconds apart; set it at the edge of a PPS that all have.");
        }

        _usrp.SetTimeNow(time, Usrp.AllBoards);
    }

    /// <summary>Sets the time at the next edge of the pulse per second, and returns when it counts from there on all boards.</summary>
    /// <exception cref="StreamingDeviceException">No edge came, or boards saw different ones.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public void SetAtNextPps(UhdTime time, CancellationToken cancellationToken)
    {
        if (_clock == StreamClock.LockStep)
        {
            // Time stands while nothing is received: there is no edge to wait for, and none to miss.
            _usrp.SetTimeNextPps(time, Usrp.AllBoards);
            return;
        }

        // Just behind an edge, so that all boards are told well before the next.
        UhdTime edge = WaitForEdge(_usrp.TimeLastPps(0), cancellationToken);
        long told = _timeProvider.GetTimestamp();
        _usrp.SetTimeNextPps(time, Usrp.AllBoards);
        WaitForEdge(edge, cancellationToken);
        for (int b = 0; b < _boards; b++)
        {
            double since = _usrp.TimeLastPps(b).Since(time), seconds = Math.Round(since);
            double most = _timeProvider.GetElapsedTime(told).TotalSeconds;
            if (Math.Abs(since - seconds) > EdgeToleranceSeconds || seconds < 0 || seconds > most)
            {
                throw new StreamingDeviceException(
                    RadioFaultCode.NotSupported,
                    $"board {b} took another edge: it is {since:G6} s off the time set; check that all boards share one PPS.");
            }
        }
    }

    private UhdTime WaitForEdge(UhdTime last, CancellationToken cancellationToken)
    {
        long start = _timeProvider.GetTimestamp();
        while (true)
        {
            UhdTime edge = _usrp.TimeLastPps(0);
            if (edge != last)
            {
                return edge;
            }

            if (_timeProvider.GetElapsedTime(start) > EdgeLimit)
            {
                throw new StreamingDeviceException(
                    RadioFaultCode.NotSupported,
                    $"no PPS edge in {EdgeLimit.TotalSeconds:0} s on time source {_usrp.TimeSource(0)}; connect one, or select another.");
            }

            cancellationToken.WaitHandle.WaitOne(PollInterval);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
