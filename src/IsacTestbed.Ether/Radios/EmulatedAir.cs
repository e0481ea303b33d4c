using System.Numerics;
using IsacTestbed.Radio;

namespace IsacTestbed.Ether;

/// <summary>The emulated air of a scene and the radios on it, one per node.</summary>
/// <remarks>
/// All radios share one reference clock, so that setting the time of one sets it for all. On a virtual clock a run hears every burst that is
/// armed or was run: arm all radios before the first one runs. On a paced clock a burst is on the air once its radio runs. Samples are a pure
/// function of scene, schedules and faults; the number of threads, the size of blocks and the order of runs do not show. Thread safe.
/// Disposal ends all runs and mutes all radios.
/// </remarks>
public sealed class EmulatedAir : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly PropagationPath[] _paths;
    private readonly int _linkCount;
    private BurstTimeline _bursts = BurstTimeline.Empty;

    /// <summary>Puts a scene on the air.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="mode">How time passes.</param>
    /// <param name="timeProvider">Real time, for a paced clock and slow radios; null means the system's.</param>
    /// <exception cref="ArgumentException">The scene is malformed; says where.</exception>
    public EmulatedAir(AirScene scene, AirClockMode mode = AirClockMode.Virtual, TimeProvider? timeProvider = null)
        : this(scene, mode, timeProvider, EmulatedRadio.LargestBlock)
    {
    }

    internal EmulatedAir(AirScene scene, AirClockMode mode, TimeProvider? timeProvider, int largestBlock)
    {
        ArgumentNullException.ThrowIfNull(scene);
        scene.Validate();
        Scene = scene;
        Clock = new AirClock(mode, timeProvider ?? TimeProvider.System, scene.SampleRateHz);
        _linkCount = scene.Links.Count;
        _paths =
        [
            .. Enumerable.Range(0, scene.Links.Count).Select(i => new LinkPath(scene, i)),
            .. Enumerable.Range(0, scene.Echoes.Count).Select(i => new EchoPath(scene, i)),
            .. scene.Nodes.Where(n => n.Leakage.PowerGain > 0).Select(n => new LeakagePath(scene, n)),
        ];
        var delayed = new DelayedWaveforms();
        Radios = [.. Enumerable.Range(0, scene.Nodes.Count).Select(node =>
        {
            var superposition = new Superposition(_paths.Where(p => p.ReceiverIndex == node), scene.SampleRateHz, delayed);
            return new EmulatedRadio(this, node, new ReceiverChain(scene, node, superposition), largestBlock);
        })];
    }

    /// <summary>The scene.</summary>
    public AirScene Scene { get; }

    /// <summary>The radios, in the order of the scene's nodes.</summary>
    public IReadOnlyList<EmulatedRadio> Radios { get; }

    internal AirClock Clock { get; }

    /// <summary>The bursts on the air; an unchanging snapshot.</summary>
    internal BurstTimeline Bursts => Volatile.Read(ref _bursts);

    /// <summary>The true complex amplitude gain of a direct link between two antennas, carrier phase and fading included.</summary>
    /// <param name="link">Index among the scene's links.</param>
    /// <param name="tick">Receive tick, which selects the fading block.</param>
    /// <param name="receiveElement">Antenna of the receiver.</param>
    /// <param name="transmitElement">Antenna of the transmitter.</param>
    public Complex LinkCoefficient(int link, long tick, int receiveElement = 0, int transmitElement = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(link);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(link, _linkCount);
        return _paths[link].CoefficientAt(tick, receiveElement, transmitElement);
    }

    /// <summary>The true complex amplitude gain of an echo between two antennas, for geometry and fading at one tick.</summary>
    /// <param name="echo">Index among the scene's echoes.</param>
    /// <param name="tick">The tick.</param>
    /// <param name="receiveElement">Antenna of the receiver.</param>
    /// <param name="transmitElement">Antenna of the transmitter.</param>
    public Complex EchoCoefficient(int echo, long tick, int receiveElement = 0, int transmitElement = 0) =>
        EchoPath(echo).CoefficientAt(tick, receiveElement, transmitElement);

    /// <summary>The true delay of an echo in samples, for a sample that is sent at a tick.</summary>
    public double EchoDelaySamples(int echo, long tick) => EchoPath(echo).GeometryAt(tick).DelaySamples;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (EmulatedRadio radio in Radios)
        {
            await radio.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Puts bursts on the air.</summary>
    internal void Add(IEnumerable<BurstOnAir> bursts)
    {
        lock (_lock)
        {
            Volatile.Write(ref _bursts, new BurstTimeline(_bursts.All.Concat(bursts)));
        }
    }

    /// <summary>Takes bursts off that were never sent.</summary>
    internal void Remove(IReadOnlyCollection<BurstOnAir> bursts)
    {
        if (bursts.Count > 0)
        {
            var gone = bursts.ToHashSet();
            lock (_lock)
            {
                Volatile.Write(ref _bursts, new BurstTimeline(_bursts.All.Where(b => !gone.Contains(b))));
            }
        }
    }

    /// <summary>Drops the bursts that no window can hear any more.</summary>
    internal void Forget() => Forget(Clock.Now);

    /// <summary>Drops the bursts that nobody can hear any more who listens from a tick on, nor any window.</summary>
    internal void Forget(long tick)
    {
        long horizon = Math.Min(tick, Radios.Min(r => r.PendingTick));
        BurstOnAir[] gone;
        lock (_lock)
        {
            gone = [.. _bursts.All.Where(b => !IsAudible(b, horizon))];
            if (gone.Length > 0)
            {
                Volatile.Write(ref _bursts, new BurstTimeline(_bursts.All.Where(b => IsAudible(b, horizon))));
            }
        }

        foreach (LayerOnAir layer in gone.SelectMany(burst => burst.Layers))
        {
            layer.Segment?.Recycle();
        }
    }

    /// <summary>Sets the common time. Radios that hold a schedule would lose their place.</summary>
    internal void SetTime(string radioId, long tick)
    {
        EmulatedRadio? holder = Radios.FirstOrDefault(r => r.PendingTick != long.MaxValue);
        if (holder is not null)
        {
            throw new RadioException(
                RadioFaultCode.Busy, radioId, $"the common clock cannot be set while radio {holder.Description.RadioId} holds a schedule; run or mute it first.");
        }

        lock (_lock)
        {
            Volatile.Write(ref _bursts, BurstTimeline.Empty);
            Clock.Set(tick);
        }
    }

    private PropagationPath EchoPath(int echo)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(echo);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(echo, Scene.Echoes.Count);
        return _paths[_linkCount + echo];
    }

    private bool IsAudible(BurstOnAir burst, long horizon)
    {
        // The error of a receiver's clock is at most 2000 ppm of its window, far less than the whole burst and path again.
        long span = burst.Burst.EndTick - burst.Burst.StartTick;
        return burst.EndTick + span + FractionalDelay.Taps + _paths.Where(p => p.TransmitterIndex == burst.Node)
            .Select(p => 2 * (long)Math.Ceiling(p.LongestDelay(burst.Burst.StartTick, burst.Burst.EndTick))).DefaultIfEmpty(0).Max() >= horizon;
    }
}
