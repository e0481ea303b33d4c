namespace IsacTestbed.Planning.VflBeamforming.Training;

/// <summary>The channel samples that one base station has collected: its own links and nothing else.</summary>
/// <remarks>Single precision in storage. Reading is thread safe.</remarks>
internal sealed class StationSamples
{
    private readonly float[] _values;
    private readonly int _stride;

    /// <summary>Room for samples.</summary>
    public StationSamples(NetworkShape shape, int count)
    {
        Shape = shape;
        Count = count;
        _stride = 2 * shape.Links * shape.Antennas;
        _values = new float[(long)count * _stride];
    }

    /// <summary>The network.</summary>
    public NetworkShape Shape { get; }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Stores a sample.</summary>
    public void Store(int sample, StationLinks links)
    {
        Span<float> values = _values.AsSpan((int)((long)sample * _stride), _stride);
        int half = _stride / 2;
        for (int i = 0; i < half; i++)
        {
            values[i] = (float)links.Re[i];
            values[half + i] = (float)links.Im[i];
        }
    }

    /// <summary>One sample: all real parts, then all imaginary parts, link by link.</summary>
    public ReadOnlySpan<float> Values(int sample) => _values.AsSpan((int)((long)sample * _stride), _stride);

    /// <summary>Takes a sample apart.</summary>
    public static void Load(ReadOnlySpan<float> values, StationLinks links)
    {
        int half = values.Length / 2;
        for (int i = 0; i < half; i++)
        {
            links.Re[i] = values[i];
            links.Im[i] = values[half + i];
        }
    }
}
