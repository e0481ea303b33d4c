using IsacTestbed.Core;
using IsacTestbed.Radio;

namespace IsacTestbed.Ether;

/// <summary>Continuous reception of one radio: samples rendered as they are asked for, by the same chain that fills receive windows.</summary>
/// <remarks>
/// One reader. Members marked so are called under the lock of <see cref="AirStreams"/>. A paced stream keeps what its reader has not taken for
/// <see cref="BufferTicks"/>; then samples are lost until the reader has taken the rest, and the loss is told where it lies in the stream.
/// </remarks>
internal sealed class RxStream
{
    private readonly AirStreams _streams;
    private readonly EmulatedRadio _radio;
    private long _start;
    private long _position;
    private long _end;
    private long _lostFrom = long.MaxValue;
    private bool _isLate;
    private int _epoch;

    public RxStream(AirStreams streams, EmulatedRadio radio, long bufferTicks)
    {
        _streams = streams;
        _radio = radio;
        BufferTicks = bufferTicks;
    }

    /// <summary>How long a paced stream keeps samples for its reader.</summary>
    public long BufferTicks { get; }

    /// <summary>Whether samples are wanted.</summary>
    public bool IsActive { get; private set; }

    /// <summary>How far the reader has read; under the lock.</summary>
    public long ReadTick { get; private set; }

    /// <summary>How far beyond it samples may be rendered in lock-step; under the lock.</summary>
    public long CreditTicks { get; set; }

    /// <summary>Wants samples.</summary>
    /// <param name="tick">First tick; null for at once.</param>
    /// <param name="count">How many; null for endless.</param>
    public void Activate(long? tick, long? count)
    {
        lock (_streams.Sync)
        {
            long now = _streams.IsLockStep ? Math.Max(_streams.NowLocked, _streams.EarliestReception) : _streams.Air.Clock.Now;
            _isLate = tick < _streams.EarliestReception;
            _start = _position = ReadTick = tick ?? now;
            _end = count is null ? long.MaxValue : _position + count.Value;
            _lostFrom = long.MaxValue;
            _epoch++;
            IsActive = true;
        }
    }

    /// <summary>Wants no more samples.</summary>
    public void Deactivate()
    {
        lock (_streams.Sync)
        {
            IsActive = false;
            _isLate = false;
            _epoch++;
        }
    }

    /// <summary>The reader has read up to a tick.</summary>
    public void Acknowledge(long tick)
    {
        lock (_streams.Sync)
        {
            if (IsActive)
            {
                ReadTick = Math.Clamp(tick, ReadTick, Math.Max(ReadTick, _position));
            }
        }
    }

    /// <summary>The time was set; under the lock.</summary>
    public void MoveTo(long tick)
    {
        _start = _position = ReadTick = tick;
        _lostFrom = long.MaxValue;
        _epoch++;
    }

    /// <summary>What may be handed on next.</summary>
    /// <param name="wanted">Most samples.</param>
    /// <param name="least">Fewest samples, but at the end or before a loss.</param>
    /// <param name="epoch">For <see cref="Commit"/>.</param>
    public ReceiveGrant Grant(int wanted, int least, out int epoch)
    {
        if (_streams.IsLockStep)
        {
            _streams.TakeInTransmissions();
        }

        lock (_streams.Sync)
        {
            epoch = _epoch;
            if (!IsActive)
            {
                return default;
            }

            if (_isLate)
            {
                _isLate = IsActive = false;
                return new ReceiveGrant(ReceiveGrantKind.Late, _position, 0, true);
            }

            return GrantActive(wanted, least);
        }
    }

    /// <summary>Renders granted samples, all channels of the radio. Not under the lock.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="amplitude">10^(receive gain / 20).</param>
    /// <returns>The samples; the caller disposes them.</returns>
    public CaptureBlock Render(ReceiveGrant grant, double amplitude)
    {
        TickInterval[] unlocked = _radio.Faults.Intervals(InjectedFaultKind.LostReference);
        var block = new CaptureBlock(
            _radio.Description.RadioId, 0, grant.FirstTick, _streams.Air.Scene.SampleRateHz, _radio.Description.RxChannels, grant.Count);
        _radio.Receiver.Receive(block, _start, _streams.Air.Bursts, amplitude, unlocked);
        _radio.Faults.Distort(block, _radio.ClipLevel);
        return block;
    }

    /// <summary>The samples of a grant have been handed on.</summary>
    /// <returns>Whether they still belong to the stream: not after it was stopped or moved meanwhile.</returns>
    public bool Commit(ReceiveGrant grant, int epoch)
    {
        lock (_streams.Sync)
        {
            if (epoch != _epoch)
            {
                return false;
            }

            _position = grant.FirstTick + grant.Count;
            ReadTick = _streams.IsLockStep ? ReadTick : _position;
            IsActive = !grant.IsLast;
            return true;
        }
    }

    private ReceiveGrant GrantActive(int wanted, int least)
    {
        if (_radio.Faults.DeadTick <= _position)
        {
            return default;
        }

        long reach = _radio.Receiver.Reach(_start, _position + wanted, _radio.Faults.Intervals(InjectedFaultKind.LostReference).Length > 0);
        long limit = Math.Min(_streams.RenderLimit - (_streams.IsLockStep ? 0 : reach), Math.Min(_end, _radio.Faults.DeadTick));
        if (LoseSamples(limit, out ReceiveGrant loss))
        {
            return loss;
        }

        // Where the stream ends or is interrupted a grant may be short.
        long barrier = Math.Min(Math.Min(_end, _lostFrom), _radio.Faults.DeadTick);
        foreach (TickInterval fault in _radio.Faults.Intervals(InjectedFaultKind.Overflow))
        {
            barrier = fault.First > _position ? Math.Min(barrier, fault.First) : barrier;
        }

        int count = (int)Math.Min(wanted, Math.Min(limit, barrier) - _position);
        if (count <= 0 || (count < least && _position + count != barrier))
        {
            return default;
        }

        _streams.Advance(_position + count, reach);
        return new ReceiveGrant(ReceiveGrantKind.Samples, _position, count, _position + count == _end);
    }

    private bool LoseSamples(long limit, out ReceiveGrant loss)
    {
        foreach (TickInterval fault in _radio.Faults.Intervals(InjectedFaultKind.Overflow))
        {
            if (fault.First <= _position && _position < fault.End && limit >= Math.Min(fault.End, _end))
            {
                return Lose(Math.Min(fault.End, _end), out loss);
            }

            if (fault.First <= _position && _position < fault.End)
            {
                loss = default;
                return true;
            }
        }

        if (!_streams.IsLockStep && _lostFrom == long.MaxValue && limit > _position + BufferTicks)
        {
            _lostFrom = _position + BufferTicks;
        }

        if (_lostFrom == _position && limit > _position)
        {
            return Lose(limit, out loss);
        }

        loss = default;
        return false;
    }

    private bool Lose(long until, out ReceiveGrant loss)
    {
        loss = new ReceiveGrant(ReceiveGrantKind.Overflow, _position, 0, until == _end);
        _position = until;
        ReadTick = _streams.IsLockStep ? ReadTick : until;
        _lostFrom = long.MaxValue;
        IsActive = until != _end;
        return true;
    }
}
