namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>One step of Fisher scoring.</summary>
internal static class ScoringStep
{
    /// <summary>v - (J + damping diag J)^-1 g, by Cholesky's method.</summary>
    /// <param name="place">v.</param>
    /// <param name="information">J.</param>
    /// <param name="gradient">g, the gradient of the loss.</param>
    /// <param name="damping">Above zero where J may be singular.</param>
    /// <param name="stride">Share of the step that is taken.</param>
    public static Location From(
        Location place, FisherInformation information, ReadOnlySpan<double> gradient, double damping, double stride = 1)
    {
        Span<double> lower = stackalloc double[9], step = stackalloc double[3];
        double largest = Math.Max(information[0, 0], Math.Max(information[1, 1], information[2, 2]));
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = information[i, j];
                if (i == j)
                {
                    sum += (damping * sum) + (1e-12 * largest);
                }

                for (int k = 0; k < j; k++)
                {
                    sum -= lower[(3 * i) + k] * lower[(3 * j) + k];
                }

                lower[(3 * i) + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-14 * largest)) : sum / lower[(3 * j) + j];
            }
        }

        for (int i = 0; i < 3; i++)
        {
            double sum = gradient[i];
            for (int k = 0; k < i; k++)
            {
                sum -= lower[(3 * i) + k] * step[k];
            }

            step[i] = lower[(3 * i) + i] > 0 ? sum / lower[(3 * i) + i] : 0;
        }

        for (int i = 2; i >= 0; i--)
        {
            double sum = step[i];
            for (int k = i + 1; k < 3; k++)
            {
                sum -= lower[(3 * k) + i] * step[k];
            }

            step[i] = lower[(3 * i) + i] > 0 ? sum / lower[(3 * i) + i] : 0;
        }

        return new Location(place.X - (stride * step[0]), place.Y - (stride * step[1]), place.Z - (stride * step[2]));
    }
}
