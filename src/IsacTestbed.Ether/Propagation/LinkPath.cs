using System.Numerics;
using IsacTestbed.Core;

namespace IsacTestbed.Ether;

/// <summary>A direct link.</summary>
internal sealed class LinkPath : PropagationPath
{
    private readonly ulong _seed;
    private readonly uint _index;
    private readonly Fading _fading;
    private readonly PathGeometry _geometry;

    public LinkPath(AirScene scene, int index)
        : base(scene, scene.Links[index].Transmitter, scene.Links[index].Receiver)
    {
        DirectLink link = scene.Links[index];
        _seed = scene.Seed;
        _index = (uint)index;
        _fading = link.Fading;
        Position way = Receiver.Position - Transmitter.Position;
        _geometry = new PathGeometry(
            link.DelaySamples ?? (way.Length / AirScene.SpeedOfLight * scene.SampleRateHz),
            DopplerHz: 0,
            link.Gain.At(way.Length),
            Transmitter.Array.SineOf(way),
            Receiver.Array.SineOf(Transmitter.Position - Receiver.Position));
    }

    public override long BlockTicks => _fading.BlockTicks;

    public override bool IsStatic => true;

    public override PathGeometry GeometryAt(long transmitTick) => _geometry;

    public override Complex AntennaGain(in PathGeometry geometry, long block, int receiveElement, int transmitElement)
    {
        double scale = Math.Sqrt(_fading.MeanPower);
        switch (_fading.Kind)
        {
            case FadingKind.Rayleigh:
                return scale * Scattered(block, receiveElement, transmitElement);
            case FadingKind.Rician:
                double share = _fading.RicianFactor / (_fading.RicianFactor + 1);
                return scale * ((Math.Sqrt(share) * LineOfSight(geometry, receiveElement, transmitElement))
                    + (Math.Sqrt(1 - share) * Scattered(block, receiveElement, transmitElement)));
            case FadingKind.Exponential:
                return scale * Scattered(block, 0, 0) * LineOfSight(geometry, receiveElement, transmitElement);
            default:
                return scale * LineOfSight(geometry, receiveElement, transmitElement);
        }
    }

    /// <summary>A circular Gaussian of mean power one, one per block and pair of antennas.</summary>
    private Complex Scattered(long block, int receiveElement, int transmitElement)
    {
        uint part = ((uint)receiveElement << 12) | (uint)transmitElement;
        (double real, double imaginary) = new CounterRandom(_seed, RandomPurpose.LinkFading, _index, part).NormalPairAt((ulong)block);
        return new Complex(real, imaginary) * Math.Sqrt(0.5);
    }
}
