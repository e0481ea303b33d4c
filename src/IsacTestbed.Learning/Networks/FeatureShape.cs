namespace IsacTestbed.Learning.Networks;

/// <summary>Shape of one sample or of what a layer makes of it, in memory order: the channels of a pixel lie side by side.</summary>
/// <param name="Height">Rows, such as range cells.</param>
/// <param name="Width">Columns, such as angle cells.</param>
/// <param name="Channels">Values per pixel.</param>
public readonly record struct FeatureShape(int Height, int Width, int Channels)
{
    /// <summary>Number of values.</summary>
    public int Size => Height * Width * Channels;

    /// <summary>A plain vector: 1 x 1 x <paramref name="length"/>.</summary>
    public static FeatureShape Vector(int length) => new(1, 1, length);

    /// <inheritdoc/>
    public override string ToString() => $"{Height}x{Width}x{Channels}";
}
