namespace IsacTestbed.Planning.OtaFeel.Localisation;

/// <summary>Descent of a sum of losses by damped Fisher scoring: to a local minimum.</summary>
internal static class LeastSquaresDescent
{
    private const int MaxSteps = 100;

    /// <summary>Descends from a place.</summary>
    /// <param name="losses">The losses that are added.</param>
    /// <param name="region">Places outside are not visited.</param>
    /// <param name="start">Where to begin.</param>
    public static (Location Place, double Loss) Run(IReadOnlyList<LocalisationLoss> losses, SearchRegion region, Location start)
    {
        Span<double> gradient = stackalloc double[3];
        Location place = start;
        double damping = 1e-3;
        double loss = Gradient(losses, place, gradient);
        for (int step = 0; step < MaxSteps; step++)
        {
            var information = new FisherInformation();
            foreach (LocalisationLoss part in losses)
            {
                part.AddInformation(place, information);
            }

            bool moved = false;
            double gained = 0;
            for (int attempt = 0; attempt < 12 && !moved; attempt++)
            {
                Location next = region.Clamp(ScoringStep.From(place, information, gradient, damping));
                double candidate = losses.Sum(part => part.At(next));
                moved = candidate < loss;
                if (moved)
                {
                    (gained, place) = (loss - candidate, next);
                    damping = Math.Max(1e-9, damping * 0.1);
                }
                else
                {
                    damping *= 10;
                }
            }

            // A step that gains this little of a log-likelihood moves the estimate by far less than its standard error.
            if (!moved || gained < 1e-9)
            {
                break;
            }

            loss = Gradient(losses, place, gradient);
        }

        return (place, loss);
    }

    /// <summary>The sum of the losses and of their gradients.</summary>
    private static double Gradient(IReadOnlyList<LocalisationLoss> losses, Location place, Span<double> gradient)
    {
        Span<double> part = stackalloc double[3];
        gradient.Clear();
        double loss = 0;
        foreach (LocalisationLoss local in losses)
        {
            loss += local.Gradient(place, part);
            for (int i = 0; i < 3; i++)
            {
                gradient[i] += part[i];
            }
        }

        return loss;
    }
}
