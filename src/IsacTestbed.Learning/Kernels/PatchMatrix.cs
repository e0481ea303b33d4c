namespace IsacTestbed.Learning.Kernels;

/// <summary>
/// The patches under a kernel window that moves over an image by single steps, one patch per row (im2col), and its adjoint.
/// Images are height x width x channels; a patch has the same order, so that each of its rows is one copy.
/// </summary>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Columns of the image.</param>
/// <param name="Channels">Values per pixel.</param>
/// <param name="KernelHeight">Rows of the window.</param>
/// <param name="KernelWidth">Columns of the window.</param>
/// <param name="PaddingHeight">Rows of zeros above and below the image.</param>
/// <param name="PaddingWidth">Columns of zeros on either side.</param>
internal readonly record struct PatchMatrix(
    int Height, int Width, int Channels, int KernelHeight, int KernelWidth, int PaddingHeight, int PaddingWidth)
{
    /// <summary>Window positions from top to bottom.</summary>
    public int OutputHeight => Height + (2 * PaddingHeight) - KernelHeight + 1;

    /// <summary>Window positions from left to right.</summary>
    public int OutputWidth => Width + (2 * PaddingWidth) - KernelWidth + 1;

    /// <summary>Rows of the matrix for one image.</summary>
    public int PatchesPerImage => OutputHeight * OutputWidth;

    /// <summary>Columns of the matrix.</summary>
    public int PatchLength => KernelHeight * KernelWidth * Channels;

    private int ImageLength => Height * Width * Channels;

    /// <summary>Writes the patches of a batch of images.</summary>
    /// <param name="images">batch x Height x Width x Channels.</param>
    /// <param name="patches">batch x OutputHeight x OutputWidth rows of PatchLength.</param>
    public void Gather(int batch, ReadOnlySpan<float> images, Span<float> patches)
    {
        int rowLength = KernelWidth * Channels;
        for (int n = 0; n < batch; n++)
        {
            ReadOnlySpan<float> image = images.Slice(n * ImageLength, ImageLength);
            for (int y = 0; y < OutputHeight; y++)
            {
                for (int x = 0; x < OutputWidth; x++)
                {
                    (int skip, int take) = Clip(x);
                    for (int ky = 0; ky < KernelHeight; ky++)
                    {
                        Span<float> row = patches[..rowLength];
                        patches = patches[rowLength..];
                        int source = y + ky - PaddingHeight;
                        if ((uint)source >= (uint)Height)
                        {
                            row.Clear();
                            continue;
                        }

                        row[..skip].Clear();
                        image.Slice(Offset(source, x) + skip, take).CopyTo(row[skip..]);
                        row[(skip + take)..].Clear();
                    }
                }
            }
        }
    }

    /// <summary>Adds every patch back to where it was gathered from; what lay in the padding is dropped.</summary>
    /// <param name="patches">batch x OutputHeight x OutputWidth rows of PatchLength.</param>
    /// <param name="images">Overwritten: batch x Height x Width x Channels.</param>
    public void Scatter(int batch, ReadOnlySpan<float> patches, Span<float> images)
    {
        images.Clear();
        int rowLength = KernelWidth * Channels;
        for (int n = 0; n < batch; n++)
        {
            Span<float> image = images.Slice(n * ImageLength, ImageLength);
            for (int y = 0; y < OutputHeight; y++)
            {
                for (int x = 0; x < OutputWidth; x++)
                {
                    (int skip, int take) = Clip(x);
                    for (int ky = 0; ky < KernelHeight; ky++)
                    {
                        int target = y + ky - PaddingHeight;
                        if ((uint)target < (uint)Height)
                        {
                            ElementwiseKernels.AddScaled(1, patches.Slice(skip, take), image.Slice(Offset(target, x) + skip, take));
                        }

                        patches = patches[rowLength..];
                    }
                }
            }
        }
    }

    // Where the window's row at column x would start in the image; negative in the left padding.
    private int Offset(int y, int x) => ((y * Width) + x - PaddingWidth) * Channels;

    private (int Skip, int Take) Clip(int x)
    {
        int first = x - PaddingWidth;
        int skip = Math.Max(0, -first);
        int end = Math.Min(KernelWidth, Width - first);
        return (skip * Channels, Math.Max(0, end - skip) * Channels);
    }
}
