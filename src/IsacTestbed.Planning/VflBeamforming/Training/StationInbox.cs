namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>What the server has received from one base station for a batch.</summary>
internal sealed class StationInbox
{
    private readonly float[] _channels;
    private readonly float[] _beams;
    private readonly int _channelStride;
    private readonly int _beamStride;

    /// <summary>Room for batches of a size.</summary>
    public StationInbox(NetworkShape shape, int batchSize)
    {
        _channelStride = 2 * shape.Links * shape.Antennas;
        _beamStride = 2 * shape.BeamEntries;
        _channels = new float[batchSize * _channelStride];
        _beams = new float[batchSize * _beamStride];
        Slopes = new float[batchSize * _beamStride];
    }

    /// <summary>Derivatives of the loss, to be sent back.</summary>
    public float[] Slopes { get; }

    /// <summary>The links of a sample, as <see cref="StationSamples.Values"/> orders them.</summary>
    public Span<float> Channels(int position) => _channels.AsSpan(position * _channelStride, _channelStride);

    /// <summary>The beams of a sample: real parts, then imaginary parts.</summary>
    public Span<float> Beams(int position) => _beams.AsSpan(position * _beamStride, _beamStride);
}
