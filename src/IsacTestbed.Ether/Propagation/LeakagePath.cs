using System.Numerics;

namespace IsacTestbed.Ether;

/// <summary>Leakage of a node's transmit ports into its own receive ports.</summary>
internal sealed class LeakagePath(AirScene scene, AirNode node) : PropagationPath(scene, node.Id, node.Id)
{
    private readonly PathGeometry _geometry = new(node.Leakage.DelaySamples, 0, node.Leakage.PowerGain, 0, 0);

    public override long BlockTicks => long.MaxValue;

    public override bool IsStatic => true;

    public override PathGeometry GeometryAt(long transmitTick) => _geometry;

    public override Complex AntennaGain(in PathGeometry geometry, long block, int receiveElement, int transmitElement) =>
        receiveElement == transmitElement ? Complex.One : Complex.Zero;
}
