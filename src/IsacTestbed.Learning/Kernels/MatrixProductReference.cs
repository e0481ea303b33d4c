namespace IsacTestbed.Learning.Kernels;

/// <summary>The matrix product as its definition says; what <see cref="MatrixProduct"/> must equal to the last bit.</summary>
internal static class MatrixProductReference
{
    /// <inheritdoc cref="MatrixProduct.Multiply"/>
    public static void Multiply(
        int rows,
        int columns,
        int inner,
        ReadOnlySpan<float> a,
        bool transposeA,
        ReadOnlySpan<float> b,
        bool transposeB,
        ReadOnlySpan<float> bias,
        Span<float> c)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float sum = bias.IsEmpty ? 0 : bias[j];
                for (int p = 0; p < inner; p++)
                {
                    float left = transposeA ? a[(p * rows) + i] : a[(i * inner) + p];
                    float right = transposeB ? b[(j * inner) + p] : b[(p * columns) + j];
                    sum = MathF.FusedMultiplyAdd(left, right, sum);
                }

                c[(i * columns) + j] = sum;
            }
        }
    }
}
