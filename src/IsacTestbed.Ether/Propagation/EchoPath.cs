using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>An echo from a target.</summary>
internal sealed class EchoPath : PropagationPath
{
    private readonly AirScene _scene;
    private readonly AirTarget _target;
    private readonly AirNode? _owner;
    private readonly EchoGain _gain;
    private readonly Fading _fading;
    private readonly CounterRandom _random;
    private readonly PathGeometry _geometryAtRest;

    public EchoPath(AirScene scene, int index)
        : base(scene, scene.Echoes[index].Transmitter, scene.Echoes[index].Receiver)
    {
        Echo echo = scene.Echoes[index];
        _scene = scene;
        _target = scene.Targets.First(t => t.Id == echo.Target);
        _owner = _target is AirTarget.Dwelling dwelling ? scene.Nodes.First(n => n.Id == dwelling.Owner) : null;
        _gain = echo.Gain;
        _fading = echo.Fading;
        _random = new CounterRandom(scene.Seed, RandomPurpose.EchoFading, (uint)index);
        IsStatic = _target is AirTarget.Moving moving && moving.VelocityMetersPerSecond == default;
        _geometryAtRest = IsStatic ? Locate(0) : default;
    }

    public override long BlockTicks => _fading.BlockTicks;

    public override bool IsStatic { get; }

    public override PathGeometry GeometryAt(long transmitTick) => IsStatic ? _geometryAtRest : Locate(transmitTick);

    public override double LongestDelay(long firstTick, long endTick)
    {
        if (_target is AirTarget.Dwelling dwelling)
        {
            double detour = _owner!.Position.DistanceTo(Transmitter.Position) + _owner.Position.DistanceTo(Receiver.Position);
            return (detour + (2 * dwelling.RangeMeters)) / AirScene.SpeedOfLight * _scene.SampleRateHz;
        }

        // The distance from a point on a straight line is convex in time.
        return Math.Max(GeometryAt(firstTick).DelaySamples, GeometryAt(endTick).DelaySamples);
    }

    public override Complex AntennaGain(in PathGeometry geometry, long block, int receiveElement, int transmitElement)
    {
        Complex response = LineOfSight(geometry, receiveElement, transmitElement);
        if (_fading.Kind == FadingKind.None)
        {
            return Math.Sqrt(_fading.MeanPower) * response;
        }

        (double real, double imaginary) = _random.NormalPairAt((ulong)block);
        return Math.Sqrt(_fading.MeanPower / 2) * new Complex(real, imaginary) * response;
    }

    private PathGeometry Locate(long tick)
    {
        (Position position, Position velocity) = TargetAt(tick);
        Position forth = position - Transmitter.Position, back = position - Receiver.Position;
        double forthMeters = forth.Length, backMeters = back.Length;
        double wavelength = AirScene.SpeedOfLight / _scene.CarrierFrequencyHz;
        double rate = RangeRate(forth, forthMeters, velocity) + RangeRate(back, backMeters, velocity);

        // Within a wavelength of an antenna the far-field laws would diverge; the target is held at that distance.
        double gain = _gain.At(Math.Max(forthMeters, wavelength), Math.Max(backMeters, wavelength), wavelength);
        return new PathGeometry(
            (forthMeters + backMeters) / AirScene.SpeedOfLight * _scene.SampleRateHz,
            -rate / wavelength,
            gain,
            Transmitter.Array.SineOf(forth),
            Receiver.Array.SineOf(back));
    }

    private (Position Position, Position Velocity) TargetAt(long tick)
    {
        if (_target is AirTarget.Dwelling dwelling)
        {
            double sine = dwelling.Dwell.SineAt(tick / dwelling.DwellTicks);
            return (_owner!.Position + _owner.Array.Displacement(dwelling.RangeMeters, sine), default);
        }

        var moving = (AirTarget.Moving)_target;
        return (moving.Position + (tick / _scene.SampleRateHz * moving.VelocityMetersPerSecond), moving.VelocityMetersPerSecond);
    }

    private static double RangeRate(Position way, double length, Position velocity) => length == 0 ? 0 : way.Dot(velocity) / length;
}
